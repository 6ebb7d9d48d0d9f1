/* tweet_send.h - one tweet's way to X: taken, marked, and what came of it. */
#ifndef PUBLISH_TWEET_SEND_H
#define PUBLISH_TWEET_SEND_H

#include "publish/run.h"

/* Finds the lane's next tweet and opens an attempt for it; lane->tweet is 0 and
 * the lane is stopped where there is none, or where the one that was asked for
 * cannot be sent. */
enum err tweet_take(struct run *run, struct lane *lane) MUST_CHECK;

/* Stores X's answer to a tweet and closes its attempt, unless nobody knows
 * whether X has it. */
enum err tweet_store(struct run *run, struct lane *lane) MUST_CHECK;

#endif
