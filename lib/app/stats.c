/* stats.c - counts by status. */
#include "app/stats.h"

#include <string.h>

#include "app/account.h"
#include "app/tally.h"
#include "app/tweet.h"
#include "base/clock.h"
#include "base/json.h"

enum { DAY = 86400 };

enum err stats_get(struct app *app, cJSON **out)
{
	cJSON *json = json_object();
	cJSON *accounts = json_add(json, "accounts", json_object());
	cJSON *tweets = json_add(json, "tweets", json_object());
	int64_t total = 0, active = 0;
	struct tally t;

	TRY(account_count(app, &total, &active));
	json_add_int(accounts, "total", total);
	json_add_int(accounts, "active", active);
	TRY(tally_read(app, 0, &t));
	json_add_int(
	    tweets, "total", tally_sum(&t, &(struct tally_filter){ 0 }));
	for (size_t i = 0; tweet_statuses[i]; i++)
		json_add_int(tweets, tweet_statuses[i],
		    tally_sum(&t,
			&(struct tally_filter){ .status = tweet_statuses[i] }));
	*out = json;
	return OK;
}

/* Adds DAY (days since 1970) with its counts. Q is at *ROW, the first row of
 * that day or a later one. */
static enum err add_day(
    struct app *app, struct db_query *q, int64_t day, cJSON *days, bool *row)
{
	cJSON *json = json_object();
	int64_t posted = 0;
	int64_t failed = 0;
	char date[CLOCK_TEXT];

	while (*row && -db_int(q, 0) <= day) {
		bool good = strcmp(db_peek(q, 1), "posted") == 0;

		*(good ? &posted : &failed) = db_int(q, 2);
		TRY(db_step(q, row));
	}
	clock_sql(day * DAY, date);
	json_add_text(json, "date", arena_copy(app->arena, date, 10));
	json_add_int(json, "posted", posted);
	json_add_int(json, "failed", failed);
	json_push(days, json);
	return OK;
}

enum err stats_daily(struct app *app, int64_t days, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	int64_t today = clock_now() / DAY;
	cJSON *json = json_array();
	bool row = false;

	app_valid_until(app, (today + 1) * DAY);
	TRY(db_prepare(&q, &app->db,
	    "SELECT owner, kind, n FROM tally WHERE owner BETWEEN $1 AND $2"
	    " ORDER BY owner DESC"));
	db_bind_int(&q, 1, -today);
	db_bind_int(&q, 2, days - 1 - today);
	TRY(db_step(&q, &row));
	for (int64_t day = today - days + 1; day <= today; day++)
		TRY(add_day(app, &q, day, json, &row));
	*out = json_object();
	json_add(*out, "days", json);
	return OK;
}
