/* publish.h - handing tweets to X, each once.
 *
 * A run works for many accounts at a time and sends one account's tweets one
 * after the other. Before a tweet leaves, an attempt that is still open is on
 * disk; after X's answer, its end is. An open attempt is never sent again: a
 * later run looks at the account's timeline (reconcile.h). */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

enum {
	PUBLISH_BUDGET_MAX = 15,  /* seconds in which calls begin, by HTTP */
	PUBLISH_WAIT_SECONDS = 15 /* for an account that is being worked on */
};

struct publish_order {
	int64_t account; /* only this one; 0: all */
	int64_t limit;   /* send this many at the most; 0: no limit */
	int64_t budget;  /* seconds in which calls may begin */
	bool tick;       /* only tweets with a time: theirs, or a retry's */
	const char *ids; /* only these, whatever their time: a JSON array */
};

/* A tweet that a run has ended. */
struct publish_ended {
	struct publish_ended *next;
	int64_t tweet;
	int64_t account;
	const char *twitter_id; /* NULL: it failed */
	enum err err;
	const char *words;
};

/* An account whose tweets stay pending for now. */
struct publish_waiting {
	struct publish_waiting *next;
	int64_t account;
	const char *code;  /* why, as err_name */
	const char *until; /* as the database has it; NULL: not known */
};

struct publish_waiting_list {
	struct publish_waiting *first, *last;
};

/* What a run did, and what it leaves. */
struct publish_result {
	int64_t posted;
	int64_t failed;
	int64_t settled;   /* found out about, after an answer was lost */
	int64_t refreshed; /* tokens */
	int64_t remaining; /* tweets that another run could send now */
	struct publish_ended *first, *last;
	struct publish_waiting_list held_back; /* until a time */
	struct publish_waiting_list blocked;   /* until a person acts */
	struct publish_waiting_list busy; /* another process works for them */
};

/* Sends one tweet now. OK when X has it: *twitter_id. A failed tweet is sent
 * again if that may help. ERR_TWEET_NOT_FOUND, ERR_ALREADY_POSTED,
 * ERR_BEING_POSTED, ERR_FAILED_FOR_GOOD, ERR_OUTCOME_UNKNOWN, what is wrong
 * with the account, or what X said. */
enum err publish_one(struct app *app, int64_t tweet, const char **twitter_id)
    MUST_CHECK;

/* Sends pending tweets and settles what earlier runs left unknown; RESULT, all
 * zero before, tells. */
enum err publish_pending(struct app *app, const struct publish_order *order,
    struct publish_result *result) MUST_CHECK;

#endif
