/*
 * db_open.c - opens the SQLite database; creates and migrates it as needed.
 *
 * It uses WAL, so that readers and a writer do not wait for each other; no
 * checkpoint on close, since nearly every request is the last to close; and a
 * rollback journal on network file systems, where WAL's shared memory does not
 * work.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/db.h"
#include "store/db_private.h"
#include "store/memory.h"
#include "store/schema.h"

enum { LOG_PAGES_MOST = 1000 };

/* Changing the journal mode needs exclusive access and fails at once while
 * other processes use the file; they want the same change, so trying again
 * helps. */
static enum err set_wal(struct db *db, const char *path)
{
	int64_t until = clock_mono_ms() + DB_BUSY_MS;
	enum err err = OK;

	if (file_on_network(path))
		return OK;
	do {
		err = db_script(db, "PRAGMA journal_mode = WAL");
		if (err == ERR_DATABASE_BUSY)
			sqlite3_sleep(5);
	} while (err == ERR_DATABASE_BUSY && clock_mono_ms() < until);
	return err;
}

static enum err migrate(struct db *db, const char *path)
{
	SCOPED(db_tx) tx = { 0 };
	int64_t version = 0;
	char script[64];

	TRY(set_wal(db, path));
	TRY(db_begin(&tx, db));
	TRY(db_version(db, &version)); /* others may have been faster */
	if (version < schema_version()) {
		TRY(schema_migrate(db, version));
		snprintf(script, sizeof(script), "PRAGMA user_version = %d",
		    (int)schema_version());
		TRY(db_script(db, script));
	}
	return db_commit(&tx);
}

static enum err prepare_file(struct db *db, const char *path)
{
	sqlite3 *handle = db->handle;
	int64_t version = 0;

	sqlite3_busy_timeout(handle, DB_BUSY_MS);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	TRY(db_version(db, &version));
	if (version > schema_version() || version < 0)
		return FAULT(db->fault, ERR_DATABASE_NEWER,
		    "the database has version %d, this program supports"
		    " %d",
		    (int)version, (int)schema_version());
	if (version < schema_version())
		TRY(migrate(db, path));
	return OK;
}

/* Turns off what a process of one request does not need: locks, statistics and
 * a page cache of which it would use half. Saves a tenth of a request's cost,
 * and our own memory another tenth. SQLite refuses this, without harm, once it
 * is running. */
static void configure_sqlite(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	if (ARENA_CHUNK) /* in debug builds ASan shall see each block */
		sqlite3_config(SQLITE_CONFIG_MALLOC, &memory_methods);
}

/* SQLite would create the file with its own choice of mode. Its log and shared
 * memory get the mode of the file. */
static bool make_file(struct arena *a, const char *path)
{
	int fd = -1;

	if (!file_make_folder(a, file_folder(a, path)))
		return false;
	fd = file_open(path, O_RDWR, NULL);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int on_commit(void *data, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = data;

	db->log_pages = pages;
	if (pages >= LOG_PAGES_MOST) /* a process that writes much */
		sqlite3_wal_checkpoint(handle, name);
	return SQLITE_OK;
}

enum err db_open(
    struct db *db, const char *path, struct arena *a, struct fault *f)
{
	sqlite3 *handle = NULL;
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
			  SQLITE_OPEN_PRIVATECACHE;

	configure_sqlite();
	*db = (struct db){ .arena = a, .fault = f };

	/* first, since SQLite opens a file that appears just then read-only */
	if (access(path, F_OK) != 0 && !make_file(a, path))
		return FAULT(f, errno == ENOSPC ? ERR_DISK_FULL : ERR_DATABASE,
		    "cannot create %s: %s", path, strerror(errno));

	int rc = sqlite3_open_v2(path, &handle, flags, NULL);

	db->handle = handle;
	if (rc != SQLITE_OK)
		return FAULT(f, ERR_DATABASE, "cannot open %s: %s", path,
		    sqlite3_errstr(rc));
	sqlite3_extended_result_codes(handle, 1);
	sqlite3_wal_hook(handle, on_commit, db);
	return prepare_file(db, path);
}
