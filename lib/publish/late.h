/* late.h - scheduled tweets that missed their time because nothing ran then.
 *
 * If cron comes back after a month, it must not send a month of tweets at once.
 * Late tweets are held until a person releases them, or (LATE_POLICY post) each
 * account sends one every LATE_SPREAD_SECONDS, which goes for released ones,
 * too. */
#ifndef PUBLISH_LATE_H
#define PUBLISH_LATE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

/* Holds the tweets that are late now, if the settings say so; *held counts
 * them. Inside the caller's transaction. */
enum err late_hold(struct app *app, int64_t *held) MUST_CHECK;

/* Cut-off: tweets scheduled before this time are late. TEXT has CLOCK_TEXT
 * bytes. */
void late_before(const struct app *app, char *text);

/* Whether an account that sent its last late tweet at LATE_AT (NULL: never) may
 * send another one now. */
bool late_may_go(const struct app *app, const char *late_at);

/* Stores that the account sends a late tweet now. */
enum err late_mark_sent(struct app *app, int64_t account) MUST_CHECK;

/* Releases a held tweet. ERR_TWEET_NOT_FOUND, ERR_NOT_HELD. */
enum err late_release(struct app *app, int64_t tweet) MUST_CHECK;

#endif
