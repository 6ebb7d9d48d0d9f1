/* stats.c - how many there are of what. */
#include "app/stats.h"

#include <string.h>

#include "app/account.h"
#include "app/tally.h"
#include "base/clock.h"
#include "base/json.h"

enum { DAY = 86400 };

static enum err add_tweets(struct app *app, cJSON *json, const char *name)
{
	const int64_t all = 0;
	int64_t n = 0;

	TRY(tally_count(
	    app, all, strcmp(name, "total") == 0 ? NULL : name, &n));
	json_add_int(json, name, n);
	return OK;
}

enum err stats_get(struct app *app, cJSON **out)
{
	cJSON *json = json_object();
	cJSON *accounts = json_add(json, "accounts", json_object());
	cJSON *tweets = json_add(json, "tweets", json_object());
	int64_t total = 0, active = 0;

	TRY(account_count(app, NULL, &total));
	TRY(account_count(app, "active", &active));
	json_add_int(accounts, "total", total);
	json_add_int(accounts, "active", active);
	TRY(add_tweets(app, tweets, "total"));
	TRY(add_tweets(app, tweets, "pending"));
	TRY(add_tweets(app, tweets, "posted"));
	TRY(add_tweets(app, tweets, "failed"));
	*out = json;
	return OK;
}

/* Adds the DAY (since 1970) with its counts, of which Q, on *ROW, has those of
 * the days to come. */
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

	app_turns_at(app, (today + 1) * DAY);
	TRY(db_prepare(&q, &app->db,
	    "SELECT owner, status, n FROM tally WHERE owner BETWEEN $1 AND $2"
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
