/* db_private.h - what the files of this room share about a connection. */
#ifndef STORE_DB_PRIVATE_H
#define STORE_DB_PRIVATE_H

#include <stdbool.h>

#include "store/db.h"

/* How long a writer waits for another one. */
enum { DB_BUSY_MS = 10000 };

/* Waits until it is this process's turn to write; false if that is not within
 * DB_BUSY_MS. True at once where turns cannot be taken (db_turn_works). */
bool db_turn_take(struct db *db) MUST_CHECK;
void db_turn_give(struct db *db);

/* Closes what db_turn_take opened. */
void db_turn_end(struct db *db);

#endif
