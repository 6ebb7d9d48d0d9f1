/* monitor.c - the status overview: what was posted, what is waiting, what is
 * wrong. */
#include "watch/monitor.h"

#include <string.h>

#include "app/account.h"
#include "app/account_standing.h"
#include "app/lease.h"
#include "app/tweet_count.h"
#include "app/tweet_valid.h"
#include "base/clock.h"
#include "base/log.h"
#include "publish/token.h"
#include "watch/alert.h"
#include "watch/alert_mail.h"
#include "watch/condition.h"
#include "watch/success_rate.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };
enum { MAIL_SECONDS = 5 };

/* ---- the tick ------------------------------------------------------------ */

/* The overview of the tick. If it is late, its alert is opened here, since no
 * tick comes to do it. */
static enum err add_tick(struct app *app, cJSON *json)
{
	cJSON *tick = json_add(json, "tick", json_object());
	const char *late = NULL;
	cJSON *result = NULL;
	int64_t last = 0;
	bool opened = false;
	char text[CLOCK_TEXT];

	TRY(condition_last_tick(app, &last, &result));
	if (!last) /* nothing stored says when the first one is due */
		app_valid_until(app, app->opened_at + 1);
	if (last || !lease_tick_runs(app)) /* the first may take minutes */
		TRY(condition_tick(app, last, clock_now(), &late));
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
	TOKEN_ENDS_SOON, /* soon enough to be renewed now */
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
_Static_assert(TOKEN_REFRESH_EARLY == 5 * MINUTE, "under_5_minutes");

static enum token token_of(
    struct app *app, const char *expires, bool none, int64_t now)
{
	static const int64_t before[] = { 0, TOKEN_REFRESH_EARLY, HOUR, DAY };
	int64_t at = 0;

	if (none)
		return TOKEN_NONE;
	if (!expires || !clock_parse(str_of(expires), &at))
		return TOKEN_UNKNOWN;
	for (size_t i = 0; i < COUNT(before); i++)
		app_valid_until(app, at - before[i] + (before[i] > 0));
	if (at <= now)
		return TOKEN_EXPIRED;
	if (at < now + TOKEN_REFRESH_EARLY)
		return TOKEN_ENDS_SOON;
	return at < now + HOUR  ? TOKEN_HOUR
	       : at < now + DAY ? TOKEN_DAY
				: TOKEN_LONGER;
}

/* ---- accounts ------------------------------------------------------------ */

/* The accounts that need attention, and why. */
struct need {
	bool person;
	const char *code;
	const char *hint;
};

static struct need need_of(
    const char *status, const char *code, bool oauth1, bool mock)
{
	struct account_standing standing =
	    account_standing(&(struct account_facts){ .status = status,
		.code = err_named(code),
		.oauth1 = oauth1,
		.mock = mock });
	struct need need = { standing.need != OK, code, NULL };

	if (standing.need == ERR_OAUTH1_UNSUPPORTED)
		need.code = err_name(standing.need);
	if (need.person)
		need.hint = err_hint(standing.need);
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
	success_rate_json(json, success);
	json_add_int(json, "consecutive_failures", db_int(q, 4));
	part = json_add(json, "token", json_object());
	json_add_time(part, "expires_at", db_peek(q, 5));
	json_add_text(part, "state", tokens[token].state);
	json_add_bool(json, "needs_person", need.person);
	json_add_text(json, "code", need.code);
	json_add_text(json, "hint", need.hint);
	json_push(o->accounts, json);
	o->tokens[token]++;
	if (need.person)
		add_need(o, id, username, &need);
}

/* Goes through the accounts and their success rates side by side. */
static enum err read_accounts(struct overview *o)
{
	SCOPED(db_query) posted = { 0 };
	SCOPED(db_query) q = { 0 };
	struct success_row one = { 0 };
	bool row = false;
	bool more = false;

	TRY(success_rate_valid_until(o->app, o->now));
	TRY(success_rate_open(&posted, &o->app->db, o->now));
	TRY(db_step(&posted, &more));
	TRY(success_rate_next(&posted, &more, &one));
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
			TRY(success_rate_next(&posted, &more, &one));
		add_account(o, &q, one.account == id ? &one.success : &none);
		if (one.account == id)
			success_rate_add(&o->all, &one.success);
		TRY(db_step(&q, &row));
	}
	return OK;
}

/* ---- all of it ----------------------------------------------------------- */

static enum err add_tweets(struct app *app, cJSON *json)
{
	cJSON *tweets = json_add(json, "tweets", json_object());
	const struct tally_filter any = { 0 };
	struct tweet_counts counts;
	struct tally all;

	TRY(tweet_valid_until_any(app));
	TRY(tally_read(app, 0, &all));
	TRY(tweet_count_states(app, &all, 0, &any, false, &counts));
	for (int i = 0; i < TWEET_STATE__COUNT; i++)
		json_add_int(tweets, tweet_states[i], counts.of[i]);
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
	success_rate_json(json, &o.all);
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
