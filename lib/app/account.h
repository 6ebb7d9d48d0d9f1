/* account.h - X accounts: how they are listed, shown and deleted. */
#ifndef APP_ACCOUNT_H
#define APP_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* The statuses an account can have; ends with NULL. */
extern const char *const account_statuses[];

/* An account's status as one of those: none is active, as the column's default
 * says, and one that nobody knows is not used, like an inactive one. */
#define ACCOUNT_KNOWN_STATUS                                    \
	"CASE WHEN status IN ('active', 'suspended', 'failed')" \
	" THEN status WHEN status IS NULL THEN 'active' ELSE 'inactive' END"

/* The members that every reply on an account has, from a row of id, username,
 * status, created_at, mock. */
cJSON *account_brief(struct db_query *q);

/* One account; ERR_ACCOUNT_NOT_FOUND. */
enum err account_get(struct app *app, int64_t id, cJSON **out) MUST_CHECK;

/* Makes an account active or inactive (STATUS is one of the two). Active is for
 * one that X has locked or suspended, too: a person says that it is over. One
 * that has failed can only be linked again: ERR_NEEDS_REAUTH.
 * ERR_ACCOUNT_NOT_FOUND. */
enum err account_set_status(struct app *app, int64_t id, const char *status)
    MUST_CHECK;

/* Deletes an account with its tweets. ERR_ACCOUNT_NOT_FOUND; ERR_ACCOUNT_BUSY
 * while something is being sent for it. */
enum err account_delete(struct app *app, int64_t id, int64_t *deleted_tweets)
    MUST_CHECK;

/* Which accounts go. */
struct account_cleaning {
	const char *const *statuses; /* ends with NULL */
	bool locked;                 /* those that X has locked, too */
	bool dry_run;                /* only say which */
};

/* Deletes accounts with their tweets, but for busy ones, and in mock mode for
 * real ones: {deleted_accounts:[…],deleted_tweets_total,skipped}. */
enum err account_cleanup(struct app *app, const struct account_cleaning *how,
    cJSON **out) MUST_CHECK;

/* How many accounts there are with STATUS (NULL: any). */
enum err account_count(struct app *app, const char *status, int64_t *n)
    MUST_CHECK;

/* A time of the database's as JSON has it, null for NULL, as it is where it
 * cannot be understood. */
void account_add_time(cJSON *json, const char *name, const char *sql_time);

#endif
