/* tweet_search.h - what a filter of tweets means, and how they are found. */
#ifndef APP_TWEET_SEARCH_H
#define APP_TWEET_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "app/cursor.h"
#include "app/tally.h"
#include "app/tweet_count.h"
#include "app/tweet_state.h"
#include "base/clock.h"

enum { TWEET_PAGE = 50 };

enum tweet_sort {
	TWEET_NEWEST, /* by id, like all orders that are not by a time */
	TWEET_OLDEST,
	TWEET_SCHEDULED,
	TWEET_SCHEDULED_LAST,
	TWEET_POSTED,
	TWEET_POSTED_LAST,
	TWEET_SORTS
};

/* The names of those orders; ends with NULL. */
extern const char *const tweet_sorts[];

/* Whether tweets in that order are sorted by a time. */
bool tweet_sort_timed(enum tweet_sort sort);

struct tweet_filter {
	const char *status; /* NULL: any */
	const char *state;  /* NULL: any */
	const char *code;   /* why it is waiting or failed; NULL: any */
	/* In its text, any case of ASCII, or "#ID", or "@NAME" of its account;
	 * NULL: any. */
	const char *text;
	int64_t account; /* 0: any */
	enum tweet_sort sort;
	int64_t from, to; /* the time sorted by, else the time it was made;
			     INT64_MIN and INT64_MAX: any */
	int64_t page;     /* from 1; used if there is no cursor */
	int64_t limit;    /* tweets a page, 1 to TWEET_PAGE */
	struct cursor cursor;
	bool uncounted; /* the reply has no total */
};

/* The rows from which a page is read. */
enum path {
	PATH_ALL,
	PATH_STATUS,
	PATH_ACCOUNT,
	PATH_ACCOUNT_STATUS,
	PATH_STATE, /* by the rows' own state */
	PATH_CODE,
	PATH_PASSED, /* whose time has come, see next_at */
	PATH_SENT,
	PATHS
};

/* The time by which a page is sorted or bounded. */
enum time { TIME_MADE, TIME_SCHEDULED, TIME_POSTED, TIMES };

/* What a filter means: a state is narrower than the status it implies. */
struct tweet_search {
	const struct tweet_filter *filter;
	const char *status;
	const struct tweet_state_row *state; /* NULL: the status is enough */
	const char *like;  /* a LIKE pattern; NULL: any text */
	const char *name;  /* of an account; NULL: none */
	int64_t id;        /* of one tweet; 0: none */
	enum path path;    /* of the page */
	enum path counted; /* of the count, if rows have to be counted */
	int64_t rows, rows_counted; /* that these paths have */
	int64_t cost; /* how many of them a page may have to read */
	enum time time;
	struct tally_filter kinds;  /* which of them the filter leaves */
	struct tally tally;         /* of the account; 0: of all tweets */
	struct tweet_counts states; /* of those; only with a state */
	bool descends;
	bool bounded; /* by a time */
	bool shown;   /* the rows themselves show the state */
	bool odd;     /* more tweets failed than the index by status shows */
	bool exact;   /* all rows of the path match */
	bool merged;  /* the path is an account's, read by its statuses */
	bool none;    /* nothing can match */
	char now[CLOCK_TEXT];
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
};

/* Fills *S for the filter, which must outlive it. */
enum err tweet_search_for(struct app *app, const struct tweet_filter *f,
    struct tweet_search *s) MUST_CHECK;

/* The number of tweets that match, if the kept counts tell; if not, false. */
bool tweet_search_total(const struct tweet_search *s, int64_t *total);

#endif
