/*
 * alert.c - alerts: opened when a problem begins, closed when it is over.
 *
 * An alert is a row; a unique index on the open ones makes each cause and
 * subject one alert, however many ticks see it. The subject is an account, or 0
 * for the whole installation.
 */
#include "watch/alert.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "publish/doubt.h"

enum { KEEP_SECONDS = 90 * 86400, EVERYTHING = 0 };

#define FAILING "account_failing"
#define ENDED   "grant_ended"
#define RESTING "account_held_back"

static const char *const causes[] = {
	[CONDITION_TICK] = "tick_late",
	[CONDITION_CREDITS] = "credits_depleted",
	[CONDITION_X] = "x_unreachable",
	[CONDITION_DISK] = "disk_low",
	[CONDITION_DATABASE] = "database_trouble",
	[CONDITION_CLOCK] = "clock_wrong",
	[CONDITION_MISSED] = "tweets_missed",
	[CONDITION_REJECTED] = "tweets_rejected",
	[CONDITION_UNCONFIRMED] = "tweets_unconfirmed",
	[CONDITION_UNUSABLE] = "account_unusable",
};
_Static_assert(
    COUNT(causes) == CONDITION__COUNT, "a condition without its name");

static const struct {
	const char *cause;
	const char *hint;
} hints[] = {
	{ FAILING, "Look at the account's failed tweets: each says why." },
	{ ENDED, "Link the account again." },
	{ "tick_late",
	    "Check that cron runs `twitter-manager tick`, or let a web"
	    " cron fetch /api/v1/tick. `make run` also runs it." },
	{ "clock_wrong", "Synchronise this machine's clock with NTP." },
	{ "tweets_missed", "Release each tweet, or give it a new time." },
	{ "tweets_rejected",
	    "Each tweet says why: edit it and try again, or delete it." },
	{ "tweets_unconfirmed",
	    "Look at the account's timeline on X, then say whether the tweet"
	    " is there." },
	{ "account_unusable",
	    "The account says why: link it again, or make it active." },
};

const char *alert_hint(const char *cause, const char *code)
{
	enum err err = err_named(code);

	if (err != ERR__COUNT && err_hint(err))
		return err_hint(err);
	for (size_t i = 0; i < COUNT(hints); i++) {
		if (strcmp(hints[i].cause, cause) == 0)
			return hints[i].hint;
	}
	return NULL;
}

/* ---- opening and closing ------------------------------------------------- */

/* One check. Its log lines are written once everything is on disk. */
struct check {
	struct app *app;
	const char *now;
	cJSON *lines;
};

static void note(struct check *check, const char *what, const char *words)
{
	json_push(check->lines,
	    cJSON_CreateString(
		arena_printf(check->app->arena, "alert %s: %s", what, words)));
}

static void log_lines(const struct check *check)
{
	const cJSON *line;

	cJSON_ArrayForEach (line, check->lines)
		LOG_CAUSE("%s", line->valuestring);
}

struct alert {
	const char *cause;
	int64_t subject;
	const char *code;
	const char *words;
};

static enum err open_one(struct check *check, const struct alert *alert)
{
	SCOPED(db_query) q = { 0 };
	int64_t opened = 0;

	TRY(db_prepare(&q, &check->app->db,
	    "INSERT INTO alert(cause, subject, code, words, opened_at)"
	    " VALUES($1, $2, $3, $4, $5)"
	    " ON CONFLICT(cause, subject) WHERE closed_at IS NULL DO NOTHING"));
	db_bind_text(&q, 1, alert->cause);
	db_bind_int(&q, 2, alert->subject);
	db_bind_text(&q, 3, alert->code);
	db_bind_text(&q, 4, alert->words);
	db_bind_text(&q, 5, check->now);
	TRY(db_run(&q, &opened));
	if (opened)
		note(check, "opened", alert->words);
	return OK;
}

/* Updates the words of an alert about several tweets, which give their number.
 * That is not news, so it is not mailed again. */
static enum err update_words(struct check *check, const struct alert *alert)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &check->app->db,
	    "UPDATE alert SET words = $3 WHERE cause = $1 AND subject = $2"
	    " AND closed_at IS NULL AND words <> $3"));
	db_bind_text(&q, 1, alert->cause);
	db_bind_int(&q, 2, alert->subject);
	db_bind_text(&q, 3, alert->words);
	return db_run(&q, NULL);
}

/* Runs a statement that closes alerts and gives the words of each. */
static enum err close_rows(struct check *check, struct db_query *q)
{
	bool row = false;

