/* backoff.h - how long an account, or the whole app, waits to call X again. */
#ifndef PUBLISH_BACKOFF_H
#define PUBLISH_BACKOFF_H

#include <stdint.h>

#include "app/app.h"

enum { BACKOFF_APP_SECONDS = 3600 };

/* Seconds to wait after COUNT earlier failures in a row: exponential, at most
 * an hour, of which up to a half is left out by chance, so that accounts do not
 * all come back at once. Never less than AT_LEAST. */
int64_t backoff_seconds(int64_t count, int64_t at_least);

/* Makes the account wait for SECONDS after a failure, which is counted. */
enum err backoff_account(
    struct app *app, int64_t account, enum err why, int64_t seconds) MUST_CHECK;

/* Makes the account wait until its rate limit resets, which is no failure. */
enum err backoff_until_open(struct app *app, int64_t account, int64_t seconds)
    MUST_CHECK;

/* Ends the account's wait and forgets its failures. */
enum err backoff_clear(struct app *app, int64_t account) MUST_CHECK;

/* Makes every account wait for SECONDS: X does not serve the app itself. */
enum err backoff_app(struct app *app, enum err why, int64_t seconds) MUST_CHECK;

/* Why every account must wait, and for how many seconds; OK: none must. */
enum err backoff_of_app(struct app *app, enum err *why, int64_t *seconds)
    MUST_CHECK;

/* Why everything waited last, and until when, be it over or not; OK if nothing
 * is known of it. */
enum err backoff_app_last(struct app *app, enum err *why, int64_t *until)
    MUST_CHECK;

/* Ends all waits at a person's request, except for rate limits and for accounts
 * whose tweets X refuses. */
enum err backoff_lift(struct app *app) MUST_CHECK;

#endif
