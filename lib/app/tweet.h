/* tweet.h - tweets: how they are made, listed, shown and deleted. */
#ifndef APP_TWEET_H
#define APP_TWEET_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* The statuses a tweet can have; ends with NULL. */
extern const char *const tweet_statuses[];

/* What is wrong with TEXT as a tweet, in words; NULL when nothing is. *weighted
 * is its length as X counts it, or -1 where that has no meaning. */
const char *tweet_text_wrong(
    struct app *app, const char *text, int64_t *weighted);

/* What is said of a tweet that cannot be sent again as it is. */
#define TWEET_UNCONFIRMED_WORDS "we couldn't confirm whether this was posted"
#define TWEET_REJECTED_WORDS    "X rejected this text: edit it and try again"

/* Whether X may have a failed tweet: of which that is known, or whose CODE is
 * not one of ours, since another program wrote it. */
bool tweet_in_doubt(enum err code);

struct tweet_new {
	int64_t account;
	const char *text;     /* must be good, but for a draft's */
	int64_t scheduled_at; /* seconds since 1970; 0: no time */
	bool draft;           /* it is not sent until it is finished */
	bool dry_run;         /* only try: nothing is stored */
};

/* What became of it. */
struct tweet_created {
	int64_t id;
	const char *username;
	const char *state;
};

/* Stores a pending tweet. Adds to WARNINGS, an array, what is unwise about it.
 * ERR_ACCOUNT_NOT_FOUND; ERR_SIMILAR_TEXT, ERR_DUPLICATE_TEXT where the
 * settings refuse such tweets. */
enum err tweet_create(struct app *app, const struct tweet_new *new,
    struct tweet_created *created, cJSON *warnings) MUST_CHECK;

struct tweet_changes {
	const char *text;     /* NULL: as it is */
	bool new_time;        /* it gets the time below */
	int64_t scheduled_at; /* 0: no time */
	bool new_draft;       /* it becomes what the next says */
	bool draft;
};

/* What is wrong with a text, as tweet_text_wrong has it. */
struct tweet_fault {
	const char *words; /* NULL: nothing */
	int64_t weighted;
};

/* Changes a tweet that is pending, or that X refused: it is pending again. What
 * X refused and a draft that is finished lose a time that is over.
 * ERR_TWEET_NOT_FOUND, ERR_BEING_POSTED, ERR_ALREADY_POSTED;
 * ERR_OUTCOME_UNKNOWN where X may have it; ERR_INVALID_INPUT, with *fault, for
 * the text that it would have; as similar_check for that. */
enum err tweet_change(struct app *app, int64_t id,
    const struct tweet_changes *changes, struct tweet_fault *fault) MUST_CHECK;

/* Makes a tweet failed that is not handed to X, because of CODE. */
enum err tweet_fail(struct app *app, int64_t id, enum err code) MUST_CHECK;

/* The members that every reply on a tweet has, of its STATUS and a row of id,
 * content, status, created_at, username, twitter_account_id. */
cJSON *tweet_brief(struct db_query *q, const char *status);

/* One tweet with all we know; ERR_TWEET_NOT_FOUND. */
enum err tweet_get(struct app *app, int64_t id, cJSON **out) MUST_CHECK;

/* Deletes a tweet here, not on X: {id,content,status}. ERR_TWEET_NOT_FOUND;
 * ERR_BEING_POSTED while it may be on its way. */
enum err tweet_delete(struct app *app, int64_t id, cJSON **out) MUST_CHECK;

struct tweet_criteria {
	const char *const *statuses; /* ends with NULL; NULL: any */
	int64_t days_old;            /* -1: any */
	int64_t account;             /* 0: any */
};

/* Deletes all tweets that meet all criteria, but for those on their way; in
 * mock mode only those of mock accounts. With DRY_RUN it counts and deletes
 * nothing. */
enum err tweet_cleanup(struct app *app, const struct tweet_criteria *criteria,
    bool dry_run, int64_t *deleted, int64_t *skipped) MUST_CHECK;

#endif
