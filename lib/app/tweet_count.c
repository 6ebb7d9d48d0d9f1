/*
 * tweet_count.c - how many tweets are in each state.
 *
 * The tally counts states as the tweets' own rows show them. Only tweets that
 * have an open attempt or whose time has come are in another one; those are
 * read and moved from the one count to the other.
 */
#include "app/tweet_count.h"

#include "base/clock.h"

/* $1 is the time now, $6 too, unless it does not matter. */
#define MOVED                       \
	TWEET_IDS_SENT " UNION ALL" \
		       " SELECT id FROM tweet WHERE next_at <= $6"
#define FITS                                          \
	"($2 = 0 OR t.twitter_account_id = $2)"       \
	" AND ($3 IS NULL OR t.code = $3)"            \
	" AND ($4 = 0 OR t.scheduled_at IS NOT NULL)" \
	" AND ($5 = 0 OR t.posted_at IS NOT NULL)"

enum { FROM, TO, FITTING, PASSED };

static void move(struct tweet_counts *out, struct db_query *q)
{
	enum tweet_state from = tweet_state_named(db_peek(q, FROM));
	enum tweet_state to = tweet_state_named(db_peek(q, TO));

	out->of[from] -= db_int(q, FITTING);
	out->of[to] += db_int(q, FITTING);
	out->passed += db_int(q, PASSED);
	if (from == TWEET_IS_HELD_BACK && db_int(q, PASSED))
		out->unheld = true;
}

enum err tweet_count_states(struct app *app, const struct tally *t,
    int64_t account, const struct tally_filter *f, bool timeless,
    struct tweet_counts *out)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	*out = (struct tweet_counts){ 0 };
	tally_states(t, f, out->of);
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT t.row_state, " TWEET_STATE ", count(CASE WHEN " FITS
	    " THEN 1 END)"
	    ", count(CASE WHEN t.next_at <= $1 THEN 1 END)"
	    " FROM " TWEET_TABLES " WHERE t.id IN (" MOVED ")"
	    " AND t.status = 'pending' GROUP BY 1, 2"));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, account);
	db_bind_text(&q, 3, f->code);
	db_bind_int(&q, 4, f->scheduled);
	db_bind_int(&q, 5, f->posted);
	db_bind_text(&q, 6, timeless ? NULL : now);
	TRY(db_step(&q, &row));
	while (row) {
		move(out, &q);
		TRY(db_step(&q, &row));
	}
	return OK;
}
