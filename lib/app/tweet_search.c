/*
 * tweet_search.c - what a filter of tweets means, and by which way they are
 * found: along the index of an order or, if a status or account leaves only
 * few, by that and sorted.
 */
#include "app/tweet_search.h"

#include <string.h>

#include "app/tweet.h"
#include "base/buf.h"

const char *const tweet_sorts[] = { "-id", "id", "scheduled_at",
	"-scheduled_at", "posted_at", "-posted_at", NULL };

enum { FEW = 7000 }; /* rows that can simply be read and sorted */

bool tweet_sort_timed(enum tweet_sort sort)
{
	return sort >= TWEET_SCHEDULED;
}

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
	enum tweet_state state = tweet_state_named(f->state);

	s->status = tweet_state_rows[state].status;
	s->none = f->status && strcmp(f->status, s->status) != 0;
	/* what is posted has no other state */
	s->state = state == TWEET_IS_POSTED ? NULL : &tweet_state_rows[state];
}

/* Whether the search is for that one state only. */
static bool is_for(const struct tweet_search *s, enum tweet_state state)
{
	return s->state == &tweet_state_rows[state];
}

/* Takes this path if it has fewer rows than the one chosen before; as a page
 * only if they come in order or can simply be sorted. */
static void consider(
    struct tweet_search *s, enum path path, bool ordered, int64_t rows)
{
	if (rows < s->rows_counted) {
		s->counted = path;
		s->rows_counted = rows;
	}
	if (rows < s->cost && (ordered || rows <= FEW)) {
		s->path = path;
		s->rows = s->cost = rows;
	}
}

/* How many rows show the state. */
static int64_t rows_shown(const struct tweet_search *s, const struct tally *all,
    const struct tally_filter *f)
{
	int64_t shown[TWEET_STATE__COUNT];

	if (!s->shown)
		return 0;
	tally_states(all, f, shown);
	return shown[tweet_state_named(s->state->name)];
}

/* All tweets that have the time sorted by. */
static struct tally_filter any_of(const struct tweet_search *s)
{
	return (struct tally_filter){ .scheduled = s->kinds.scheduled,
		.posted = s->kinds.posted };
}

static void consider_all(struct tweet_search *s, const struct tally *all)
{
	const struct tweet_filter *f = s->filter;
	const struct tally_filter any = any_of(s);
	struct tally_filter status = any, code = any;
	bool by_id = s->time == TIME_MADE;
	bool known = s->status && !s->odd;

	status.status = s->status;
	code.code = f->code;

	const struct {
		bool possible;
		enum path path;
		bool ordered;
		int64_t rows;
	} ways[] = {
		{ f->account, PATH_ACCOUNT, s->merged,
		    tally_sum(&s->tally, &any) },
		{ f->account && known, PATH_ACCOUNT_STATUS, by_id,
		    tally_sum(&s->tally, &status) },
		{ known, PATH_STATUS, by_id, tally_sum(all, &status) },
		{ f->code && tally_odd(all) == 0, PATH_CODE, by_id,
		    tally_sum(all, &code) },
		{ s->shown, PATH_STATE, by_id, rows_shown(s, all, &any) },
		{ is_for(s, TWEET_IS_DUE), PATH_PASSED, false,
		    s->states.passed },
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		if (ways[i].possible)
			consider(
			    s, ways[i].path, ways[i].ordered, ways[i].rows);
	}
}

/* Whether the state alone says where its tweets are. */
static bool state_leads(struct tweet_search *s)
{
	s->path = s->counted = PATH_ALL;
	if (!s->state)
		return false;
	if (s->state->place == TWEET_SENT) {
		s->path = s->counted = PATH_SENT;
		return true;
	}
	/* scheduled tweets come after the present in the index of that time */
	return is_for(s, TWEET_IS_SCHEDULED) && s->time == TIME_SCHEDULED &&
	       !s->filter->account;
}

/* The path with the fewest rows. The index of a time gives a page at once,
 * however many rows it skips; other indexes are in the order of ids. */
static enum err choose_path(struct app *app, struct tweet_search *s)
{
	const struct tally_filter any = any_of(s);
	struct tally all = s->tally;
	int64_t total = 0;
	bool told = tweet_search_total(s, &total);

