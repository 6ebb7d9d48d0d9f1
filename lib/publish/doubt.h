/* doubt.h - refusals that may be about a tweet or about its account: how many
 * in a row mean the account, and how long it rests then. */
#ifndef PUBLISH_DOUBT_H
#define PUBLISH_DOUBT_H

#include "publish/lane.h"

/* From so many refusals in a row on, the account rests. */
enum { DOUBT_RESTING = 5 };

/* Seconds that an account rests after REFUSALS in a row: an hour, then twice as
 * long each time, up to a day. */
int64_t doubt_seconds(int64_t refusals);

/* Stores how many refusals in a row the lane's account has had. */
enum err doubt_count(struct app *app, struct lane *lane, int64_t refusals)
    MUST_CHECK;

/* Makes the last tweets that X refused in a row, at most MOST, pending again,
 * to be sent in SECONDS, and no longer counts them as failed. */
enum err doubt_take_back(struct app *app, struct lane *lane, int64_t most,
    int64_t seconds) MUST_CHECK;

#endif
