/* tweet_list.h - tweets by filter, a page at a time. */
#ifndef APP_TWEET_LIST_H
#define APP_TWEET_LIST_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { TWEET_PAGE = 50 };

/* The states a tweet can be in; ends with NULL. */
extern const char *const tweet_states[];

struct tweet_filter {
	const char *status; /* NULL: any */
	const char *state;  /* NULL: any */
	const char *text;   /* in its text, any case of ASCII; NULL: any */
	int64_t account;    /* 0: any */
	int64_t page;       /* from 1 */
	int64_t limit;      /* tweets a page, 1 to TWEET_PAGE */
	int64_t below;      /* only ids below this one: a cursor; 0: any */
};

/* {tweets:[..],total,next_cursor}, newest first. The cost of a page does not
 * depend on how far in it is where a cursor is used. */
enum err tweet_list(
    struct app *app, const struct tweet_filter *filter, cJSON **out) MUST_CHECK;

#endif
