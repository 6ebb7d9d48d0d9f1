/* retry.h - puts failed tweets back in the queue when a person asks. */
#ifndef PUBLISH_RETRY_H
#define PUBLISH_RETRY_H

#include <stdint.h>

#include "app/app.h"

/* Makes failed tweets pending that may succeed now: those of ACCOUNT (0: all)
 * with CODE (NULL: any that can be retried). Ends waits except for rate limits
 * and for accounts whose tweets X refuses. */
enum err retry_failed(struct app *app, int64_t account, const char *code,
    int64_t *retried) MUST_CHECK;

/* The same for one tweet. ERR_TWEET_NOT_FOUND; ERR_NOT_FAILED; and, if a retry
 * cannot help, ERR_OUTCOME_UNKNOWN or ERR_FAILED_FOR_GOOD. */
enum err retry_tweet(struct app *app, int64_t tweet) MUST_CHECK;

#endif
