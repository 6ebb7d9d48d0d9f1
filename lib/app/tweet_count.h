/* tweet_count.h - how many tweets are in each state. */
#ifndef APP_TWEET_COUNT_H
#define APP_TWEET_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/tally.h"

struct tweet_counts {
	int64_t of[TWEET_STATE__COUNT];
	/* What concerns all tweets, whatever the filter: how many have reached
	 * the time at which their state changes (next_at), and whether any of
	 * them was held back and is not any more. */
	int64_t passed;
	bool unheld;
};

/* Counts by state what the filter leaves of an account's tweets (0: of all
 * tweets). T has the kinds of these tweets. Costs as much as reading those that
 * have an open attempt or, unless TIMELESS, whose time has come; these are then
 * counted as if it had not. */
enum err tweet_count_states(struct app *app, const struct tally *t,
    int64_t account, const struct tally_filter *f, bool timeless,
    struct tweet_counts *out) MUST_CHECK;

#endif
