/* doubt.h - refusals of which nobody knows whether they are about a tweet or
 * about its account; what they add up to, and how long the account rests. */
#ifndef PUBLISH_DOUBT_H
#define PUBLISH_DOUBT_H

#include "publish/run.h"

/* Below it an account's refusals are counted, from it on its rests. */
enum { DOUBT_RESTING = 5 };

/* Seconds that an account rests with REFUSALS: an hour, and twice as long each
 * time, up to a day. */
int64_t doubt_seconds(int64_t refusals);

/* Counts the refusals of the lane's account. */
enum err doubt_note(struct run *run, struct lane *lane, int64_t refusals)
    MUST_CHECK;

/* Makes the tweets that X refused last in this row, MOST at most, pending again
 * until SECONDS from now, and takes them out of what is counted as failed. */
enum err doubt_take_back(struct run *run, struct lane *lane, int64_t most,
    int64_t seconds) MUST_CHECK;

#endif
