/* lane.h - one account's place in a publishing run.
 *
 * A run has several lanes, and each works for one account at a time, with one
 * call to X at a time. What an account does next is decided in step.h.
 *
 * A lane is a plain value: a round that could not be stored is undone by
 * putting the lanes' values from before it back (publish.c). So a step may
 * change the database, its lane, and what run.h says of the run, but nothing
 * else, and nothing that its lane points to. */
#ifndef PUBLISH_LANE_H
#define PUBLISH_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "publish/publish.h"
#include "x/x.h"

enum lane_state {
	LANE_FREE,    /* no account */
	LANE_WAITING, /* for another process that works for the account */
	LANE_IDLE,    /* has the account's lease; nothing under way */
	LANE_BEGUN,   /* a call is on disk and begins once that is synced */
	LANE_CALLING, /* X is being called */
	LANE_CALLED,  /* the call has ended; its result is not stored yet */
	LANE_DONE,    /* no more for this account in this run */
	LANE__COUNT
};

/* The account's row, read under its lease. */
struct lane_account {
	int64_t id;
	const char *username;
	const char *x_user_id;
	const char *access_token;            /* NULL in mock mode */
	const char *refresh_token;           /* NULL: none */
	const char *encrypted_refresh_token; /* as it was in the database */
	int64_t expires_at;                  /* 0: not known */
	const char *scope;           /* what it has granted; NULL: not known */
	int64_t failures;            /* of calls, in a row */
	int64_t refusals;            /* in a row, for which X gave no reason */
	bool rejected_after_refresh; /* by a 401, in an earlier run */
};

/* This process's right to work for the account. */
struct lane_lease {
	int64_t renewed_ms; /* when, by clock_mono_ms */
	bool lost;          /* another process took it: this one stood still */
};

/* Why no tweet of the account may go now, and for how long. */
struct lane_backoff {
	enum err code; /* OK: they may */
	int64_t seconds;
};

/* What was done for the account in this run. */
struct lane_progress {
	bool refreshed;
	bool refresh_failed; /* for now; only must_refresh tries again */
	bool must_refresh;   /* before anything else: X rejected the token */
	bool timeline_checked;
	bool identity_requested;
	int pages;    /* of the timeline, so far */
	bool late_ok; /* a late tweet may go now */
};

/* The tweet that is being sent. */
struct lane_tweet {
	int64_t id; /* 0: none */
	int64_t attempt;
	const char *text;
	bool readable; /* the text is as it was stored */
};

/* Why the lane ended. */
struct lane_end {
	enum err err;
	const char *words;
	const char *reason; /* X's, or NULL */
	const char *hint;   /* NULL: the code's own */
	int64_t retry_after;
};

/* What the lane did since the last report. */
struct lane_tally {
	struct publish_ended *ended; /* newest first; see lane_ended */
	int64_t settled;
	int64_t refreshes;
};

struct lane {
	enum lane_state state; /* written by lane.c alone */
	struct lane_account account;
	struct lane_lease lease;
	struct lane_backoff backoff;
	struct lane_progress progress;
	struct lane_tweet tweet;
	struct x_call *call; /* under way, or the last one */
	struct lane_end end;
	struct lane_tally tally;
};

/* Puts the lane into STATE, which must be able to follow the one it is in. */
void lane_set_state(struct lane *lane, enum lane_state state);

/* Gives a free lane an account, whose lease it then waits for. */
void lane_admit(struct lane *lane, int64_t account);

/* Prepares a call to X, which begins when the transaction is on disk; the
 * caller fills in what is special about it. */
struct x_call *lane_begin(struct app *app, struct lane *lane, enum x_kind kind);

/* Ends the lane: gives the lease back; ERR says why, OK if there was nothing
 * more to do. WORDS (NULL: the code's own) must outlive the run. */
enum err lane_stop(struct app *app, struct lane *lane, enum err err,
    const char *words) MUST_CHECK;

/* Notes for the report that TWEET has ended; with OK and no TWITTER_ID, that
 * one which had failed is pending again. WORDS as for lane_stop. */
void lane_ended(struct app *app, struct lane *lane, int64_t tweet,
    const char *twitter_id, enum err err, const char *words);

#endif
