/* tweet_send.h - sends one tweet, and stores what X answered. */
#ifndef PUBLISH_TWEET_SEND_H
#define PUBLISH_TWEET_SEND_H

#include "publish/run.h"

/* Finds the lane's next tweet and opens an attempt for it. The lane is stopped,
 * and its tweet's id is 0, if there is none, or if the one that was asked for
 * cannot be sent. */
enum err tweet_take(struct run *run, struct lane *lane) MUST_CHECK;

/* Stores X's answer to a tweet and closes its attempt, unless the answer leaves
 * open whether X has the tweet. */
enum err tweet_store(struct run *run, struct lane *lane) MUST_CHECK;

#endif
