/*
 * success.c - how many of the tweets handed to X went out, lately.
 *
 * The index on attempt's end holds all that is asked of an attempt, so that a
 * week of a hundred thousand is read in a tenth of a second.
 */
#include "watch/success.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

enum err success_open(struct db_query *q, struct db *db, int64_t now)
{
	TRY(db_prepare(q, db,
	    "SELECT t.twitter_account_id,"
	    " CASE WHEN a.ended_at >= $1 THEN 0 WHEN a.ended_at >= $2 THEN 1"
	    " ELSE 2 END, a.outcome, count(*)"
	    " FROM attempt a JOIN tweet t ON t.id = a.tweet_id"
	    " WHERE a.ended_at >= $3 GROUP BY 1, 2, 3 ORDER BY 1"));
	for (int i = 0; i < SUCCESS_WINDOWS; i++) {
		char *since = arena_alloc(db->arena, CLOCK_TEXT);

		clock_sql(now - windows[i].seconds, since);
		db_bind_text(q, i + 1, since);
	}
	return OK;
}

/* SUCCESS__COUNT for what is neither, such as a person's word. */
static enum success_kind kind_of(const char *outcome)
{
	static const struct {
		const char *outcome;
		enum success_kind kind;
	} kinds[] = {
		{ "posted", SUCCESS_POSTED },
		{ "found", SUCCESS_POSTED },
		{ "refused", SUCCESS_FAILED },
		{ "unknown", SUCCESS_FAILED },
		{ "held_back", SUCCESS_PUT_OFF },
		{ "not_sent", SUCCESS_PUT_OFF },
		{ "unauthorized", SUCCESS_PUT_OFF },
	};

	for (size_t i = 0; outcome && i < COUNT(kinds); i++) {
		if (strcmp(kinds[i].outcome, outcome) == 0)
			return kinds[i].kind;
	}
	return SUCCESS__COUNT;
}

enum err success_turns(struct app *app, int64_t now)
{
	for (size_t i = 0; i < SUCCESS_WINDOWS; i++) {
		SCOPED(db_query) q = { 0 };
		int64_t first = 0;
		bool row = false;
		char since[CLOCK_TEXT];

		clock_sql(now - windows[i].seconds, since);
		TRY(db_prepare(&q, &app->db,
		    "SELECT min(ended_at) FROM attempt WHERE ended_at >= $1"));
		db_bind_text(&q, 1, since);
		TRY(db_step(&q, &row));
		if (!db_null(&q, 0) &&
		    clock_parse(str_of(db_peek(&q, 0)), &first))
			app_turns_at(app, first + windows[i].seconds + 1);
	}
	return OK;
}

enum err success_next(struct db_query *q, bool *more, struct success_row *row)
{
	*row = (struct success_row){ .account = *more ? db_int(q, 0) : 0 };
	while (*more && db_int(q, 0) == row->account) {
		enum success_kind kind = kind_of(db_peek(q, 2));
		int64_t window = db_int(q, 1);

		/* what was in the last hour was in the last day, too */
		for (; kind < SUCCESS__COUNT && window < SUCCESS_WINDOWS;
		     window++)
			row->success.n[window][kind] += db_int(q, 3);
		TRY(db_step(q, more));
	}
	return OK;
}

void success_add(struct success *sum, const struct success *more)
{
	for (size_t i = 0; i < SUCCESS_WINDOWS; i++) {
		for (size_t k = 0; k < SUCCESS__COUNT; k++)
			sum->n[i][k] += more->n[i][k];
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
		const int64_t *n = success->n[i];
		int64_t attempted = n[SUCCESS_POSTED] + n[SUCCESS_FAILED];
		cJSON *one = json_add(all, windows[i].name, json_object());

		json_add_int(one, "attempted", attempted);
		json_add_int(one, "posted", n[SUCCESS_POSTED]);
		json_add_int(one, "failed", n[SUCCESS_FAILED]);
		json_add_int(one, "put_off", n[SUCCESS_PUT_OFF]);
		add_rate(one, n[SUCCESS_POSTED], attempted);
	}
}
