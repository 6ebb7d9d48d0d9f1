/* run.h - one publishing run, as its parts share it. */
#ifndef PUBLISH_RUN_H
#define PUBLISH_RUN_H

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
};

/* What ended a tweet in this run, for the report. */
struct ended {
	struct ended *next; /* the one before it */
	int64_t tweet;
	const char *twitter_id; /* NULL and OK: it is pending again */
	enum err err;
	const char *words;
};

/* One account's turn. A plain value, so that a turn that could not be stored
 * is undone by putting the value before it back. */
struct lane {
	enum lane_state state;
	int64_t account;
	int64_t renewed_ms; /* when its lease was, by clock_mono_ms */
	bool lost; /* somebody elsewhere took it: this process stood still */
	struct x_call *call;

	/* the account's row, read under its lease */
	const char *username;
	const char *x_user_id;
	const char *sealed_refresh; /* as it was in the database */
	const char *access;         /* NULL in mock mode */
	const char *refresh;        /* NULL: none */
	int64_t expires_at;         /* 0: not known */
	const char *scope;          /* what it has granted; NULL: not known */
	int64_t hold_count;
	int64_t refusals;     /* of X, in a row, that told nothing */
	enum err held;        /* why no tweet may go now; OK: it may */
	int64_t held_seconds; /* for how long */
	bool struck;          /* X said 401 right after a refresh before */
	bool refreshed;       /* in this run */
	bool must_refresh;
	bool looked;  /* for the unknown tweets, in this run */
	bool asked;   /* whose account it is, in this run */
	bool late_ok; /* a late tweet may go now */

	/* what is under way */
	int64_t tweet;
	int64_t attempt;
	const char *text;
	bool readable; /* the text is as it was stored */
	int pages;     /* of the timeline, so far */

	/* why it ended */
	enum err err;
	const char *words;
	const char *reason;
	const char *hint; /* NULL: the code's own */
	int64_t retry_after;

	/* since the last report */
	struct ended *ended;
	int64_t settled;
	int64_t refreshes;
};

struct run {
	struct app *app;
	struct x x;
	bool mock;
	bool begin; /* new calls may begin */
	struct publish_order order;
	int64_t tweet;  /* only this one; 0: whatever is ready */
	int64_t begun;  /* tweets handed to X */
	int64_t x_date; /* what X's clock said last; 0: not known */
	struct lane *lanes;
	struct lane *before; /* the lanes as they were before this turn */
	size_t count;
};

/* Takes the account's lease and reads its row; the lane is then IDLE, WAITING
 * or DONE. Inside the caller's transaction, as all below. */
enum err lane_enter(struct run *run, struct lane *lane) MUST_CHECK;

/* Finds what to do next for an idle lane and puts it on disk. */
enum err lane_next(struct run *run, struct lane *lane) MUST_CHECK;

/* Stores what became of the lane's call. */
enum err lane_store(struct run *run, struct lane *lane) MUST_CHECK;

/* Ends the lane: gives the lease back; ERR and WORDS say why, OK if no more was
 * there. Words must outlive the run. */
enum err lane_stop(struct run *run, struct lane *lane, enum err err,
    const char *words) MUST_CHECK;

/* Notes for the report that TWEET has ended; with OK and no TWITTER_ID, that
 * one which had failed is pending again. Words must outlive the run. */
void lane_ended(struct run *run, struct lane *lane, int64_t tweet,
    const char *twitter_id, enum err err, const char *words);

#endif
