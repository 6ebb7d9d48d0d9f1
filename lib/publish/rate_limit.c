/*
 * rate_limit.c - X's rate limits, as its answers report them, and our calls.
 *
 * A window belongs to an account or to the app, and counts one kind of call. If
 * X does not report it, it starts with our first call and is as long as X's
 * documentation says.
 */
#include "publish/rate_limit.h"

#include "base/clock.h"
#include "publish/backoff.h"

enum { APP = 0, QUARTER = 15 * 60, DAY = 24 * 3600 };

struct window_row {
	int64_t owner;
	const char *name;
	const struct x_window *told;
	int64_t seconds; /* its length */
};

/* X's times are by X's clock. */
static int64_t x_now(const struct x_call *call)
{
	return call->date ? call->date : clock_now();
}

int64_t rate_limit_closed(
    const struct x_call *call, const struct x_window *window)
{
	int64_t left = window->reset - x_now(call);

	return window->limit >= 0 && window->remaining == 0 && left > 0 ? left
									: 0;
}

static enum err store(
    struct app *app, const struct x_call *call, const struct window_row *row)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT], reset[CLOCK_TEXT];
	bool told = row->told->limit >= 0 && row->told->reset > 0;
	bool closed = !told && call->err == ERR_RATE_LIMITED &&
		      call->retry_after > 0 && row->seconds == QUARTER;
	int64_t left = told     ? row->told->reset - x_now(call)
		       : closed ? call->retry_after
				: row->seconds;

	clock_sql(clock_now(), now);
	clock_sql(clock_now() + left, reset);
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO rate(owner, name, ceiling, remaining, reset_at, calls)"
	    " VALUES($1, $2, $3, $4, $5, 1)"
	    " ON CONFLICT(owner, name) DO UPDATE SET"
	    " calls = CASE WHEN rate.reset_at > $6 THEN calls + 1 ELSE 1 END,"
	    " ceiling = coalesce(excluded.ceiling, ceiling),"
	    " remaining = excluded.remaining,"
	    " reset_at = CASE WHEN $7 OR rate.reset_at <= $6"
	    " THEN excluded.reset_at ELSE rate.reset_at END"));
	db_bind_int(&q, 1, row->owner);
	db_bind_text(&q, 2, row->name);
	if (told) {
		db_bind_int(&q, 3, row->told->limit);
		db_bind_int(&q, 4, row->told->remaining);
	} else if (closed) {
		db_bind_int(&q, 4, 0);
	}
	db_bind_text(&q, 5, reset);
	db_bind_text(&q, 6, now);
	db_bind_int(&q, 7, told || closed);
	return db_run(&q, NULL);
}

/* What the 15-minute window of a call's kind is called; NULL: not kept. */
static const char *quarter_name(enum x_kind kind)
{
	switch (kind) {
	case X_TWEET:
		return "tweets_15min";
	case X_TIMELINE:
		return "timeline_15min";
	case X_ME:
		return "me_15min";
	case X_CODE:
	case X_REFRESH:
		break;
	}
	return NULL;
}

enum err rate_limit_store(struct app *app, const struct x_call *call)
{
	const char *quarter = quarter_name(call->kind);
	const struct window_row rows[] = {
		{ call->account_id, quarter, &call->user15, QUARTER },
		{ call->account_id, "tweets_24h", &call->user24, DAY },
		{ APP, "tweets_24h", &call->app24, DAY },
	};
	size_t count = call->kind == X_TWEET ? COUNT(rows) : 1;

	if (!quarter || !call->status || !call->account_id)
		return OK;
	for (size_t i = 0; i < count; i++)
		TRY(store(app, call, &rows[i]));
	return OK;
}

enum err rate_limit_timeline_open(struct app *app, int64_t account, bool *open)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool closed = false;

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM rate WHERE owner = $1 AND name = 'timeline_15min'"
	    " AND remaining = 0 AND reset_at > $2"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, now);
	TRY(db_step(&q, &closed));
	*open = !closed;
	return OK;
}

static cJSON *window_json(struct db_query *q)
{
	cJSON *json = json_object();

	json_add_text(json, "name", db_peek(q, 1));
	if (db_null(q, 2))
		json_add_null(json, "limit");
	else
		json_add_int(json, "limit", db_int(q, 2));
	if (db_null(q, 3))
		json_add_null(json, "remaining");
	else
		json_add_int(json, "remaining", db_int(q, 3));
	json_add_time(json, "reset_at", db_peek(q, 4));
	json_add_int(json, "calls", db_int(q, 5));
	return json;
}

/* Steps through the open windows of OWNER; *row is left on the next owner's. */
static enum err add_windows(
    struct db_query *q, int64_t owner, cJSON *json, bool *row)
{
	cJSON *limits = json_add(json, "limits", json_array());

	while (*row && db_int(q, 0) == owner) {
		json_push(limits, window_json(q));
		TRY(db_step(q, row));
	}
	return OK;
}

static enum err add_account(
    struct db_query *windows, struct db_query *q, cJSON *accounts, bool *row)
{
	cJSON *json = json_object();
	int64_t id = db_int(q, 0);

	json_add_int(json, "account_id", id);
	json_add_text(json, "username", db_peek(q, 1));
	json_add_time(json, "held_until", db_peek(q, 2));
	json_add_text(json, "held_code", db_peek(q, 3));
	json_push(accounts, json);
	while (*row && db_int(windows, 0) < id)
		TRY(db_step(windows, row));
	return add_windows(windows, id, json, row);
}

static enum err add_app_hold(struct app *app, cJSON *json)
{
	char until[CLOCK_TEXT];
	enum err why = OK;
	int64_t seconds = 0;

	TRY(backoff_of_app(app, &why, &seconds));
	clock_rfc3339(clock_now() + seconds, until);
	json_add_text(json, "held_until", why == OK ? NULL : until);
	json_add_text(json, "held_code", why == OK ? NULL : err_name(why));
	return OK;
}

enum err rate_limit_json(struct app *app, cJSON **out)
{
	SCOPED(db_query) windows = { 0 };
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;
	bool account = false;
	cJSON *json = json_object();
	cJSON *of_app = json_add(json, "app", json_object());
	cJSON *accounts = json_add(json, "accounts", json_array());

	clock_sql(clock_now(), now);
	TRY(add_app_hold(app, of_app));
	TRY(db_prepare(&windows, &app->db,
	    "SELECT owner, name, ceiling, remaining, reset_at, calls FROM rate"
	    " WHERE reset_at > $1 ORDER BY owner, name"));
	db_bind_text(&windows, 1, now);
	TRY(db_step(&windows, &row));
	TRY(add_windows(&windows, APP, of_app, &row));
	TRY(db_prepare(&q, &app->db,
	    "SELECT id, username, CASE WHEN hold_until > $1"
	    " THEN hold_until END,"
	    " CASE WHEN hold_until > $1 THEN hold_code END"
	    " FROM twitter_account ORDER BY id"));
	db_bind_text(&q, 1, now);
	TRY(db_step(&q, &account));
	while (account) {
		TRY(add_account(&windows, &q, accounts, &row));
		TRY(db_step(&q, &account));
	}
	*out = json;
	return OK;
}
