/* confine.h - keys confined to accounts: for such a caller, all other accounts
 * and their tweets are as if they did not exist.
 *
 * app->key_accounts says which accounts the caller's key is confined to; it is
 * NULL for a key for all accounts and for commands of the tool. Whatever gives
 * a caller rows or counts asks here. A call that does not is closed to confined
 * keys, since its route lacks ROUTE_NARROWED. */
#ifndef APP_CONFINE_H
#define APP_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"

enum { CONFINE_MAX = 100 }; /* accounts a key can name */

struct confine {
	const int64_t *ids; /* ascending, each once */
	size_t count;
	const char *json; /* the same as an array, as it is stored */
};

/* The condition of a statement that COLUMN has one of these accounts; $N is
 * confine_json. Only for confined keys: with NULL it is never met. */
#define CONFINED(column, n) \
	" AND " column " IN (SELECT value FROM json_each($" #n "))"

/* The accounts IDS (ends with 0), in any order. */
const struct confine *confine_make(struct arena *a, const int64_t *ids);

/* Those of a stored text; NULL for NULL. A text that cannot be understood
 * confines to no account rather than to all. */
const struct confine *confine_read(struct arena *a, const char *text);

/* Whether the caller may know of the account. */
bool confine_sees(const struct app *app, int64_t account);

/* The caller's accounts as a JSON array; NULL: all. */
const char *confine_json(const struct app *app);

/* The accounts that a call about ACCOUNT (0: all) is about for this caller:
 * one, several or none. A 0 among them stands for all accounts. */
struct confine confine_of(const struct app *app, int64_t account);

/* ERR_TWEET_NOT_FOUND if the caller's key is confined and the tweet is not of
 * its accounts, or does not exist. */
enum err confine_tweet(struct app *app, int64_t tweet) MUST_CHECK;

#endif
