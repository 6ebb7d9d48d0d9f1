/* kv.h - single values that outlive a request, by name. */
#ifndef STORE_KV_H
#define STORE_KV_H

#include "base/err.h"
#include "store/db.h"

/* The value, owned by the database's arena; NULL when there is none. */
enum err kv_find(struct db *db, const char *name, const char **value)
    MUST_CHECK;

/* Stores the value in place of the one before; NULL removes it. */
enum err kv_set(struct db *db, const char *name, const char *value) MUST_CHECK;

#endif
