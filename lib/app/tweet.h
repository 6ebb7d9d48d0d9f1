/* tweet.h - tweets: how they are made, listed, shown and deleted. */
#ifndef APP_TWEET_H
#define APP_TWEET_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { TWEET_PAGE = 50 };

/* The statuses a tweet can have; ends with NULL. */
extern const char *const tweet_statuses[];

/* What is wrong with TEXT as a tweet, in words; NULL when nothing is. *weighted
 * is its length as X counts it, or -1 where that has no meaning. */
const char *tweet_text_wrong(
    struct app *app, const char *text, int64_t *weighted);

/* Stores a pending tweet. ERR_ACCOUNT_NOT_FOUND. The text must be good. */
enum err tweet_create(
    struct app *app, int64_t account, const char *text, int64_t *id) MUST_CHECK;

struct tweet_filter {
	const char *status; /* NULL: any */
	int64_t account;    /* 0: any */
	int64_t page;       /* from 1 */
};

/* {tweets:[…],total}, newest first, TWEET_PAGE a page. */
enum err tweet_list(
    struct app *app, const struct tweet_filter *filter, cJSON **out) MUST_CHECK;

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

/* Deletes all tweets that meet all criteria, but for those on their way. */
enum err tweet_cleanup(struct app *app, const struct tweet_criteria *criteria,
    int64_t *deleted, int64_t *skipped) MUST_CHECK;

#endif
