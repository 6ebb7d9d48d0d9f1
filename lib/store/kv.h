/* kv.h - named values that outlive a request. */
#ifndef STORE_KV_H
#define STORE_KV_H

#include "base/err.h"
#include "store/db.h"

/* Gives the value, owned by the database's arena; NULL if there is none. */
enum err kv_find(struct db *db, const char *name, const char **value)
    MUST_CHECK;

/* Replaces the value; NULL deletes it. */
enum err kv_set(struct db *db, const char *name, const char *value) MUST_CHECK;

#endif
