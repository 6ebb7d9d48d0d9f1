/* tweet_valid.c - how long the states of tweets stay as they are: time alone
 * changes some. */
#include "app/tweet_valid.h"

#include "app/tweet_state.h"
#include "base/clock.h"

void tweet_valid_until(struct app *app, struct db_query *q, int column)
{
	for (int i = 0; i < 3; i++)
		app_valid_until_text(app, db_peek(q, column + i));
}

enum err tweet_valid_until_any(struct app *app)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	clock_sql(app->opened_at, now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT (SELECT min(scheduled_at) FROM tweet"
	    " WHERE scheduled_at > $1),"
	    " (SELECT min(next_at) FROM tweet WHERE next_at > $1),"
	    " (SELECT min(a.lease_until) FROM attempt p"
	    " JOIN tweet t ON t.id = p.tweet_id"
	    " JOIN twitter_account a ON a.id = t.twitter_account_id"
	    " WHERE p.ended_at IS NULL AND a.lease_until > $1)"));
	db_bind_text(&q, 1, now);
	TRY(db_step(&q, &row));
	tweet_valid_until(app, &q, 0);
	return OK;
}
