/*
 * db_sqlite.c - the SQLite driver: statements, values and transactions.
 *
 * The first process to open the database reads the whole log and no longer
 * knows how much of it is already in the database. So such a log would never be
 * restarted: it would grow for ever, and every request with it. Therefore a
 * process that has made it longer than LOG_PAGES truncates it at its end.
 */
#include "store/db.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "store/db_private.h"

enum { LOG_PAGES = 64 };

static enum err map(int rc, int system_errno)
{
	switch (rc & 0xFF) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_DATABASE_BUSY;
	case SQLITE_FULL:
		return ERR_DISK_FULL;
	case SQLITE_IOERR:
		return system_errno == ENOSPC || system_errno == EDQUOT
			   ? ERR_DISK_FULL
			   : ERR_DATABASE;
	default:
		return ERR_DATABASE;
	}
}

static enum err sqlite_fault(struct db *db, const char *doing, int line)
{
	sqlite3 *handle = db->handle;
	int rc = sqlite3_extended_errcode(handle);
	enum err err = map(rc, sqlite3_system_errno(handle));
	const char *words = err == ERR_DISK_FULL ? "the disk is full"
			    : err == ERR_DATABASE_BUSY
				? "the database is locked"
				: sqlite3_errmsg(handle);

	return fault_set(db->fault, err, __FILE__, line,
	    "the database cannot %s: %s (%d)", doing, words, rc);
}

#define SQLITE_FAULT(db, doing) sqlite_fault((db), (doing), __LINE__)

/* Takes the statement out of the kept ones; NULL: it is not there. */
static sqlite3_stmt *take_kept(struct db *db, const char *sql)
{
	for (size_t i = 0; i < COUNT(db->kept); i++) {
		sqlite3_stmt *statement = db->kept[i];

		if (!statement || strcmp(sqlite3_sql(statement), sql) != 0)
			continue;
		db->kept[i] = NULL;
		return statement;
	}
	return NULL;
}

enum err db_prepare_text(struct db_query *q, struct db *db, const char *sql)
{
	sqlite3_stmt *statement = take_kept(db, sql);

	q->db = db;
	if (!statement && sqlite3_prepare_v2(db->handle, sql, -1, &statement,
			      NULL) != SQLITE_OK)
		return SQLITE_FAULT(db, "be asked");
	q->statement = statement;
	return OK;
}

void db_query_end(struct db_query *q)
{
	void **kept;

	if (!q->statement)
		return;
	db_reset(q);
	kept = &q->db->kept[q->db->next_kept++ % COUNT(q->db->kept)];
	sqlite3_finalize(*kept);
	*kept = q->statement;
	q->statement = NULL;
}

/* SQLite takes "$1" as a name, numbered by first appearance. */
/* 0 if there is none. */
static int find_param(struct db_query *q, int n)
{
	char name[16];

	snprintf(name, sizeof(name), "$%d", n);
	return sqlite3_bind_parameter_index(q->statement, name);
}

static int param_index(struct db_query *q, int n)
{
	int index = find_param(q, n);

	assert(index > 0);
	return index;
}

static void bind_int(struct db_query *q, int index, int64_t value)
{
	sqlite3_bind_int64(q->statement, index, value);
}

static void bind_text(struct db_query *q, int index, const char *text)
{
	sqlite3_bind_text64(q->statement, index, text, text ? strlen(text) : 0,
	    SQLITE_STATIC, SQLITE_UTF8);
}

void db_bind_int(struct db_query *q, int n, int64_t value)
{
	bind_int(q, param_index(q, n), value);
}

void db_bind_text(struct db_query *q, int n, const char *text)
{
	bind_text(q, param_index(q, n), text);
}

void db_bind_int_if(struct db_query *q, int n, int64_t value)
{
	int index = find_param(q, n);

	if (index)
		bind_int(q, index, value);
}

void db_bind_text_if(struct db_query *q, int n, const char *text)
{
	int index = find_param(q, n);

	if (index)
		bind_text(q, index, text);
}

void db_bind_null(struct db_query *q, int n)
{
	sqlite3_bind_null(q->statement, param_index(q, n));
}

enum err db_step(struct db_query *q, bool *row)
{
	int rc = sqlite3_step(q->statement);

