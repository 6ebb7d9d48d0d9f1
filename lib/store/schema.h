/* schema.h - the tables, and the migrations that create them. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stdint.h>

#include "base/err.h"
#include "store/db.h"

/* The version that this program creates and needs. */
int64_t schema_version(void);

/* Migrates a database from version FROM to this program's, inside the caller's
 * transaction. */
enum err schema_migrate(struct db *db, int64_t from) MUST_CHECK;

#endif
