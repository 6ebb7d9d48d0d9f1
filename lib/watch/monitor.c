/* monitor.c - how it goes: what was posted, what waits, what is wrong. */
#include "watch/monitor.h"

#include <inttypes.h>
#include <string.h>

#include "app/account.h"
#include "app/lease.h"
#include "app/tally.h"
#include "app/tweet_state.h"
#include "app/tweet_turn.h"
#include "base/clock.h"
#include "base/log.h"
#include "publish/publish.h"
#include "store/kv.h"
#include "watch/alert.h"
#include "watch/alert_mail.h"
#include "watch/overdue.h"
#include "watch/success.h"
#include "watch/trouble.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };
enum { ALL_TWEETS = 0, MAIL_SECONDS = 5 };

/* ---- the tick ------------------------------------------------------------ */

/* Keeps how the tick ended: when, with which error, and all its counts. */
static enum err keep_tick(struct app *app, enum err err, const cJSON *result)
{
	cJSON *json = json_object();
	const cJSON *item;
	char now[CLOCK_TEXT];

	clock_rfc3339(clock_now(), now);
	json_add_text(json, "at", now);
	json_add_text(json, "error", err == OK ? NULL : err_name(err));
	cJSON_ArrayForEach (item, result) {
		if (cJSON_IsNumber(item) || cJSON_IsRaw(item))
			json_add(
			    json, item->string, cJSON_Duplicate(item, false));
	}
	return kv_set(&app->db, "last_tick", json_print(json));
}

static enum err after_tick(
    struct app *app, const struct fault *run, const cJSON *result)
{
	struct trouble troubles[TROUBLE__COUNT] = { 0 };
	int64_t last = 0;

	TRY(trouble_last_tick(app, &last, NULL));
	if (last) /* this may be the first, and then it is what was missed */
		TRY(trouble_tick(
		    app, last, clock_now(), &troubles[TROUBLE_TICK].words));
	TRY(trouble_look(app, run, troubles));
	TRY(overdue_look(app, troubles));
	TRY(keep_tick(app, run->err, result));
	return alert_check(app, troubles);
}

enum err monitor_tick(
    struct app *app, enum err err, const cJSON *result, int64_t seconds)
{
	struct fault run = { 0 };

	if (err != OK)
		run = app->fault;

	enum err noted = after_tick(app, &run, result);

	if (noted != OK)
		LOG_CAUSE("the tick's end: %s", app->fault.words);
	alert_mail(app, seconds);
	if (err == OK)
		return noted;
	app->fault = run;
	return err;
}

/* What is shown of the tick; one that is late raises its alert here, since no
 * tick comes to do it. */
static enum err add_tick(struct app *app, cJSON *json)
{
	cJSON *tick = json_add(json, "tick", json_object());
	const char *late = NULL;
	cJSON *result = NULL;
	int64_t last = 0;
	bool opened = false;
	char text[CLOCK_TEXT];

	TRY(trouble_last_tick(app, &last, &result));
	if (!last) /* what is said of the first one, no row tells */
		app_turns_at(app, app->opened_at + 1);
	if (last || !lease_tick_runs(app)) /* the first may take minutes */
		TRY(trouble_tick(app, last, clock_now(), &late));
	clock_rfc3339(last, text);
	json_add_text(tick, "last_at", last ? text : NULL);
	json_add_int(
	    tick, "interval_minutes", app->config.tick_interval_minutes);
	json_add_bool(tick, "late", late != NULL);
	if (result)
		json_add(tick, "last", result);
	else
		json_add_null(tick, "last");
	if (late && alert_tick_late(app, late, &opened) != OK)
		LOG_CAUSE("no alert could be opened: %s", app->fault.words);
	if (opened)
		alert_mail(app, MAIL_SECONDS);
	return OK;
}

/* ---- tokens -------------------------------------------------------------- */

enum token {
	TOKEN_ENDS_SOON, /* within the time in which it is renewed */
	TOKEN_HOUR,
	TOKEN_DAY,
	TOKEN_LONGER,
	TOKEN_EXPIRED,
	TOKEN_UNKNOWN,
	TOKEN_NONE, /* mock mode, OAuth 1.0a */
	TOKEN__COUNT
};

