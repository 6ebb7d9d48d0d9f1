/* tweet.h - tweets: create, change, show, delete. */
#ifndef APP_TWEET_H
#define APP_TWEET_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* The statuses a tweet can have; ends with NULL. */
extern const char *const tweet_statuses[];

/* Says in words what is wrong with TEXT as a tweet; NULL if nothing is.
 * *weighted is its length as X counts it, or -1 if it has none. */
const char *tweet_text_wrong(
    struct app *app, const char *text, int64_t *weighted);

/* Whether X may have a failed tweet: of which that is known, or whose CODE is
 * not one of ours, since another program wrote it. */
bool tweet_in_doubt(enum err code);

struct tweet_new {
	int64_t account;
	const char *text;     /* must be valid, except in a draft */
	int64_t scheduled_at; /* seconds since 1970; 0: no time */
	bool draft;           /* not sent until it is finished */
	bool dry_run;         /* only check; store nothing */
};

/* The new tweet. */
struct tweet_created {
	int64_t id;
	const char *username;
	const char *state;
};

/* Stores a pending tweet. Adds warnings about it to the array WARNINGS.
 * ERR_ACCOUNT_NOT_FOUND; ERR_SIMILAR_TEXT, ERR_DUPLICATE_TEXT if the settings
 * block such tweets. */
enum err tweet_create(struct app *app, const struct tweet_new *new,
    struct tweet_created *created, cJSON *warnings) MUST_CHECK;

struct tweet_changes {
	const char *text;     /* NULL: unchanged */
	bool new_time;        /* whether scheduled_at is changed */
	int64_t scheduled_at; /* 0: no time */
	bool new_draft;       /* whether draft is changed */
	bool draft;
};

/* What is wrong with a text, as from tweet_text_wrong. */
struct tweet_fault {
	const char *words; /* NULL: nothing */
	int64_t weighted;
};

/* Changes a tweet that is pending or that X rejected; it is pending afterwards.
 * A rejected tweet and a finished draft lose a time that has passed.
 * ERR_TWEET_NOT_FOUND, ERR_BEING_POSTED, ERR_ALREADY_POSTED;
 * ERR_OUTCOME_UNKNOWN if X may have it; ERR_INVALID_INPUT, with *fault, if the
 * resulting text is not valid; and the errors of similar_check. */
enum err tweet_change(struct app *app, int64_t id,
    const struct tweet_changes *changes, struct tweet_fault *fault) MUST_CHECK;

/* The members that all replies about a tweet share, from its STATUS and a row
 * of id, content, status, created_at, username, twitter_account_id. */
cJSON *tweet_brief(struct db_query *q, const char *status);

/* One tweet with all details; ERR_TWEET_NOT_FOUND. */
enum err tweet_get(struct app *app, int64_t id, cJSON **out) MUST_CHECK;

/* Deletes a tweet here, not on X: {id,content,status}. ERR_TWEET_NOT_FOUND;
 * ERR_BEING_POSTED while an attempt is open. */
enum err tweet_delete(struct app *app, int64_t id, cJSON **out) MUST_CHECK;

struct tweet_criteria {
	const char *const *statuses; /* ends with NULL; NULL: any */
	int64_t days_old;            /* -1: any */
	int64_t account;             /* 0: any */
};

/* Deletes all tweets that match all criteria, except those with an open
 * attempt; in mock mode only those of test accounts. With DRY_RUN only counts
 * them. */
enum err tweet_cleanup(struct app *app, const struct tweet_criteria *criteria,
    bool dry_run, int64_t *deleted, int64_t *skipped) MUST_CHECK;

#endif
