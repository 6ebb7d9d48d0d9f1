/* tally.c - numbers of tweets by kind, kept by triggers so that nobody counts
 * rows. */
#include "app/tally.h"

#include <string.h>

#include "base/str.h"

/* Reads a kind as the column of that name has it: the status, the state, the
 * times and the code, such as "failed failed 10 tweet_refused". */
static struct tally_kind kind_of(const char *text, int64_t n)
{
	struct tally_kind kind = { .n = n };
	struct str rest = str_of(text);

	str_cut(&rest, ' ');

	struct str state = str_cut(&rest, ' ');
	struct str times = str_cut(&rest, ' ');

	kind.odd = str_eq(state, "odd");
	kind.state = TWEET_IS_UNCONFIRMED;
	for (int i = 0; i < TWEET_STATE__COUNT && !kind.odd; i++) {
		if (str_eq(state, tweet_states[i]))
			kind.state = (enum tweet_state)i;
	}
	kind.scheduled = times.n == 2 && times.p[0] == '1';
	kind.posted = times.n == 2 && times.p[1] == '1';
	kind.code = kind.odd ? err_name(ERR_OUTCOME_UNKNOWN) : rest.p;
	return kind;
}

enum err tally_read(struct app *app, int64_t account, struct tally *t)
{
	SCOPED(db_query) q = { 0 };
	enum { FIRST = 16 };
	size_t size = FIRST;
	struct tally_kind *kinds =
	    arena_array(app->arena, size, sizeof(*kinds));
	bool row = false;

	*t = (struct tally){ kinds, 0 };
	TRY(db_prepare(&q, &app->db,
	    "SELECT kind, n FROM tally WHERE owner = $1 AND n > 0"));
	db_bind_int(&q, 1, account);
	TRY(db_step(&q, &row));
	for (; row; t->count++) {
		if (t->count == size) {
			kinds =
			    arena_grow(app->arena, kinds, size, sizeof(*kinds));
			t->kinds = kinds;
			size *= 2;
		}
		kinds[t->count] = kind_of(db_text(&q, 0), db_int(&q, 1));
		TRY(db_step(&q, &row));
	}
	return OK;
}

static bool fits(const struct tally_kind *kind, const struct tally_filter *f)
{
	return (!f->status || strcmp(tweet_state_rows[kind->state].status,
				  f->status) == 0) &&
	       (!f->code || strcmp(kind->code, f->code) == 0) &&
	       (!f->scheduled || kind->scheduled) &&
	       (!f->posted || kind->posted);
}

void tally_states(const struct tally *t, const struct tally_filter *f,
    int64_t counts[TWEET_STATE__COUNT])
{
	memset(counts, 0, TWEET_STATE__COUNT * sizeof(*counts));
	for (size_t i = 0; i < t->count; i++) {
		if (fits(&t->kinds[i], f))
			counts[t->kinds[i].state] += t->kinds[i].n;
	}
}

int64_t tally_sum(const struct tally *t, const struct tally_filter *f)
{
	int64_t counts[TWEET_STATE__COUNT];
	int64_t sum = 0;

	tally_states(t, f, counts);
	for (int i = 0; i < TWEET_STATE__COUNT; i++)
		sum += counts[i];
	return sum;
}

enum err tally_forget(struct app *app, int64_t account)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(
	    &q, &app->db, "DELETE FROM tally WHERE owner = $1 AND n = 0"));
	db_bind_int(&q, 1, account);
	return db_run(&q, NULL);
}

int64_t tally_odd(const struct tally *t)
{
	int64_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		n += t->kinds[i].odd ? t->kinds[i].n : 0;
	return n;
}
