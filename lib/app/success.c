/*
 * success.c - how many of the tweets handed to X went out, lately.
 *
 * The index on attempt's end holds all that is asked of an attempt, so that a
 * week of a hundred thousand is read in a tenth of a second.
 */
#include "app/success.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

static const struct {
	const char *name;
	int64_t seconds;
} windows[] = {
	{ "hour", 3600 },
	{ "day", 86400 },
	{ "week", 7 * 86400 },
};
_Static_assert(COUNT(windows) == SUCCESS_WINDOWS, "a window without its name");

#define SUMS(n) KIND("posted", n) KIND("failed", n) KIND("put_off", n)
#define KIND(how, n) \
	", count(*) FILTER (WHERE how = '" how "' AND at >= $" #n ")"

enum err success_open(struct db_query *q, struct db *db, int64_t now)
{
	char *since;

	TRY(db_prepare(q, db,
	    "SELECT account" SUMS(1) SUMS(2) SUMS(
		3) " FROM"
		   " (SELECT t.twitter_account_id AS account, a.ended_at AS at,"
		   " CASE WHEN a.outcome IN ('posted', 'found') THEN 'posted'"
		   " WHEN a.outcome IN ('refused', 'unknown') THEN 'failed'"
		   " WHEN a.outcome IN ('held_back', 'not_sent', 'unauthorized')"
		   " THEN 'put_off' END AS how"
		   " FROM attempt a JOIN tweet t ON t.id = a.tweet_id"
		   " WHERE a.ended_at >= $3) AS ended GROUP BY account"
		   " ORDER BY account"));
	for (int i = 0; i < SUCCESS_WINDOWS; i++) {
		since = arena_alloc(db->arena, CLOCK_TEXT);
		clock_sql(now - windows[i].seconds, since);
		db_bind_text(q, i + 1, since);
	}
	return OK;
}

enum err success_next(struct db_query *q, struct success_row *row)
{
	bool more = false;

	*row = (struct success_row){ 0 };
	TRY(db_step(q, &more));
	if (!more)
		return OK;
	row->account = db_int(q, 0);
	for (int i = 0; i < SUCCESS_WINDOWS; i++) {
		row->success.windows[i].posted = db_int(q, i * 3 + 1);
		row->success.windows[i].failed = db_int(q, i * 3 + 2);
		row->success.windows[i].put_off = db_int(q, i * 3 + 3);
	}
	return OK;
}

void success_add(struct success *sum, const struct success *more)
{
	for (size_t i = 0; i < SUCCESS_WINDOWS; i++) {
		sum->windows[i].posted += more->windows[i].posted;
		sum->windows[i].failed += more->windows[i].failed;
		sum->windows[i].put_off += more->windows[i].put_off;
	}
}

/* POSTED of ATTEMPTED with four places, null where there was nothing. */
static void add_rate(cJSON *json, int64_t posted, int64_t attempted)
{
	char text[32];

	if (!attempted) {
		json_add_null(json, "rate");
		return;
	}

	int64_t rate = (posted * 20000 + attempted) / (2 * attempted);

	snprintf(text, sizeof(text), "%" PRId64 ".%04" PRId64, rate / 10000,
	    rate % 10000);
	json_add(json, "rate", cJSON_CreateRaw(text));
}

void success_json(cJSON *json, const struct success *success)
{
	cJSON *all = json_add(json, "success", json_object());

	for (size_t i = 0; i < SUCCESS_WINDOWS; i++) {
		const struct success_window *w = &success->windows[i];
		cJSON *one = json_add(all, windows[i].name, json_object());

		json_add_int(one, "attempted", w->posted + w->failed);
		json_add_int(one, "posted", w->posted);
		json_add_int(one, "failed", w->failed);
		json_add_int(one, "put_off", w->put_off);
		add_rate(one, w->posted, w->posted + w->failed);
	}
}
