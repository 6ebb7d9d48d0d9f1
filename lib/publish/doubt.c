/*
 * doubt.c - refusals that may be about a tweet or about its account.
 *
 * X often gives no reason with a 403. The first ones fail their tweets, since
 * each may be about the text. When many in a row show that X refuses the
 * account, those tweets have not failed after all: X certainly refused them, so
 * they can be sent again.
 */
#include "publish/doubt.h"

#include "app/attempt.h"
#include "app/tweet_life.h"
#include "base/clock.h"
#include "publish/counters.h"
#include "x/x_verdict.h"

enum { HOUR = 3600, DAY = 86400, LONGEST_ROW = DOUBT_RESTING };

int64_t doubt_seconds(int64_t refusals)
{
	int64_t seconds = HOUR;

	while (refusals-- > DOUBT_RESTING && seconds < DAY)
		seconds *= 2;
	return seconds < DAY ? seconds : DAY;
}

enum err doubt_count(struct app *app, struct lane *lane, int64_t refusals)
{
	SCOPED(db_query) q = { 0 };

	lane->account.refusals = refusals;
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET refusals = $2 WHERE id = $1"));
	db_bind_int(&q, 1, lane->account.id);
	db_bind_int(&q, 2, refusals);
	return db_run(&q, NULL);
}

/* One tweet of the row. */
struct refused {
	int64_t tweet;
	int64_t attempt;
	const char *ended_at;
};

/* The newest tweets that X refused without a reason since it accepted one. */
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
	    " AND t.code = 'tweet_refused' AND p.outcome = $2"
	    " AND p.ended_at >= coalesce((SELECT max(posted_at) FROM tweet"
	    " WHERE twitter_account_id = $1 AND status = 'posted'), '')"
	    " ORDER BY p.id DESC"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, attempt_outcome_name(ATTEMPT_REFUSED));
	TRY(db_step(&q, &more));
	while (more && *count < most) {
		if (x_verdict_is_open(db_peek(&q, 3)))
			row[(*count)++] = (struct refused){ db_int(&q, 0),
				db_int(&q, 1), db_text(&q, 2) };
		TRY(db_step(&q, &more));
	}
	return OK;
}

enum err doubt_take_back(
    struct app *app, struct lane *lane, int64_t most, int64_t seconds)
{
	struct refused row[LONGEST_ROW];
	int64_t count = 0;

	if (most > LONGEST_ROW)
		most = LONGEST_ROW;
	TRY(find_row(app, lane->account.id, row, most, &count));
	for (int64_t i = 0; i < count; i++) {
		TRY(tweet_defer(
		    app, row[i].tweet, ERR_ACCOUNT_HELD_BACK, NULL, seconds));
		TRY(attempt_correct(app, row[i].attempt, ATTEMPT_HELD_BACK,
		    ERR_ACCOUNT_HELD_BACK));
		TRY(counters_take_back(app, lane->account.id, row[i].ended_at));
		lane_ended(app, lane, row[i].tweet, NULL, OK, NULL);
	}
	return OK;
}