	TRY(db_step(q, &row));
	while (row) {
		note(check, "closed", db_peek(q, 0));
		TRY(db_step(q, &row));
	}
	return OK;
}

static enum err close_one(struct check *check, const char *cause)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &check->app->db,
	    "UPDATE alert SET closed_at = $2 WHERE cause = $1 AND subject = 0"
	    " AND closed_at IS NULL RETURNING words"));
	db_bind_text(&q, 1, cause);
	db_bind_text(&q, 2, check->now);
	return close_rows(check, &q);
}

static enum err check_conditions(
    struct check *check, const struct condition *conditions)
{
	for (size_t i = 0; i < CONDITION__COUNT; i++) {
		const struct condition *t = &conditions[i];
		const struct alert alert = { causes[i], EVERYTHING,
			t->code == OK ? NULL : err_name(t->code), t->words };

		if (!t->words)
			TRY(close_one(check, causes[i]));
		else
			TRY(open_one(check, &alert));
		if (t->words && i >= CONDITION_MISSED)
			TRY(update_words(check, &alert));
	}
	return OK;
}

/* ---- accounts ------------------------------------------------------------ */

static const char *said(struct arena *a, const char *reason)
{
	return reason && reason[0] ? arena_printf(a, "; X says: %s", reason)
				   : "";
}

static enum err open_failing(struct check *check)
{
	SCOPED(db_query) q = { 0 };
	struct arena *a = check->app->arena;
	bool row = false;

	TRY(db_prepare(&q, &check->app->db,
	    "SELECT a.id, a.username, a.failures, t.code, t.reason"
	    " FROM twitter_account a LEFT JOIN tweet t ON t.id ="
	    " (SELECT max(id) FROM tweet WHERE twitter_account_id = a.id"
	    " AND status = 'failed')"
	    " WHERE a.failures >= $1 AND a.status = 'active'"
	    " AND NOT EXISTS (SELECT 1 FROM alert WHERE subject = a.id"
	    " AND cause = '" FAILING "' AND closed_at IS NULL)"));
	db_bind_int(&q, 1, check->app->config.alert_after);
	TRY(db_step(&q, &row));
	while (row) {
		const char *code = db_text(&q, 3);
		const struct alert alert = { FAILING, db_int(&q, 0), code,
			arena_printf(a, "@%s: the last %d tweets failed%s%s%s",
			    db_peek(&q, 1), (int)db_int(&q, 2),
			    code ? ", the newest by " : "", code ? code : "",
			    said(a, db_peek(&q, 4))) };

		TRY(open_one(check, &alert));
		TRY(db_step(&q, &row));
	}
	return OK;
}

static enum err close_failing(struct check *check)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &check->app->db,
	    "UPDATE alert SET closed_at = $2 WHERE cause = '" FAILING "'"
	    " AND closed_at IS NULL AND NOT EXISTS"
	    " (SELECT 1 FROM twitter_account a WHERE a.id = alert.subject"
	    " AND a.failures >= $1 AND a.status = 'active') RETURNING words"));
	db_bind_int(&q, 1, check->app->config.alert_after);
	db_bind_text(&q, 2, check->now);
	return close_rows(check, &q);
}

/* Why an account cannot be used, by its code and status. */
static const char *ended_words(const char *code, const char *status)
{
	enum err err = err_named(code);

	if (err == ERR__COUNT)
		err = strcmp(status, "suspended") == 0 ? ERR_ACCOUNT_SUSPENDED
						       : ERR_ACCOUNT_NOT_ACTIVE;
	return err_words(err);
}

static enum err open_ended(struct check *check)
{
	SCOPED(db_query) q = { 0 };
	struct arena *a = check->app->arena;
	bool row = false;

	TRY(db_prepare(&q, &check->app->db,
	    "SELECT a.id, a.username, a.status, a.code, a.reason"
	    " FROM twitter_account a WHERE a.status IN ('failed', 'suspended')"
	    " AND NOT EXISTS (SELECT 1 FROM alert WHERE subject = a.id"
	    " AND cause = '" ENDED "' AND closed_at IS NULL)"));
	TRY(db_step(&q, &row));
	while (row) {
		const char *code = db_text(&q, 3);
		const struct alert alert = { ENDED, db_int(&q, 0), code,
			arena_printf(a, "@%s: %s%s", db_peek(&q, 1),
			    ended_words(code, db_peek(&q, 2)),
			    said(a, db_peek(&q, 4))) };

		TRY(open_one(check, &alert));
		TRY(db_step(&q, &row));
	}
	return OK;
}

