/* report.c - which accounts a publishing run has to see, and what it tells. */
#include "publish/report.h"

#include <string.h>

#include "app/account.h"
#include "app/tweet_state.h"
#include "base/clock.h"
#include "publish/hold.h"
#include "publish/late.h"

/* Accounts with pending tweets, from the counts; one whose only pending tweets
 * are unknown ones is among them, to be looked at. A tick sees those whose
 * tokens end soon, too. */
static enum err prepare_accounts(struct run *run, struct db_query *q)
{
	char *soon = arena_alloc(run->app->arena, CLOCK_TEXT);

	if (!run->order.tick) {
		TRY(db_prepare(q, &run->app->db,
		    "SELECT owner FROM tally WHERE owner > 0"
		    " AND status = 'pending' AND n > 0"
		    " AND ($1 = 0 OR owner = $1) ORDER BY owner"));
		db_bind_int(q, 1, run->order.account);
		return OK;
	}
	clock_sql(clock_now() + PUBLISH_REFRESH_EARLY, soon);
	TRY(db_prepare(q, &run->app->db,
	    "SELECT id FROM twitter_account WHERE status = 'active'"
	    " AND mock = 0 AND refresh_token <> '' AND expires_at < $1"
	    " UNION SELECT owner FROM tally WHERE owner > 0"
	    " AND status = 'pending' AND n > 0 ORDER BY 1"));
	db_bind_text(q, 1, soon);
	return OK;
}

enum err report_accounts(struct run *run, const int64_t **accounts)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;
	size_t n = 0;
	size_t size = 64;
	int64_t *list = arena_array(run->app->arena, size, sizeof(*list));

	TRY(prepare_accounts(run, &q));
	TRY(db_step(&q, &row));
	while (row) {
		if (n + 1 == size) {
			int64_t *more = arena_array(
			    run->app->arena, 2 * size, sizeof(*list));

			memcpy(more, list, size * sizeof(*list));
			list = more;
			size *= 2;
		}
		list[n++] = db_int(&q, 0);
		TRY(db_step(&q, &row));
	}
	*accounts = list;
	return OK;
}

cJSON *report_row(const cJSON *list, const char *name, int64_t id)
{
	cJSON *row;

	cJSON_ArrayForEach (row, list) {
		int64_t found = 0;

		if (str_int64(str_of(json_get(row, name)->valuestring), 1,
			INT64_MAX, &found) &&
		    found == id)
			return row;
	}
	return NULL;
}

/* Takes back what was told of a tweet that is pending again. */
static void drop_detail(struct report *report, int64_t tweet)
{
	cJSON *row = report_row(report->details, "tweet_id", tweet);

	if (!row)
		return; /* it had failed in another run */
	cJSON_DetachItemViaPointer(report->details, row);
	report->failed--;
}

static void add_detail(
    struct report *report, const struct ended *e, int64_t account)
{
	cJSON *json;

	if (e->err == OK && !e->twitter_id) {
		drop_detail(report, e->tweet);
		return;
	}
	json = json_object();
	if (!report->details)
		report->details = json_array();
	json_add_int(json, "tweet_id", e->tweet);
	json_add_int(json, "account_id", account);
	json_add_text(json, "status", e->err == OK ? "posted" : "failed");
	if (e->err == OK) {
		json_add_text(json, "twitter_id", e->twitter_id);
		report->posted++;
	} else {
		json_add_text(json, "error", e->words);
		json_add_text(json, "code", err_name(e->err));
		json_add_bool(json, "retryable", err_retryable(e->err));
		report->failed++;
	}
	json_push(report->details, json);
}

static void add_busy(struct report *report, int64_t account)
{
	cJSON *json = json_object();

	if (!report->busy)
		report->busy = json_array();
	json_add_int(json, "account_id", account);
	json_add_null(json, "until");
	json_add_text(json, "code", err_name(ERR_ACCOUNT_BUSY));
	json_push(report->busy, json);
}

void report_turn(struct report *report, struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];

		for (const struct ended *e = lane->ended; e; e = e->next) {
			add_detail(report, e, lane->account);
			if (e->tweet == run->tweet)
				report->twitter_id = e->twitter_id;
		}
		lane->ended = NULL;
		report->settled += lane->settled;
		report->refreshed += lane->refreshes;
		lane->settled = lane->refreshes = 0;
		if (run->tweet)
			continue;
		/* many accounts wait for a lane: nobody waits in one */
		if (lane->state == LANE_WAITING)
			add_busy(report, lane->account);
		if (lane->state == LANE_WAITING || lane->state == LANE_DONE)
			lane->state = LANE_FREE;
	}
}

/* Why an account's pending tweets cannot go until a person does something. */
static enum err blocked_by(struct run *run, struct db_query *q)
{
	enum err code = err_named(db_peek(q, 2));
	const char *status = db_peek(q, 1);

	if (db_int(q, 3))
		return ERR_OAUTH1_UNSUPPORTED;
	if (db_int(q, 4) && !run->mock)
		return ERR_MOCK_MISMATCH;
	if (!status || strcmp(status, "active") == 0)
		return OK;
	return code == ERR__COUNT ? ERR_ACCOUNT_NOT_ACTIVE : code;
}