	*row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return OK;

	enum err err = SQLITE_FAULT(q->db, "do that");

	sqlite3_reset(q->statement);
	return err;
}

enum err db_run(struct db_query *q, int64_t *changed)
{
	bool row = true;

	while (row)
		TRY(db_step(q, &row));
	if (changed)
		*changed = sqlite3_changes64(q->db->handle);
	db_reset(q);
	return OK;
}

void db_reset(struct db_query *q)
{
	sqlite3_reset(q->statement);
	sqlite3_clear_bindings(q->statement);
}

int64_t db_int(struct db_query *q, int column)
{
	return sqlite3_column_int64(q->statement, column);
}

/* Whether the text read just before is complete and valid. */
static size_t column_bytes(struct db_query *q, int column)
{
	return (size_t)sqlite3_column_bytes(q->statement, column);
}

const char *db_peek(struct db_query *q, int column)
{
	const char *text =
	    (const char *)sqlite3_column_text(q->statement, column);

	return text ? utf8_shown(q->db->arena, text, column_bytes(q, column))
		    : NULL;
}

bool db_readable(struct db_query *q, int column)
{
	const char *text =
	    (const char *)sqlite3_column_text(q->statement, column);
	size_t n = column_bytes(q, column);

	return text && strlen(text) == n && utf8_valid(text, n);
}

const char *db_text(struct db_query *q, int column)
{
	return arena_text(q->db->arena, db_peek(q, column));
}

bool db_null(struct db_query *q, int column)
{
	return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

int64_t db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

enum err db_script(struct db *db, const char *sql)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return SQLITE_FAULT(db, "do that");
	return OK;
}

enum err db_begin(struct db_tx *tx, struct db *db)
{
	tx->part = !sqlite3_get_autocommit(db->handle);
	if (!tx->part && !db_turn_take(db))
		return FAULT(db->fault, ERR_DATABASE_BUSY,
		    "others write to the database, and this one's turn did not"
		    " come");

	enum err err =
	    db_script(db, tx->part ? "SAVEPOINT part" : "BEGIN IMMEDIATE");

	if (err == OK)
		tx->db = db;
	else if (!tx->part)
		db_turn_give(db);
	return err;
}

enum err db_commit(struct db_tx *tx)
{
	struct db *db = tx->db;

	/* failed: still open, rolled back */
	TRY(db_script(db, tx->part ? "RELEASE part" : "COMMIT"));
	if (!tx->part)
		db_turn_give(db);
	tx->db = NULL;
	return OK;
}

void db_tx_end(struct db_tx *tx)
{
	if (!tx->db)
		return;
	/* after a full disk SQLite may have rolled back already */
	if (!sqlite3_get_autocommit(tx->db->handle))
		sqlite3_exec(tx->db->handle,
		    tx->part ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK",
		    NULL, NULL, NULL);
	if (!tx->part)
		db_turn_give(tx->db);
	tx->db = NULL;
}

/* Readers and writers have priority. */
static int cut_log(sqlite3 *handle)
{
	sqlite3_busy_timeout(handle, 0);

	int rc = sqlite3_wal_checkpoint_v2(
	    handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	sqlite3_busy_timeout(handle, DB_BUSY_MS);
	return rc;
}

enum err db_checkpoint(struct db *db)
{
	int rc = cut_log(db->handle);

	if (rc != SQLITE_OK && rc != SQLITE_BUSY && rc != SQLITE_LOCKED)
		return SQLITE_FAULT(db, "be tidied");
	return OK;
}

enum err db_version(struct db *db, int64_t *version)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, db, "PRAGMA user_version"));
	TRY(db_step(&q, &row));
	*version = row ? db_int(&q, 0) : 0;
	return OK;
}

void db_tidy(struct db *db)
{
	if (db->log_pages > LOG_PAGES)
		cut_log(db->handle); /* a failure is retried by the next */
	db->log_pages = 0;
}

void db_end(struct db *db)
{
	db_tidy(db);
	db_turn_end(db);
	for (size_t i = 0; i < COUNT(db->kept); i++)
		sqlite3_finalize(db->kept[i]);
	sqlite3_close(db->handle);
	db->handle = NULL;
}
