/* account.h - X accounts: list, show, delete. */
#ifndef APP_ACCOUNT_H
#define APP_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* The statuses an account can have; ends with NULL. */
extern const char *const account_statuses[];

/* An account's status as one of those: a missing one means active (the column's
 * default), an unknown one inactive. */
#define ACCOUNT_KNOWN_STATUS                                    \
	"CASE WHEN status IN ('active', 'suspended', 'failed')" \
	" THEN status WHEN status IS NULL THEN 'active' ELSE 'inactive' END"

/* The members that all replies about an account share, from a row of id,
 * username, status, created_at, mock. */
cJSON *account_brief(struct db_query *q);

/* One account; ERR_ACCOUNT_NOT_FOUND. */
enum err account_get(struct app *app, int64_t id, cJSON **out) MUST_CHECK;

/* Makes an account active or inactive (STATUS is one of the two). An account
 * that X has locked or suspended may be made active; one that failed must be
 * linked again: ERR_NEEDS_REAUTH. ERR_ACCOUNT_NOT_FOUND. */
enum err account_set_status(struct app *app, int64_t id, const char *status)
    MUST_CHECK;

/* Deletes an account with its tweets. ERR_ACCOUNT_NOT_FOUND; ERR_ACCOUNT_BUSY
 * while something is being sent for it. */
enum err account_delete(struct app *app, int64_t id, int64_t *deleted_tweets)
    MUST_CHECK;

/* Which accounts to delete. */
struct account_cleaning {
	const char *const *statuses; /* ends with NULL */
	bool locked;                 /* also those that X has locked */
	bool dry_run;                /* only report which */
};

/* Deletes accounts and their tweets, except busy accounts and, in mock mode,
 * real ones: {deleted_accounts:[…],deleted_tweets_total,skipped}. */
enum err account_cleanup(struct app *app, const struct account_cleaning *how,
    cJSON **out) MUST_CHECK;

/* The number of all accounts and of the active ones. */
enum err account_count(struct app *app, int64_t *total, int64_t *active)
    MUST_CHECK;

#endif
