/*
 * doubt.c - refusals that may be about a tweet or about its account.
 *
 * X often gives no word with a 403. The first of a row fail their tweets, since
 * each may be about its text. When the row shows that it is the account, they
 * were no failures: X has refused them for certain, so nothing is out, and they
 * can be sent again.
 */
#include "publish/doubt.h"

#include <inttypes.h>

#include "base/clock.h"
#include "publish/outcome.h"
#include "x/x_verdict.h"

enum { HOUR = 3600, DAY = 86400, LONGEST_ROW = DOUBT_RESTING };

int64_t doubt_seconds(int64_t refusals)
{
	int64_t seconds = HOUR;

	while (refusals-- > DOUBT_RESTING && seconds < DAY)
		seconds *= 2;
	return seconds < DAY ? seconds : DAY;
}

enum err doubt_note(struct run *run, struct lane *lane, int64_t refusals)
{
	SCOPED(db_query) q = { 0 };

	lane->refusals = refusals;
	TRY(db_prepare(&q, &run->app->db,
	    "UPDATE twitter_account SET refusals = $2 WHERE id = $1"));
	db_bind_int(&q, 1, lane->account);
	db_bind_int(&q, 2, refusals);
	return db_run(&q, NULL);
}

/* One tweet of the row. */
struct refused {
	int64_t tweet;
	int64_t attempt;
	const char *ended_at;
};

/* The newest tweets that X refused without a word since it took one. */
static enum err find_row(struct app *app, int64_t account, struct refused *row,
    int64_t most, int64_t *count)
{
	SCOPED(db_query) q = { 0 };
	bool more = false;

	*count = 0;
	TRY(db_prepare(&q, &app->db,
	    "SELECT t.id, p.id, p.ended_at, p.reason FROM tweet t"
	    " JOIN attempt p ON p.tweet_id = t.id"
	    " WHERE t.twitter_account_id = $1 AND t.status = 'failed'"
	    " AND t.code = 'tweet_refused' AND p.outcome = 'refused'"
	    " AND p.ended_at >= coalesce((SELECT max(posted_at) FROM tweet"
	    " WHERE twitter_account_id = $1 AND status = 'posted'), '')"
	    " ORDER BY p.id DESC"));
	db_bind_int(&q, 1, account);
	TRY(db_step(&q, &more));
	while (more && *count < most) {
		if (x_verdict_is_open(db_peek(&q, 3)))
			row[(*count)++] = (struct refused){ db_int(&q, 0),
				db_int(&q, 1), db_text(&q, 2) };
		TRY(db_step(&q, &more));
	}
	return OK;
}

static enum err take_back(
    struct app *app, const struct refused *refused, int64_t seconds)
{
	SCOPED(db_query) tweet = { 0 };
	SCOPED(db_query) attempt = { 0 };
	char at[CLOCK_TEXT];

	clock_sql(clock_now() + seconds, at);
	TRY(db_prepare(&tweet, &app->db,
	    "UPDATE tweet SET status = 'pending', code = $2, retry_at = $3"
	    " WHERE id = $1"));
	db_bind_int(&tweet, 1, refused->tweet);
	db_bind_text(&tweet, 2, err_name(ERR_ACCOUNT_HELD_BACK));
	db_bind_text(&tweet, 3, at);
	TRY(db_run(&tweet, NULL));
	TRY(db_prepare(&attempt, &app->db,
	    "UPDATE attempt SET outcome = 'held_back', code = $2"
	    " WHERE id = $1"));
	db_bind_int(&attempt, 1, refused->attempt);
	db_bind_text(&attempt, 2, err_name(ERR_ACCOUNT_HELD_BACK));
	return db_run(&attempt, NULL);
}

enum err doubt_take_back(
    struct run *run, struct lane *lane, int64_t most, int64_t seconds)
{
	struct refused row[LONGEST_ROW];
	int64_t count = 0;

	if (most > LONGEST_ROW)
		most = LONGEST_ROW;
	TRY(find_row(run->app, lane->account, row, most, &count));
	for (int64_t i = 0; i < count; i++) {
		TRY(take_back(run->app, &row[i], seconds));
		TRY(outcome_undo(run->app, lane->account, row[i].ended_at));
		lane_ended(run, lane, row[i].tweet, NULL, OK, NULL);
	}
	return OK;
}