static const struct {
	const char *bucket;
	const char *state;
} tokens[] = {
	[TOKEN_ENDS_SOON] = { "under_5_minutes", "soon" },
	[TOKEN_HOUR] = { "under_1_hour", "ok" },
	[TOKEN_DAY] = { "under_1_day", "ok" },
	[TOKEN_LONGER] = { "longer", "ok" },
	[TOKEN_EXPIRED] = { "expired", "expired" },
	[TOKEN_UNKNOWN] = { "unknown", "unknown" },
	[TOKEN_NONE] = { "none", "none" },
};
_Static_assert(COUNT(tokens) == TOKEN__COUNT, "a token without its name");
_Static_assert(PUBLISH_REFRESH_EARLY == 5 * MINUTE, "under_5_minutes");

static enum token token_of(
    struct app *app, const char *expires, bool none, int64_t now)
{
	static const int64_t before[] = { 0, PUBLISH_REFRESH_EARLY, HOUR, DAY };
	int64_t at = 0;

	if (none)
		return TOKEN_NONE;
	if (!expires || !clock_parse(str_of(expires), &at))
		return TOKEN_UNKNOWN;
	for (size_t i = 0; i < COUNT(before); i++)
		app_turns_at(app, at - before[i] + (before[i] > 0));
	if (at <= now)
		return TOKEN_EXPIRED;
	if (at < now + PUBLISH_REFRESH_EARLY)
		return TOKEN_ENDS_SOON;
	return at < now + HOUR  ? TOKEN_HOUR
	       : at < now + DAY ? TOKEN_DAY
				: TOKEN_LONGER;
}

/* ---- accounts ------------------------------------------------------------ */

/* Which account needs a person, and for what. */
struct need {
	bool person;
	const char *code;
	const char *hint;
};

static struct need need_of(
    const char *status, const char *code, bool oauth1, bool mock)
{
	enum err err = err_named(code);
	bool ended = status && (strcmp(status, "failed") == 0 ||
				   strcmp(status, "suspended") == 0);
	struct need need = { ended, code, NULL };

	if (!ended && oauth1 && !mock) {
		need.person = true;
		err = ERR_OAUTH1_UNSUPPORTED;
		need.code = err_name(err);
	}
	if (need.person)
		need.hint =
		    err_hint(err == ERR__COUNT ? ERR_ACCOUNT_NOT_ACTIVE : err);
	return need;
}

struct overview {
	struct app *app;
	int64_t now;
	cJSON *accounts;
	cJSON *needs_person;
	int64_t tokens[TOKEN__COUNT];
	struct success all;
};

static void add_need(struct overview *o, int64_t id, const char *username,
    const struct need *need)
{
	cJSON *json = json_object();

	json_add_int(json, "account_id", id);
	json_add_text(json, "username", username);
	json_add_text(json, "code", need->code);
	json_add_text(json, "hint", need->hint);
	json_push(o->needs_person, json);
}

static void add_account(
    struct overview *o, struct db_query *q, const struct success *success)
{
	cJSON *json = json_object();
	int64_t id = db_int(q, 0);
	const char *username = db_peek(q, 1);
	bool mock = db_int(q, 3) != 0;
	bool oauth1 = db_int(q, 7) != 0;
	struct need need = need_of(db_peek(q, 2), db_peek(q, 6), oauth1, mock);
	enum token token =
	    token_of(o->app, db_peek(q, 5), mock || oauth1, o->now);
	cJSON *part;

	json_add_int(json, "account_id", id);
	json_add_text(json, "username", username);
	json_add_text(json, "status", db_peek(q, 2));
	json_add_bool(json, "mock", mock);
	success_json(json, success);
	json_add_int(json, "consecutive_failures", db_int(q, 4));
	part = json_add(json, "token", json_object());
	account_add_time(part, "expires_at", db_peek(q, 5));
	json_add_text(part, "state", tokens[token].state);
	json_add_bool(json, "needs_person", need.person);
	json_add_text(json, "code", need.code);
	json_add_text(json, "hint", need.hint);
	json_push(o->accounts, json);
	o->tokens[token]++;
	if (need.person)
		add_need(o, id, username, &need);
}

/* Goes through the accounts and, beside them, what was posted for each. */
static enum err read_accounts(struct overview *o)
{
	SCOPED(db_query) posted = { 0 };
	SCOPED(db_query) q = { 0 };
	struct success_row one = { 0 };
	bool row = false;
	bool more = false;

