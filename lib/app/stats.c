/* stats.c - how many there are of what. */
#include "app/stats.h"

#include <string.h>

#include "app/account.h"
#include "base/clock.h"
#include "base/json.h"

enum { DAY = 86400 };

static enum err add(struct app *app, cJSON *json, const char *name,
    int64_t owner, const char *status)
{
	int64_t n = 0;

	TRY(account_tally(app, owner, status, &n));
	json_add_int(json, name, n);
	return OK;
}

enum err stats_get(struct app *app, cJSON **out)
{
	const int64_t accounts = -1;
	const int64_t tweets = 0;
	cJSON *json = json_object();
	cJSON *part = json_add(json, "accounts", json_object());

	TRY(add(app, part, "total", accounts, NULL));
	TRY(add(app, part, "active", accounts, "active"));
	part = json_add(json, "tweets", json_object());
	TRY(add(app, part, "total", tweets, NULL));
	TRY(add(app, part, "pending", tweets, "pending"));
	TRY(add(app, part, "posted", tweets, "posted"));
	TRY(add(app, part, "failed", tweets, "failed"));
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
