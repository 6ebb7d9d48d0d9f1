/* tally.h - numbers of tweets by kind, kept by triggers so that nobody counts
 * rows. Rows of other programs are counted, too, whatever is in them. */
#ifndef APP_TALLY_H
#define APP_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"
#include "app/tweet_state.h"

/* How many tweets are alike in all that lists filter by. */
struct tally_kind {
	/* as far as the tweet's own row shows it: never one that time or an
	 * attempt makes (due, sending, unknown) */
	enum tweet_state state;
	bool odd;               /* its status is none of ours */
	bool scheduled, posted; /* it has that time */
	const char *code;       /* as TWEET_CODE gives it; "": none */
	int64_t n;
};

struct tally {
	const struct tally_kind *kinds; /* owned by the arena */
	size_t count;
};

/* Which of them are wanted. */
struct tally_filter {
	const char *status;     /* NULL: any */
	const char *code;       /* NULL: any */
	bool scheduled, posted; /* only those with that time */
};

/* The kinds of an account's tweets; 0: of all tweets. */
enum err tally_read(struct app *app, int64_t account, struct tally *t)
    MUST_CHECK;

/* The number of tweets that the filter leaves. One with an unknown status
 * counts as failed, see tweet_state.h. */
int64_t tally_sum(const struct tally *t, const struct tally_filter *f);

/* The same by state: fills COUNTS. */
void tally_states(const struct tally *t, const struct tally_filter *f,
    int64_t counts[TWEET_STATE__COUNT]);

/* The number of those with an unknown status. */
int64_t tally_odd(const struct tally *t);

/* Removes the counts of an account that is deleted, after its tweets. */
enum err tally_forget(struct app *app, int64_t account) MUST_CHECK;

#endif
