/* tweet_search.h - what a filter of tweets means, and how they are found. */
#ifndef APP_TWEET_SEARCH_H
#define APP_TWEET_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "app/tweet_list.h"
#include "base/clock.h"

/* The rows among which a page is looked for. */
enum path {
	PATH_ALL,
	PATH_STATUS,
	PATH_ACCOUNT,
	PATH_ACCOUNT_STATUS,
	PATH_SENT,
	PATHS
};

/* The time that a page is in the order of, or is bounded by. */
enum time { TIME_MADE, TIME_SCHEDULED, TIME_POSTED, TIMES };

/* What a filter comes to: states are narrower than the status they imply. */
struct tweet_search {
	const struct tweet_filter *filter;
	const char *status;
	const char *state; /* NULL: the status says it all */
	const char *like;  /* a LIKE pattern; NULL: any text */
	const char *name;  /* of an account; NULL: none is meant */
	int64_t id;        /* of the one tweet that is meant; 0: none is */
	enum path path;    /* of the page */
	enum path counted; /* of the count */
	enum time time;
	bool descends;
	bool odd;   /* failed are more than the index by status says */
	bool plain; /* the kept counts and an index say all of it */
	bool none;  /* nothing can match */
	char now[CLOCK_TEXT];
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
};

/* Fills *S for the filter, which must outlive it. */
enum err tweet_search_for(struct app *app, const struct tweet_filter *f,
    struct tweet_search *s) MUST_CHECK;

/* Whether only tweets in that one state are looked for. */
bool tweet_search_is(const struct tweet_search *s, const char *state);

#endif
