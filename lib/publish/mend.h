/* mend.h - a person's word on tweets that failed or that nobody knows of. */
#ifndef PUBLISH_MEND_H
#define PUBLISH_MEND_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

/* Puts failed tweets that may succeed now back to pending: of ACCOUNT (0: all),
 * with CODE (NULL: any that is worth it). Ends waiting but for rate limits. */
enum err mend_retry(struct app *app, int64_t account, const char *code,
    int64_t *retried) MUST_CHECK;

/* The same for one tweet. ERR_TWEET_NOT_FOUND; ERR_NOT_FAILED; and, where that
 * cannot help, ERR_OUTCOME_UNKNOWN or ERR_FAILED_FOR_GOOD. */
enum err mend_retry_one(struct app *app, int64_t tweet) MUST_CHECK;

/* Ends the doubt over a tweet: X has it as TWITTER_ID, or (NULL) has it not and
 * it is pending again. ERR_TWEET_NOT_FOUND; ERR_ALREADY_POSTED;
 * ERR_BEING_POSTED; ERR_NOT_UNKNOWN where there is no doubt. */
enum err mend_resolve(struct app *app, int64_t tweet, const char *twitter_id)
    MUST_CHECK;

#endif
