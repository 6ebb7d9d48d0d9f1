/*
 * db_inspect.c - inspects a database without changing anything, not even beside
 * it.
 *
 * A plain reader of a WAL database creates the log and its shared memory if
 * they are missing, as its own user, and so would lock out the users they are
 * for. So a database without a log file is read as immutable, and one with a
 * log without writing to the shared memory. SQLite run by root also changes the
 * log's owner; that is prevented here.
 */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

/* Whether the header of the file at PATH says that it uses WAL. */
static bool says_wal(const char *path)
{
	enum { VERSION = 18, LOGGED = 2 };
	unsigned char head[VERSION + 1] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, head, sizeof(head)) < (ssize_t)sizeof(head))
		head[VERSION] = 0;
	close(fd);
	return head[VERSION] == LOGGED;
}

/* The URI parameters with which SQLite must open the file; NULL if reading it
 * would change something. */
static const char *uri_parameters(
    struct arena *a, const char *path, bool logged)
{
	struct stat st;
	const char *shared = arena_printf(a, "%s-shm", path);

	if (!logged)
		return "mode=ro";
	if (stat(arena_printf(a, "%s-wal", path), &st) != 0 || !st.st_size)
		return "mode=ro&immutable=1";
	return access(shared, F_OK) == 0 ? "mode=ro&readonly_shm=1" : NULL;
}

/* PATH as a "file:" URI with the parameters HOW. */
static const char *uri(struct arena *a, const char *path, const char *how)
{
	struct buf out = buf_make(a, 64 * 1024);

	buf_text(&out, "file://");
	for (const char *p = path; *p; p++) {
		if (strchr("%?#", *p))
			buf_printf(&out, "%%%02X", (unsigned)*p);
		else
			buf_byte(&out, *p);
	}
	buf_printf(&out, "?%s", how);
	return buf_cstr(&out);
}

static int keep_owner(int fd, uid_t uid, gid_t gid)
{
	(void)fd;
	(void)uid;
	(void)gid;
	return 0;
}

static enum err inspect(struct db *db, struct db_inspection *out)
{
	sqlite3 *handle = db->handle;
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	sqlite3_extended_result_codes(handle, 1);
	sqlite3_busy_timeout(handle, 2000);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	/* the first query opens all files */
	vfs->xSetSystemCall(vfs, "fchown", (sqlite3_syscall_ptr)keep_owner);

	enum err err = db_version(db, &out->version);

	vfs->xSetSystemCall(vfs, "fchown", NULL);
	return err;
}

enum err db_open_inspect(struct db *db, const char *path,
    struct db_inspection *out, struct arena *a, struct fault *f)
{
	const int flags =
	    SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
	sqlite3 *handle = NULL;

	*db = (struct db){ .arena = a, .fault = f };
	*out = (struct db_inspection){ 0 };
	if (access(path, R_OK) != 0)
		return FAULT(f, ERR_DATABASE, "cannot read %s: %s", path,
		    strerror(errno));
	out->wal = says_wal(path);
	out->network = file_on_network(path);

	const char *how = uri_parameters(a, path, out->wal);

	if (!how) {
		enum err err = FAULT(f, ERR_DATABASE,
		    "%s has a log, but the file -shm beside it is missing",
		    path);

		f->hint = "The next request or tick creates it; check"
			  " again then.";
		return err;
	}

	int rc = sqlite3_open_v2(uri(a, path, how), &handle, flags, NULL);

	db->handle = handle;
	if (rc != SQLITE_OK)
		return FAULT(f, ERR_DATABASE, "cannot open %s: %s", path,
		    sqlite3_errstr(rc));
	return inspect(db, out);
}
