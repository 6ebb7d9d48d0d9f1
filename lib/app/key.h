/* key.h - the API keys that people make: each for what it may be used for. */
#ifndef APP_KEY_H
#define APP_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { KEY_NAME_MAX = 100, KEY_PAGE = 50 };

/* What is to be stored; in a change, what is NULL or not `new_…` stays. */
struct key_changes {
	const char *name;
	const char *const *scopes; /* of scope_names; ends with NULL */
	bool new_expiry;
	int64_t expires_at; /* 0: never */
};

/* Makes a key; what it gives has the key itself, which is stored nowhere. */
enum err key_create(struct app *app, const struct key_changes *new, cJSON **out)
    MUST_CHECK;

/* The keys with ids below BEFORE (0: all), newest first, at most LIMIT:
 * {keys,total,next_cursor}. */
enum err key_list(struct app *app, int64_t before, int64_t limit, cJSON **out)
    MUST_CHECK;

/* One key. ERR_KEY_NOT_FOUND. */
enum err key_get(struct app *app, int64_t id, cJSON **out) MUST_CHECK;

/* Changes a key, and gives it. ERR_KEY_NOT_FOUND; ERR_LAST_ADMIN_KEY if no key
 * that lasts would have all rights. */
enum err key_change(struct app *app, int64_t id,
    const struct key_changes *changes, cJSON **out) MUST_CHECK;

/* Ends a key for good; its row stays. The same errors. */
enum err key_revoke(struct app *app, int64_t id) MUST_CHECK;

#endif
