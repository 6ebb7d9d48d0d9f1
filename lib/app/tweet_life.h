/* tweet_life.h - how a tweet gets from one state to the next.
 *
 * A tweet's state is written here and nowhere else. The words below are the
 * API's states; those beside the arrows are the functions, without "tweet_":
 *
 *   draft            held <---hold_late---+
 *     |               |                   |
 *     | edit          | release           |
 *     v               v                   |
 *   pending      scheduled --its time--> due
 *     |               |                   |
 *     +-------> mark_sending <------------+
 *                     |
 *                     v
 *    +------------ sending ---defer---> held_back
 *    |                | |  ^               |
 *    | mark_failed    | |  +-mark_sending--+
 *    v                | |
 *   failed            | +--defer, its attempt stays open--> unknown
 *    |                |                                      | |
 *    |                | mark_posted                          | |
 *    |                v                                      | |
 *    |              posted <----------mark_posted------------+ |
 *    |                ^                                        |
 *    |                |                       mark_unconfirmed |
 *    |                |                                        v
 *    |                +--------------mark_posted-------- unconfirmed
 *    |                                                         |
 *    +--requeue, edit, mark_sending--> pending <----requeue----+
 *
 * Callers decide when a tweet moves, and open and close its attempts
 * (attempt.h). All functions run inside the caller's transaction. */
#ifndef APP_TWEET_LIFE_H
#define APP_TWEET_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "app/tweet.h"

/* The tweet is handed to X: nothing is left of why it waited. */
enum err tweet_mark_sending(struct app *app, int64_t id) MUST_CHECK;

/* X has the tweet as TWITTER_ID since AT; with MOCK, a test account posted it
 * and X knows nothing of it. */
enum err tweet_mark_posted(struct app *app, int64_t id, const char *twitter_id,
    int64_t at, bool mock) MUST_CHECK;

/* The tweet failed because of CODE, with X's REASON (NULL: X gave none). */
enum err tweet_mark_failed(
    struct app *app, int64_t id, enum err code, const char *reason) MUST_CHECK;

/* We could not find out whether X has the tweet: a person must decide. */
enum err tweet_mark_unconfirmed(struct app *app, int64_t id) MUST_CHECK;

/* The tweet stays pending, because of CODE, with X's REASON (NULL: the one that
 * is stored); it may be sent again in SECONDS, or (0) as soon as its account
 * may. */
enum err tweet_defer(struct app *app, int64_t id, enum err code,
    const char *reason, int64_t seconds) MUST_CHECK;

/* Lets the scheduler send a tweet again that has no time of its own. */
enum err tweet_let_tick_retry(struct app *app, int64_t id) MUST_CHECK;

/* The tweet is pending as if it had never been tried. */
enum err tweet_requeue(struct app *app, int64_t id) MUST_CHECK;

/* The same for all tweets that failed with CODE, of ACCOUNT (0: of all). */
enum err tweet_requeue_failed(struct app *app, int64_t account, enum err code,
    int64_t *requeued) MUST_CHECK;

/* Holds the tweets that were to be sent before BEFORE, a time as the database
 * has it, until a person releases them. */
enum err tweet_hold_late(struct app *app, const char *before, int64_t *held)
    MUST_CHECK;

/* Releases a held tweet; *released is false if it was not held. */
enum err tweet_release(struct app *app, int64_t id, bool *released) MUST_CHECK;

/* Stores a person's CHANGES. RENEWED says that the tweet was failed or becomes
 * ready from a draft: it loses a time that has passed. What X said about it is
 * dropped if it was FAILED or becomes a draft. */
enum err tweet_edit(struct app *app, int64_t id,
    const struct tweet_changes *changes, bool failed, bool renewed) MUST_CHECK;

#endif
