/* late.h - scheduled tweets whose time is long over, since nothing ran then.
 *
 * A cron that comes back after a month must not send a month of tweets at once:
 * late ones are held until a person releases them, or (LATE_POLICY post) sent
 * one an account each LATE_SPREAD_SECONDS; released ones are spread, too. */
#ifndef PUBLISH_LATE_H
#define PUBLISH_LATE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

/* Holds what is late now, if the settings say so; *held is how many. Inside the
 * caller's transaction. */
enum err late_hold(struct app *app, int64_t *held) MUST_CHECK;

/* The time before which a tweet's own is late; TEXT has CLOCK_TEXT bytes. */
void late_before(const struct app *app, char *text);

/* Whether an account of which a late tweet went at LATE_AT (NULL: never) may
 * send another one now. */
bool late_may_go(const struct app *app, const char *late_at);

/* Notes that a late tweet of the account goes now. */
enum err late_note(struct app *app, int64_t account) MUST_CHECK;

/* Lets a held tweet go. ERR_TWEET_NOT_FOUND, ERR_NOT_HELD. */
enum err late_release(struct app *app, int64_t tweet) MUST_CHECK;

#endif
