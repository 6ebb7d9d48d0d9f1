/* tweet_list.h - tweets by filter, a page at a time. */
#ifndef APP_TWEET_LIST_H
#define APP_TWEET_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "app/cursor.h"
#include "base/json.h"

enum { TWEET_PAGE = 50 };

/* The states a tweet can be in, and the words for the orders of a list, by enum
 * tweet_sort; both end with NULL. */
extern const char *const tweet_states[];
extern const char *const tweet_sorts[];

enum tweet_sort {
	TWEET_NEWEST, /* by id, as are all that have no time */
	TWEET_OLDEST,
	TWEET_SCHEDULED,
	TWEET_SCHEDULED_LAST,
	TWEET_POSTED,
	TWEET_POSTED_LAST,
	TWEET_SORTS
};

/* Whether tweets in that order are sorted by a time. */
bool tweet_sort_timed(enum tweet_sort sort);

struct tweet_filter {
	const char *status; /* NULL: any */
	const char *state;  /* NULL: any */
	const char *code;   /* why it waits or failed; NULL: any */
	/* In its text, any case of ASCII, or "#ID", or "@NAME" of its account;
	 * NULL: any. */
	const char *text;
	int64_t account; /* 0: any */
	enum tweet_sort sort;
	int64_t from, to; /* the time sorted by, else the time it was made;
			     INT64_MIN and INT64_MAX: any */
	int64_t page;     /* from 1; counts where there is no cursor */
	int64_t limit;    /* tweets a page, 1 to TWEET_PAGE */
	struct cursor cursor;
	bool uncounted; /* the reply has no total */
};

/* {tweets:[..],total,next_cursor}. Sorted by a time it lists the tweets that
 * have it. The cost of a page does not depend on how far in it is where a
 * cursor is used. */
enum err tweet_list(
    struct app *app, const struct tweet_filter *filter, cJSON **out) MUST_CHECK;

#endif
