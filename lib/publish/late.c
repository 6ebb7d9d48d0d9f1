/* late.c - scheduled tweets that missed their time. */
#include "publish/late.h"

#include <stddef.h>

#include "app/tweet_life.h"
#include "base/clock.h"

void late_before(const struct app *app, char *text)
{
	clock_sql(clock_now() - app->config.late_limit_minutes * 60, text);
}

enum err late_hold(struct app *app, int64_t *held)
{
	char before[CLOCK_TEXT];

	*held = 0;
	if (app->config.late_post)
		return OK;
	late_before(app, before);
	return tweet_hold_late(app, before, held);
}

bool late_may_go(const struct app *app, const char *late_at)
{
	int64_t last = 0;
	int64_t now = clock_now();

	if (!late_at || !clock_parse(str_of(late_at), &last) || last > now)
		return true;
	return now - last >= app->config.late_spread_seconds;
}

enum err late_mark_sent(struct app *app, int64_t account)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET late_at = $2 WHERE id = $1"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, now);
	return db_run(&q, NULL);
}

enum err late_release(struct app *app, int64_t tweet)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) exists = { 0 };
	bool released = false;
	bool row = false;

	TRY(db_begin(&tx, &app->db));
	TRY(tweet_release(app, tweet, &released));
	if (released)
		return db_commit(&tx);
	TRY(db_prepare(&exists, &app->db, "SELECT 1 FROM tweet WHERE id = $1"));
	db_bind_int(&exists, 1, tweet);
	TRY(db_step(&exists, &row));
	return row ? fail_with(app, ERR_NOT_HELD)
		   : fail_with(app, ERR_TWEET_NOT_FOUND);
}