struct waiting {
	cJSON *held_back;
	cJSON *blocked;
	int64_t remaining;
	enum err app_held;
	char app_until[CLOCK_TEXT];
	char now[CLOCK_TEXT];
};

/* Puts one account with pending tweets where it belongs. */
static void sort_account(struct run *run, struct db_query *q, struct waiting *w)
{
	enum err blocked = blocked_by(run, q);
	const char *hold_until = db_peek(q, 5);
	bool held = hold_until && strcmp(hold_until, w->now) > 0;
	cJSON *json = json_object();

	if (run->order.tick && run->mock && !db_int(q, 4))
		return; /* a tick leaves tweets of real accounts alone */
	json_add_int(json, "account_id", db_int(q, 0));
	if (blocked != OK) {
		json_add_text(json, "code", err_name(blocked));
		json_push(w->blocked, json);
		return;
	}
	if (w->app_held != OK || held) {
		account_add_time(json, "until",
		    w->app_held != OK ? w->app_until : hold_until);
		json_add_text(json, "code",
		    w->app_held != OK ? err_name(w->app_held) : db_peek(q, 6));
		json_push(w->held_back, json);
		return;
	}
	w->remaining += db_int(q, 7);
	if (db_int(q, 7) || db_null(q, 8))
		return;
	account_add_time(json, "until", db_peek(q, 8));
	json_add_text(json, "code",
	    db_null(q, 9) ? err_name(ERR_OUTCOME_UNKNOWN) : db_peek(q, 9));
	json_push(w->held_back, json);
}

static enum err sort_accounts(struct run *run, struct waiting *w)
{
	SCOPED(db_query) q = { 0 };
	char before[CLOCK_TEXT], spread[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now() - run->app->config.late_spread_seconds, spread);
	late_before(run->app, before);
	TRY(db_prepare(&q, &run->app->db,
	    "SELECT a.id, a.status, a.code,"
	    " coalesce(a.access_token_secret, '') <> '', a.mock,"
	    " a.hold_until, a.hold_code,"
	    " (SELECT count(*) FROM tweet t WHERE t.twitter_account_id = a.id"
	    "  AND " TWEET_READY
	    "  AND (t.scheduled_at IS NULL OR t.scheduled_at >= $5"
	    "   OR a.late_at IS NULL OR a.late_at <= $6)),"
	    " (SELECT min(coalesce(t.retry_at, p.look_at)) FROM tweet t"
	    "  LEFT JOIN attempt p ON p.tweet_id = t.id"
	    "   AND p.ended_at IS NULL"
	    "  WHERE t.twitter_account_id = a.id AND t.status = 'pending'),"
	    " (SELECT t.code FROM tweet t WHERE t.twitter_account_id = a.id"
	    "  AND t.status = 'pending' AND t.retry_at IS NOT NULL LIMIT 1)"
	    " FROM tally n JOIN twitter_account a ON a.id = n.owner"
	    " WHERE n.owner > 0 AND n.status = 'pending' AND n.n > 0"
	    " AND EXISTS (SELECT 1 FROM tweet t"
	    "  WHERE t.twitter_account_id = a.id AND t.status = 'pending'"
	    "  AND coalesce(t.draft, 0) = 0)"
	    " AND ($4 = 0 OR n.owner = $4) ORDER BY a.id"));
	db_bind_text(&q, 1, w->now);
	db_bind_int(&q, 2, run->order.tick);
	db_bind_text(&q, 3, run->order.ids);
	db_bind_int(&q, 4, run->order.account);
	db_bind_text(&q, 5, before);
	db_bind_text(&q, 6, spread);
	TRY(db_step(&q, &row));
	while (row) {
		sort_account(run, &q, w);
		TRY(db_step(&q, &row));
	}
	return OK;
}

enum err report_json(struct report *report, struct run *run, cJSON **out)
{
	struct waiting w = { .held_back = json_array(),
		.blocked = json_array() };
	cJSON *json = json_object();
	int64_t seconds = 0;

	clock_sql(clock_now(), w.now);
	TRY(hold_of_app(run->app, &w.app_held, &seconds));
	clock_sql(clock_now() + seconds, w.app_until);
	TRY(sort_accounts(run, &w));
	while (report->busy && report->busy->child)
		json_push(w.held_back, cJSON_DetachItemViaPointer(
					   report->busy, report->busy->child));

	json_add_int(json, "total", report->posted + report->failed);
	json_add_int(json, "posted", report->posted);
	json_add_int(json, "failed", report->failed);
	json_add_int(json, "settled", report->settled);
	json_add_int(json, "refreshed", report->refreshed);
	json_add(
	    json, "details", report->details ? report->details : json_array());
	json_add_int(json, "remaining", w.remaining);
	json_add(json, "held_back", w.held_back);
	json_add(json, "blocked", w.blocked);
	*out = json;
	return OK;
}
