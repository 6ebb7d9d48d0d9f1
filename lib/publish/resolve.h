/* resolve.h - ends the doubt about a tweet whose outcome is unknown. */
#ifndef PUBLISH_RESOLVE_H
#define PUBLISH_RESOLVE_H

#include <stdint.h>

#include "app/app.h"

/* Stores a person's answer: X has the tweet as TWITTER_ID, or (NULL) X does not
 * have it, and it is pending again. ERR_TWEET_NOT_FOUND; ERR_ALREADY_POSTED;
 * ERR_BEING_POSTED; ERR_NOT_UNKNOWN if there is no doubt about it. */
enum err resolve_tweet(struct app *app, int64_t tweet, const char *twitter_id)
    MUST_CHECK;

#endif
