/* hold.h - waiting: for a rate limit, for credits, for X to come back. */
#ifndef PUBLISH_HOLD_H
#define PUBLISH_HOLD_H

#include <stdint.h>

#include "app/app.h"

enum { HOLD_APP_SECONDS = 3600 };

/* Seconds to wait after the COUNT-th trouble in a row (from 0): exponential
 * with full jitter, an hour at most; never less than AT_LEAST. */
int64_t hold_backoff(int64_t count, int64_t at_least);

/* Holds the account back for SECONDS after a trouble, and counts that one. */
enum err hold_account(
    struct app *app, int64_t account, enum err why, int64_t seconds) MUST_CHECK;

/* Holds the account back until its limit at X opens again: no trouble. */
enum err hold_until_open(struct app *app, int64_t account, int64_t seconds)
    MUST_CHECK;

/* Takes the account's hold and its count away. */
enum err hold_clear(struct app *app, int64_t account) MUST_CHECK;

/* Holds every account back for SECONDS: the app itself is in trouble. */
enum err hold_app(struct app *app, enum err why, int64_t seconds) MUST_CHECK;

/* Why everything is held back, and for how many seconds; OK when it is not. */
enum err hold_of_app(struct app *app, enum err *why, int64_t *seconds)
    MUST_CHECK;

/* Ends all waiting but for rate limits and accounts that X does not take tweets
 * of: a person says that it is over. */
enum err hold_lift(struct app *app) MUST_CHECK;

#endif
