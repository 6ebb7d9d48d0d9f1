/* attempt.h - one call to X for one tweet, as the database remembers it.
 *
 * An attempt is on disk before its call begins. While it is open, X may have
 * the tweet, so nothing sends that tweet again; an index allows one open
 * attempt a tweet. All functions run inside the caller's transaction. */
#ifndef APP_ATTEMPT_H
#define APP_ATTEMPT_H

#include <stdint.h>

#include "app/app.h"
#include "x/x.h"

/* How an attempt ended. A new one needs a name in attempt.c, a kind in
 * watch/success_rate.c, and a line in the API's description. */
enum attempt_outcome {
	ATTEMPT_POSTED,       /* X confirmed it */
	ATTEMPT_FOUND,        /* the tweet was on the timeline */
	ATTEMPT_REFUSED,      /* X rejected the tweet */
	ATTEMPT_HELD_BACK,    /* X asked us to wait */
	ATTEMPT_UNAUTHORIZED, /* X did not accept the token */
	ATTEMPT_NOT_SENT,     /* it never reached X */
	ATTEMPT_UNKNOWN,      /* we never learned whether X has the tweet */
	ATTEMPT_RESOLVED,     /* someone said whether it was posted */
	ATTEMPT__COUNT
};

/* The outcome's stable word, such as "held_back". */
const char *attempt_outcome_name(enum attempt_outcome outcome);

/* The outcome with this name; ATTEMPT__COUNT for NULL and for a word that is
 * not ours, which another program may have written. */
enum attempt_outcome attempt_outcome_named(const char *name);

/* Opens an attempt for a tweet that has none open. SINCE_ID is a lower bound
 * for the post's id on the timeline (NULL: not known). */
enum err attempt_open(struct app *app, int64_t tweet, const char *since_id,
    int64_t *id) MUST_CHECK;

/* Closes an attempt with X's answer to its call. */
enum err attempt_close(struct app *app, int64_t id,
    enum attempt_outcome outcome, const struct x_call *call) MUST_CHECK;

/* Stores how the call ended, but leaves the attempt open: X may have the tweet.
 * The timeline is first checked at CHECK_AT. */
enum err attempt_keep_open(struct app *app, int64_t id,
    const struct x_call *call, int64_t check_at) MUST_CHECK;

/* Sets when the timeline is checked next, and how many checks have not found
 * the tweet. */
enum err attempt_check_later(
    struct app *app, int64_t id, int64_t check_at, int64_t checks) MUST_CHECK;

/* Has the timeline checked, from SECONDS after each call on, for the account's
 * attempts that a dead process left open. */
enum err attempt_adopt(struct app *app, int64_t account, int64_t seconds)
    MUST_CHECK;

/* Closes the tweet's open attempt, if it has one, long after its call. CODE
 * replaces the stored one unless it is OK. */
enum err attempt_conclude(struct app *app, int64_t tweet,
    enum attempt_outcome outcome, enum err code) MUST_CHECK;

/* Gives a closed attempt another outcome and code: what X said about the tweet
 * turned out to be about its account. */
enum err attempt_correct(struct app *app, int64_t id,
    enum attempt_outcome outcome, enum err code) MUST_CHECK;

#endif
