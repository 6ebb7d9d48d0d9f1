/*
 * success_rate.c - the recent success rate: how many tweets sent to X were
 * posted.
 *
 * The index on an attempt's end has all columns that are read here, so a week
 * with a hundred thousand attempts takes a tenth of a second.
 */
#include "watch/success_rate.h"

#include <inttypes.h>
#include <stdio.h>

#include "app/attempt.h"
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

enum err success_rate_open(struct db_query *q, struct db *db, int64_t now)
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

/* What an outcome counts as; SUCCESS__COUNT: as nothing. */
static enum success_kind kind_of(enum attempt_outcome outcome)
{
	switch (outcome) {
	case ATTEMPT_POSTED:
	case ATTEMPT_FOUND:
		return SUCCESS_POSTED;
	case ATTEMPT_REFUSED:
	case ATTEMPT_UNKNOWN:
		return SUCCESS_FAILED;
	case ATTEMPT_HELD_BACK:
	case ATTEMPT_NOT_SENT:
	case ATTEMPT_UNAUTHORIZED:
		return SUCCESS_PUT_OFF;
	case ATTEMPT_RESOLVED: /* it has been counted as unknown */
	case ATTEMPT__COUNT:   /* written by another program */
		break;
	}
	return SUCCESS__COUNT;
}

enum err success_rate_valid_until(struct app *app, int64_t now)
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
			app_valid_until(app, first + windows[i].seconds + 1);
	}
	return OK;
}

enum err success_rate_next(
    struct db_query *q, bool *more, struct success_row *row)
{
	*row = (struct success_row){ .account = *more ? db_int(q, 0) : 0 };
	while (*more && db_int(q, 0) == row->account) {
		enum success_kind kind =
		    kind_of(attempt_outcome_named(db_peek(q, 2)));
		int64_t window = db_int(q, 1);

		/* the last hour is part of the last day */
		for (; kind < SUCCESS__COUNT && window < SUCCESS_WINDOWS;
		     window++)
			row->success.n[window][kind] += db_int(q, 3);
		TRY(db_step(q, more));
	}
	return OK;
}

void success_rate_add(struct success *sum, const struct success *more)
{
	for (size_t i = 0; i < SUCCESS_WINDOWS; i++) {
		for (size_t k = 0; k < SUCCESS__COUNT; k++)
			sum->n[i][k] += more->n[i][k];
	}
}

/* POSTED / ATTEMPTED with four decimal places; null if nothing was
 * attempted. */
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

void success_rate_json(cJSON *json, const struct success *success)
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
