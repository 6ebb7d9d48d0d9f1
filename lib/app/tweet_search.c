/*
 * tweet_search.c - what a filter of tweets means, and by which way they are
 * found: along the index of an order, or, where few are left by a status or an
 * account, by that and sorted.
 */
#include "app/tweet_search.h"

#include <string.h>

#include "app/tally.h"
#include "base/buf.h"

enum { FEW = 7000 }; /* rows that are read and sorted without ado */

static const char *pattern_of(struct arena *a, const char *text)
{
	struct buf like = buf_make(a, 2 * strlen(text) + 2);

	buf_byte(&like, '%');
	for (const char *p = text; *p; p++) {
		if (strchr("%_\\", *p))
			buf_byte(&like, '\\');
		buf_byte(&like, *p);
	}
	buf_byte(&like, '%');
	return buf_cstr(&like);
}

static void read_text(struct tweet_search *s, struct arena *a, const char *text)
{
	s->like = pattern_of(a, text);
	if (text[0] == '@' && text[1])
		s->name = text + 1;
	if (text[0] == '#' &&
	    !str_int64(str_of(text + 1), 1, INT64_MAX, &s->id))
		s->id = 0;
}

static void read_state(struct tweet_search *s, const struct tweet_filter *f)
{
	static const struct {
		const char *state, *status;
	} implied[] = {
		{ "posted", "posted" },
		{ "failed", "failed" },
		{ "unconfirmed", "failed" },
	};

	s->status = "pending";
	for (size_t i = 0; i < COUNT(implied); i++) {
		if (strcmp(f->state, implied[i].state) == 0)
			s->status = implied[i].status;
	}
	s->none = f->status && strcmp(f->status, s->status) != 0;
	s->state = strcmp(f->state, "posted") == 0 ? NULL : f->state;
}

bool tweet_search_is(const struct tweet_search *s, const char *state)
{
	return s->state && strcmp(s->state, state) == 0;
}

static enum path path_of(bool account, bool status)
{
	if (account)
		return status ? PATH_ACCOUNT_STATUS : PATH_ACCOUNT;
	return status ? PATH_STATUS : PATH_ALL;
}

/* By an order of its own an index gives a page at once, however many rows are
 * passed over; few rows of a status or an account are sorted instead. */
static enum err choose_path(struct app *app, struct tweet_search *s)
{
	int64_t account = s->filter->account;
	int64_t rows = 0;

	s->path = s->counted =
	    path_of(account != 0, s->status != NULL && !s->odd);
	if (tweet_search_is(s, "sending") || tweet_search_is(s, "unknown"))
		s->path = s->counted = PATH_SENT;
	/* all that is scheduled stands behind the present in its index */
	if (s->time == TIME_SCHEDULED && !account &&
	    tweet_search_is(s, "scheduled"))
		s->path = s->counted = PATH_ALL;
	if (s->path == PATH_ALL || s->path == PATH_SENT)
		return OK;
	if (s->time == TIME_MADE &&
	    s->path != PATH_ACCOUNT) /* both indexes are by id, too */
		return OK;
	TRY(tally_count(app, account, s->status, &rows));
	if (rows > FEW)
		s->path = PATH_ALL;
	return OK;
}

/* The bounds of the time sorted by, or else of when a tweet was made, as text:
 * a fraction of the last second is within it. What is scheduled is after now,
 * and so need not be looked for before. */
static void read_times(struct tweet_search *s, const struct tweet_filter *f)
{
	int64_t from = f->from;

	if (s->time == TIME_SCHEDULED && tweet_search_is(s, "scheduled") &&
	    from < clock_now())
		from = clock_now();
	if (from != INT64_MIN)
		clock_sql(from, s->from);
	if (f->to != INT64_MAX) {
		clock_sql(f->to, s->to);
		s->to[strlen(s->to)] = '~'; /* there is room, all zero */
	}
}

/* Whether there are tweets of a status that nobody knows (see tweet_state.h)
 * where the plain lists, which go by statuses, would leave them out. */
static enum err look_for_odd(struct app *app, struct tweet_search *s)
{
	bool failed = s->status && strcmp(s->status, "failed") == 0;
	bool any = !s->status && s->plain && s->filter->account;
	int64_t n = 0;

	if (!failed && !any)
		return OK;
	TRY(tally_odd(app, s->filter->account, &n));
	s->odd = n > 0;
	s->plain = s->plain && !s->odd;
	return OK;
}

enum err tweet_search_for(
    struct app *app, const struct tweet_filter *f, struct tweet_search *s)
{
	*s = (struct tweet_search){ .filter = f, .status = f->status };
	clock_sql(clock_now(), s->now);
	s->time = f->sort >= TWEET_POSTED      ? TIME_POSTED
		  : f->sort >= TWEET_SCHEDULED ? TIME_SCHEDULED
					       : TIME_MADE;
	s->descends = tweet_sorts[f->sort][0] == '-';
	if (f->text)
		read_text(s, app->arena, f->text);
	if (f->state)
		read_state(s, f);
	read_times(s, f);
	s->plain = f->sort == TWEET_NEWEST && !s->state && !s->like &&
		   !f->code && !s->from[0] && !s->to[0];
	if (s->none)
		return OK;
	TRY(look_for_odd(app, s));
	return s->plain ? OK : choose_path(app, s);
}