	TRY(success_turns(o->app, o->now));
	TRY(success_open(&posted, &o->app->db, o->now));
	TRY(db_step(&posted, &more));
	TRY(success_next(&posted, &more, &one));
	TRY(db_prepare(&q, &o->app->db,
	    "SELECT id, username, " ACCOUNT_KNOWN_STATUS
	    ", mock, failures, expires_at, code,"
	    " coalesce(access_token_secret, '') <> ''"
	    " FROM twitter_account ORDER BY id"));
	TRY(db_step(&q, &row));
	while (row) {
		const struct success none = { 0 };
		int64_t id = db_int(&q, 0);

		while (one.account && one.account < id)
			TRY(success_next(&posted, &more, &one));
		add_account(o, &q, one.account == id ? &one.success : &none);
		if (one.account == id)
			success_add(&o->all, &one.success);
		TRY(db_step(&q, &row));
	}
	return OK;
}

/* ---- all of it ----------------------------------------------------------- */

static enum err add_tweets(struct app *app, cJSON *json)
{
	static const char *const waiting[] = { "draft", "pending", "scheduled",
		"due", "held", "held_back", "sending", "unknown",
		"unconfirmed" };
	SCOPED(db_query) q = { 0 };
	cJSON *tweets = json_add(json, "tweets", json_object());
	int64_t counts[COUNT(waiting)] = { 0 };
	int64_t *const unconfirmed = &counts[COUNT(waiting) - 1];
	int64_t posted = 0, failed = 0;
	char now[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now(), now);
	TRY(tweet_turn_all(app));
	TRY(db_prepare(&q, &app->db,
	    "SELECT " TWEET_STATE ", count(*) FROM " TWEET_TABLES
	    " WHERE t.status = 'pending' GROUP BY 1"
	    " UNION ALL SELECT 'unconfirmed', count(*) FROM tweet"
	    " WHERE status = 'failed' AND code = 'outcome_unknown'"));
	db_bind_text(&q, 1, now);
	TRY(db_step(&q, &row));
	while (row) {
		for (size_t i = 0; i < COUNT(waiting); i++) {
			if (strcmp(waiting[i], db_peek(&q, 0)) == 0)
				counts[i] = db_int(&q, 1);
		}
		TRY(db_step(&q, &row));
	}
	TRY(tally_count(app, ALL_TWEETS, "posted", &posted));
	TRY(tally_count(app, ALL_TWEETS, "failed", &failed));
	for (size_t i = 0; i < COUNT(waiting); i++)
		json_add_int(tweets, waiting[i], counts[i]);
	json_add_int(tweets, "posted", posted);
	json_add_int(tweets, "failed", failed - *unconfirmed);
	return OK;
}

static enum err add_alerts(struct app *app, cJSON *json)
{
	cJSON *list = NULL;
	cJSON *causes = NULL;

	TRY(alert_open_list(app, ALERT_LIST_MAX, &list));
	TRY(alert_causes(app, &causes));
	json_add(json, "alerts",
	    cJSON_DetachItemViaPointer(list, json_get(list, "alerts")));
	json_add_text(
	    json, "alerts_next_cursor", json_text(list, "next_cursor"));
	json_add(json, "alert_causes", causes);
	return OK;
}

enum err monitor_json(struct app *app, cJSON **out)
{
	struct overview o = { .app = app,
		.now = clock_now(),
		.accounts = json_array(),
		.needs_person = json_array() };
	cJSON *json = json_object();
	cJSON *part;
	char now[CLOCK_TEXT];

	clock_rfc3339(o.now, now);
	json_add_text(json, "generated_at", now);
	TRY(read_accounts(&o));
	success_json(json, &o.all);
	json_add(json, "accounts", o.accounts);
	part = json_add(json, "tokens", json_object());
	for (size_t i = 0; i < TOKEN__COUNT; i++)
		json_add_int(part, tokens[i].bucket, o.tokens[i]);
	json_add(json, "needs_person", o.needs_person);
	TRY(add_tweets(app, json));
	TRY(add_tick(app, json));
	TRY(add_alerts(app, json));
	*out = json;
	return OK;
}
