/* db.h - one connection to the database, its statements and transactions.
 *
 * SQL is written where its rows are used, as one literal with $1, $2, … for
 * bound values. Failures are stored in the connection's fault. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

struct db {
	void *handle; /* the driver's connection; NULL: not open */
	struct arena *arena;
	struct fault *fault;
	int log_pages; /* pages in the log after our last commit */
	/* Statements that have ended, to be used again: a run asks the same
	 * ones for each tweet. */
	void *kept[32];
	size_t next_kept; /* the one that is replaced next */
	struct {
		bool asked; /* the rest is known */
		int fd;     /* of the file that a writer locks; -1: none */
	} turn;
};

struct db_query {
	struct db *db;
	void *statement;
};

struct db_tx {
	struct db *db; /* NULL: none is open */
	bool part;     /* it is part of an outer transaction */
};

/* Opens the database file and migrates it to this program's version; creates
 * the file and its folder if they are missing. ERR_DATABASE_NEWER if it has a
 * later version; ERR_DATABASE…, ERR_DISK_FULL for errors of the file system. */
enum err db_open(struct db *db, const char *path, struct arena *a,
    struct fault *f) MUST_CHECK;
void db_end(struct db *db);

/* What an inspection of the file shows. */
struct db_inspection {
	int64_t version; /* of the schema, see schema.h */
	bool wal;        /* it uses WAL, not a rollback journal */
	bool network;    /* it is on a network file system */
};

/* Opens a file of any version for reading only. Nothing is created, migrated or
 * repaired; fails if even reading would do that. */
enum err db_open_inspect(struct db *db, const char *path,
    struct db_inspection *out, struct arena *a, struct fault *f) MUST_CHECK;

/* Whether writers of the database at PATH wait in the order in which they came:
 * not on a network, nor where the file system has no locks for it. */
bool db_turn_works(struct arena *a, const char *path);

/* Cleans up after writing, for the processes to come: call it, or db_end, when
 * the reply is sent. */
void db_tidy(struct db *db);

/* Prepares one statement given as a literal, or put together from literals. */
#define db_prepare(q, db, sql) db_prepare_text((q), (db), "" sql)
enum err db_prepare_text(struct db_query *q, struct db *db, const char *sql)
    MUST_CHECK;
void db_query_end(struct db_query *q);

/* Bind $N. Text is not copied and must outlive the query; NULL binds NULL.
 * Binding a parameter that the statement does not have is a bug. */
void db_bind_int(struct db_query *q, int n, int64_t value);
void db_bind_text(struct db_query *q, int n, const char *text);
void db_bind_null(struct db_query *q, int n);

/* The same if the statement has $N; for one that is put together. */
void db_bind_int_if(struct db_query *q, int n, int64_t value);
void db_bind_text_if(struct db_query *q, int n, const char *text);

/* Goes to the next row; *row is false if there is none left. */
enum err db_step(struct db_query *q, bool *row) MUST_CHECK;

/* Runs a statement to its end and resets it, so it can be bound and run again.
 * *changed, if not NULL, is the number of rows it changed. */
enum err db_run(struct db_query *q, int64_t *changed) MUST_CHECK;

/* Resets a statement, so it can be bound and run again. */
void db_reset(struct db_query *q);

/* The values of the row; columns count from 0. Text is copied into the arena;
 * NULL for NULL. Values of other types are converted as SQLite does; invalid
 * UTF-8 and NUL in text from other programs become U+FFFD. */
int64_t db_int(struct db_query *q, int column);
const char *db_text(struct db_query *q, int column);
bool db_null(struct db_query *q, int column);

/* The same without a copy: valid until the next step. */
const char *db_peek(struct db_query *q, int column);

/* Whether db_text gives the text exactly as stored. */
bool db_readable(struct db_query *q, int column);

/* Begins a transaction that may write. Waits here, and only here, for other
 * writers. Without db_commit it is rolled back at its end. Inside another
 * transaction it becomes part of it: it can be rolled back alone, and is on
 * disk when the outer one is committed. */
enum err db_begin(struct db_tx *tx, struct db *db) MUST_CHECK;
enum err db_commit(struct db_tx *tx) MUST_CHECK;
void db_tx_end(struct db_tx *tx);

/* The id of the row that the last INSERT created. */
int64_t db_last_id(const struct db *db);

/* Copies the log's pages into the database and truncates the log, as far as
 * readers allow. Never waits. */
enum err db_checkpoint(struct db *db) MUST_CHECK;

/* Names the content of the database, whoever wrote it: as long as the text is
 * the same, so are all rows. TEXT has DB_STATE bytes. False if the state is not
 * known now. Rows read after this call are never older than the name. */
enum { DB_STATE = 128 };
bool db_state(struct db *db, char *text) MUST_CHECK;

/* The version of the schema. */
enum err db_version(struct db *db, int64_t *version) MUST_CHECK;

/* Runs a script of several statements; for schema.c. */
enum err db_script(struct db *db, const char *sql) MUST_CHECK;

#endif