	if (state_leads(s))
		return OK;
	if (s->filter->account)
		TRY(tally_read(app, 0, &all));
	/* along all tweets in order, those that do not match may come first */
	s->rows = s->cost = tally_sum(&all, &any);
	if (told && s->rows > total)
		s->cost += s->filter->limit - total;
	s->rows_counted = INT64_MAX;
	s->merged = s->filter->account && s->time == TIME_MADE && !s->odd &&
		    told && tally_sum(&s->tally, &any) == total;
	consider_all(s, &all);
	s->exact = told && total > 0 && s->rows == total;
	s->merged = s->merged && s->path == PATH_ACCOUNT;
	/* what a time's bounds leave cannot be known */
	if (s->bounded && s->time != TIME_MADE && s->rows_counted > FEW)
		s->counted = PATH_ALL;
	return OK;
}

/* The bounds of the time sorted by, or of created_at, as text; a fraction of
 * the last second is included. Scheduled tweets are after now, so the search
 * need not start earlier. */
static void read_times(struct tweet_search *s, const struct tweet_filter *f)
{
	int64_t from = f->from;

	if (s->time == TIME_SCHEDULED && is_for(s, TWEET_IS_SCHEDULED) &&
	    from < clock_now())
		from = clock_now();
	if (from != INT64_MIN)
		clock_sql(from, s->from);
	if (f->to != INT64_MAX) {
		clock_sql(f->to, s->to);
		s->to[strlen(s->to)] = '~'; /* there is room, all zero */
	}
}

/* Whether the tweets of that state are those whose rows show it, but for some
 * that have an open attempt. */
static bool is_shown(const struct tweet_search *s, enum tweet_state state)
{
	switch (state) {
	case TWEET_IS_FAILED:
	case TWEET_IS_DRAFT:
	case TWEET_IS_HELD:
	case TWEET_IS_HELD_BACK:
		return true;
	case TWEET_IS_UNCONFIRMED:
		return !s->odd;
	case TWEET_IS_PENDING:
	case TWEET_IS_SCHEDULED:
		return !s->states.unheld;
	default:
		return false;
	}
}

/* The status of all tweets with that code, if they have the same one: there is
 * an index by status. */
static void read_code(struct tweet_search *s)
{
	const char *only = NULL;
	size_t statuses = 0;

	for (size_t i = 0; tweet_statuses[i]; i++) {
		const struct tally_filter of = { .status = tweet_statuses[i],
			.code = s->filter->code };

		if (tally_sum(&s->tally, &of) == 0)
			continue;
		only = tweet_statuses[i];
		statuses++;
	}
	if (statuses == 1)
		s->status = only;
}

/* What the kept counts say of the tweets that the filter leaves. */
static enum err read_counts(struct app *app, struct tweet_search *s)
{
	const struct tweet_filter *f = s->filter;

	s->kinds = (struct tally_filter){ .status = s->status,
		.code = f->code,
		.scheduled = s->time == TIME_SCHEDULED,
		.posted = s->time == TIME_POSTED };
	TRY(tally_read(app, f->account, &s->tally));
	if (f->code && !s->status)
		read_code(s);
	s->odd = tally_odd(&s->tally) > 0 &&
		 (!s->status || strcmp(s->status, "failed") == 0);
	if (!s->state)
		return OK;
	TRY(tweet_count_states(app, &s->tally, f->account, &s->kinds,
	    s->state->place == TWEET_STAYS, &s->states));
	s->shown = is_shown(s, tweet_state_named(s->state->name));
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
	s->bounded = f->from != INT64_MIN || f->to != INT64_MAX;
	read_times(s, f);
	if (s->none)
		return OK;
	TRY(read_counts(app, s));
	return choose_path(app, s);
}

bool tweet_search_total(const struct tweet_search *s, int64_t *total)
{
	if (s->none)
		*total = 0;
	else if (s->like || s->bounded)
		return false;
	else if (s->state)
		*total = s->states.of[tweet_state_named(s->state->name)];
	else
		*total = tally_sum(&s->tally, &s->kinds);
	return true;
}