static enum err close_ended(struct check *check)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &check->app->db,
	    "UPDATE alert SET closed_at = $1 WHERE cause = '" ENDED "'"
	    " AND closed_at IS NULL AND NOT EXISTS"
	    " (SELECT 1 FROM twitter_account a WHERE a.id = alert.subject"
	    " AND a.status IN ('failed', 'suspended')) RETURNING words"));
	db_bind_text(&q, 1, check->now);
	return close_rows(check, &q);
}

static enum err open_resting(struct check *check)
{
	SCOPED(db_query) q = { 0 };
	struct arena *a = check->app->arena;
	bool row = false;

	TRY(db_prepare(&q, &check->app->db,
	    "SELECT a.id, a.username, (SELECT t.reason FROM tweet t"
	    " WHERE t.twitter_account_id = a.id AND t.status = 'pending'"
	    " AND t.code = 'account_held_back' LIMIT 1)"
	    " FROM twitter_account a WHERE a.refusals >= $1"
	    " AND a.status = 'active' AND NOT EXISTS (SELECT 1 FROM alert"
	    " WHERE subject = a.id AND cause = '" RESTING "'"
	    " AND closed_at IS NULL)"));
	db_bind_int(&q, 1, DOUBT_RESTING);
	TRY(db_step(&q, &row));
	while (row) {
		const struct alert alert = { RESTING, db_int(&q, 0),
			err_name(ERR_ACCOUNT_HELD_BACK),
			arena_printf(a, "@%s: %s%s", db_peek(&q, 1),
			    err_words(ERR_ACCOUNT_HELD_BACK),
			    said(a, db_peek(&q, 2))) };

		TRY(open_one(check, &alert));
		TRY(db_step(&q, &row));
	}
	return OK;
}

/* The problem is over only when X accepts a tweet or someone pauses the
 * account. */
static enum err close_resting(struct check *check)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &check->app->db,
	    "UPDATE alert SET closed_at = $2 WHERE cause = '" RESTING "'"
	    " AND closed_at IS NULL AND NOT EXISTS"
	    " (SELECT 1 FROM twitter_account a WHERE a.id = alert.subject"
	    " AND a.refusals >= $1 AND a.status = 'active') RETURNING words"));
	db_bind_int(&q, 1, DOUBT_RESTING);
	db_bind_text(&q, 2, check->now);
	return close_rows(check, &q);
}

static enum err remove_old(struct check *check)
{
	SCOPED(db_query) q = { 0 };
	char limit[CLOCK_TEXT];

	clock_sql(clock_now() - KEEP_SECONDS, limit);
	TRY(db_prepare(
	    &q, &check->app->db, "DELETE FROM alert WHERE closed_at < $1"));
	db_bind_text(&q, 1, limit);
	return db_run(&q, NULL);
}

enum err alert_check(struct app *app, const struct condition *conditions)
{
	char now[CLOCK_TEXT];
	struct check check = { app, now, json_array() };
	SCOPED(db_tx) tx = { 0 };

	clock_sql(clock_now(), now);
	TRY(db_begin(&tx, &app->db));
	TRY(check_conditions(&check, conditions));
	TRY(close_failing(&check));
	TRY(close_ended(&check));
	TRY(close_resting(&check));
	TRY(open_failing(&check));
	TRY(open_ended(&check));
	TRY(open_resting(&check));
	TRY(remove_old(&check));
	TRY(db_commit(&tx));
	log_lines(&check);
	return OK;
}

static enum err is_open(struct app *app, const char *cause, bool *open)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM alert WHERE cause = $1 AND subject = 0"
	    " AND closed_at IS NULL"));
	db_bind_text(&q, 1, cause);
	return db_step(&q, open);
}

enum err alert_tick_late(struct app *app, const char *words, bool *opened)
{
	char now[CLOCK_TEXT];
	struct check check = { app, now, json_array() };
	const struct alert alert = { causes[CONDITION_TICK], EVERYTHING, NULL,
		words };
	bool open = false;

	*opened = false;
	TRY(is_open(app, alert.cause, &open));
	if (open)
		return OK;
	clock_sql(clock_now(), now);
	TRY(open_one(&check, &alert)); /* a transaction of its own */
	*opened = cJSON_GetArraySize(check.lines) > 0;
	log_lines(&check);
	return OK;
}
