/* db.h - one connection to the database, its statements and transactions.
 *
 * SQL is written where its rows are used, as one literal with $1, $2, …
 * for what is bound. What goes wrong is noted in the connection's fault. */
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
	int log_pages; /* of the log after the last commit here */
};

struct db_query {
	struct db *db;
	void *statement;
};

struct db_tx {
	struct db *db; /* NULL: none is open */
	bool part;     /* of a transaction that was open already */
};

/* Opens the database file, made with its folder if it is missing, and brings
 * its tables to this program's version. ERR_DATABASE_NEWER if it is beyond
 * that; ERR_DATABASE…, ERR_DISK_FULL for what the file system says. */
enum err db_open(struct db *db, const char *path, struct arena *a,
    struct fault *f) MUST_CHECK;
void db_end(struct db *db);

/* What a look at the file shows. */
struct db_look {
	int64_t version; /* of the schema, see schema.h */
	bool wal;        /* it has a log, else a rollback journal */
	bool network;    /* it lies on a network file system */
};

/* Opens the file for reading alone, of whatever version it is. Nothing is
 * made, migrated or mended; where even a look would do that, it is refused. */
enum err db_open_look(struct db *db, const char *path, struct db_look *look,
    struct arena *a, struct fault *f) MUST_CHECK;

/* Whether PATH lies on a network file system, where a log does not work. */
bool db_on_network(const char *path);

/* What a process that wrote owes the next ones: call it, or db_end, when the
 * answer is out. */
void db_tidy(struct db *db);

/* Prepares one statement given as a literal. */
#define db_prepare(q, db, sql) db_prepare_text((q), (db), "" sql)
enum err db_prepare_text(struct db_query *q, struct db *db, const char *sql)
    MUST_CHECK;
void db_query_end(struct db_query *q);

/* Bind $N. Text is not copied and must outlive the query; NULL binds NULL.
 * A place that the statement does not have is a bug. */
void db_bind_int(struct db_query *q, int n, int64_t value);
void db_bind_text(struct db_query *q, int n, const char *text);
void db_bind_null(struct db_query *q, int n);

/* Goes to the next row; *row is false when there is none left. */
enum err db_step(struct db_query *q, bool *row) MUST_CHECK;

/* Runs a statement to its end and makes it ready to be bound and run again.
 * *changed, if not NULL, is the number of rows it changed. */
enum err db_run(struct db_query *q, int64_t *changed) MUST_CHECK;

/* Makes a statement ready to be bound and run again. */
void db_reset(struct db_query *q);

/* The row's values, columns from 0. Text is copied into the arena; NULL for
 * NULL. A value of another type is converted as SQLite does; in text that
 * another program wrote, U+FFFD stands for what is no UTF-8, and for NUL. */
int64_t db_int(struct db_query *q, int column);
const char *db_text(struct db_query *q, int column);
bool db_null(struct db_query *q, int column);

/* The same without a copy: good until the next step. */
const char *db_peek(struct db_query *q, int column);

/* Whether that is the value's text as it is stored. */
bool db_readable(struct db_query *q, int column);

/* Begins a transaction that may write; waits here, and only here, for other
 * writers. Ended without db_commit, it is rolled back. Begun inside another it
 * is a part of that one: it can be rolled back alone, and is on disk when the
 * outer one is committed. */
enum err db_begin(struct db_tx *tx, struct db *db) MUST_CHECK;
enum err db_commit(struct db_tx *tx) MUST_CHECK;
void db_tx_end(struct db_tx *tx);

/* The id of the row that the last INSERT made. */
int64_t db_last_id(const struct db *db);

/* Moves the log's pages into the database and cuts the log, as far as readers
 * let it. Never waits. */
enum err db_checkpoint(struct db *db) MUST_CHECK;

/* Names what the database holds, whoever has written it: while the text is the
 * same, so are all rows. TEXT has DB_STATE bytes. False where that cannot be
 * told now. Who asks before reading rows gets rows no older than the name. */
enum { DB_STATE = 128 };
bool db_state(struct db *db, char *text) MUST_CHECK;

/* The version of the schema. */
enum err db_version(struct db *db, int64_t *version) MUST_CHECK;

/* Runs a script of several statements; for schema.c. */
enum err db_script(struct db *db, const char *sql) MUST_CHECK;

#endif
