/*
 * condition.c - conditions of the whole installation that need attention.
 *
 * Each condition follows from what is stored, so all processes see the same,
 * and a condition lasts until something shows that it is over.
 */
#include "watch/condition.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/attempt.h"
#include "base/clock.h"
#include "base/json.h"
#include "publish/backoff.h"
#include "store/kv.h"
#include "x/x_id.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* ---- the tick ------------------------------------------------------------ */

enum err condition_last_tick(struct app *app, int64_t *at, cJSON **result)
{
	const char *value = NULL;
	const char *why = NULL;
	cJSON *json = NULL;

	*at = 0;
	TRY(kv_find(&app->db, "last_tick", &value));
	if (value)
		json = json_parse(value, strlen(value), &why);
	if (!json || !clock_parse(str_of(json_text(json, "at")), at))
		*at = 0;
	if (result)
		*result = *at ? json : NULL;
	return OK;
}

enum err condition_no_tick(struct app *app, bool *missing)
{
	int64_t most = 2 * app->config.tick_interval_minutes * MINUTE;
	int64_t last = 0;

	TRY(condition_last_tick(app, &last, NULL));
	*missing = clock_now() - last > most;
	return OK;
}

/* Cron may run a whole interval late, and a tick may use up its budget. */
static int64_t patience(const struct config *config)
{
	int64_t interval = config->tick_interval_minutes * MINUTE;
	int64_t budget = config->tick_budget_seconds;

	return interval + (budget > interval ? budget : interval);
}

/* Whether anything has been waiting for a tick since DEADLINE, or was held by a
 * run that a person began. */
static enum err waits(struct app *app, int64_t deadline, bool *found)
{
	SCOPED(db_query) q = { 0 };
	char text[CLOCK_TEXT];

	clock_sql(deadline, text);
	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM tweet WHERE next_at < $1 UNION ALL"
	    " SELECT 1 FROM tweet WHERE row_state = 'held' LIMIT 1"));
	db_bind_text(&q, 1, text);
	return db_step(&q, found);
}

static const char *duration(struct arena *a, int64_t seconds)
{
	if (seconds < HOUR)
		return arena_printf(a, "%d minutes", (int)(seconds / MINUTE));
	if (seconds < 2 * DAY)
		return arena_printf(a, "%d h %d min", (int)(seconds / HOUR),
		    (int)(seconds % HOUR / MINUTE));
	return arena_printf(a, "%" PRId64 " days", seconds / DAY);
}

enum err condition_tick(
    struct app *app, int64_t last, int64_t now, const char **words)
{
	int64_t most = patience(&app->config);
	bool found = false;
	char text[CLOCK_TEXT];

	*words = NULL;
	if (last) {
		app_valid_until(app, last + most + 1);
		clock_sql(last, text);
		if (now - last > most)
			*words = arena_printf(app->arena,
			    "the scheduler (cron) didn't run for %s after %s"
			    " UTC; it should run every %d minutes",
			    duration(app->arena, now - last), text,
			    (int)app->config.tick_interval_minutes);
		return OK;
	}
	TRY(waits(app, now - most, &found));
	if (found)
		*words = "the scheduler (cron) has never run, and"
			 " scheduled tweets are waiting for it";
	return OK;
}

/* ---- X ------------------------------------------------------------------- */

/* Whether X has accepted a post since UNTIL, when the app's pause ended. */
static enum err posted_since(struct app *app, int64_t until, bool *posted)
{
	SCOPED(db_query) q = { 0 };
	char since[CLOCK_TEXT];

	clock_sql(until, since);
	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM attempt a JOIN tweet t ON t.id = a.tweet_id"
	    " WHERE a.ended_at >= $1 AND a.outcome = $2"
	    " AND coalesce(t.mock, 0) = 0 LIMIT 1"));
	db_bind_text(&q, 1, since);
	db_bind_text(&q, 2, attempt_outcome_name(ATTEMPT_POSTED));
	return db_step(&q, posted);
}

/* A pause ends by the clock; credits are back when X has accepted a post. */
static enum err check_credits(struct app *app, struct condition *out)
{
	enum err code = OK;
	bool over = false;
	int64_t until = 0;

	TRY(backoff_app_last(app, &code, &until));
	if (code != ERR_CREDITS_DEPLETED && code != ERR_APP_NOT_ENROLLED)
		return OK;
	if (until <= clock_now())
		TRY(posted_since(app, until, &over));
	if (over)
		return OK;
	out->code = code;
	out->words = code == ERR_CREDITS_DEPLETED
			 ? "the app's credits at X are used up: nothing is"
			   " posted"
			 : "your X app isn't enrolled for API access:"
			   " nothing is posted";
	return OK;
}

/* Failures of X as a whole that several calls in a row have met. An account
 * whose pause ended hours ago has nothing left to send. */
static enum err check_x(struct app *app, struct condition *out)
{
	SCOPED(db_query) q = { 0 };
	char recent[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now() - 2 * HOUR, recent);
	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*), max(hold_code) FROM twitter_account"
	    " WHERE hold_count >= $1 AND hold_until > $2 AND status = 'active'"
	    " AND hold_code IN ('x_unavailable', 'x_unreadable', 'x_timeout',"
	    " 'app_refused')"));
	db_bind_int(&q, 1, app->config.alert_after);
	db_bind_text(&q, 2, recent);
	TRY(db_step(&q, &row));

	int64_t accounts = db_int(&q, 0);

	if (!accounts)
		return OK;
	out->code = err_named(db_peek(&q, 1));
	out->words = arena_printf(app->arena,
	    "X could not be used %d times in a row; the tweets of %" PRId64
	    " account%s wait",
	    (int)app->config.alert_after, accounts, accounts == 1 ? "" : "s");
	return OK;
}

/* Compares X's time of the latest post with ours. */
static enum err check_clock(struct app *app, struct condition *out)
{
	enum { MOST = 5 * MINUTE };
	SCOPED(db_query) q = { 0 };
	int64_t ours = 0;
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT t.twitter_id, p.ended_at FROM (SELECT id, tweet_id,"
	    " outcome, ended_at FROM attempt ORDER BY id DESC LIMIT 1000) AS p"
	    " JOIN tweet t ON t.id = p.tweet_id WHERE p.outcome = $1"
	    " AND coalesce(t.mock, 0) = 0 ORDER BY p.id DESC LIMIT 1"));
	db_bind_text(&q, 1, attempt_outcome_name(ATTEMPT_POSTED));
	TRY(db_step(&q, &row));
	if (!row || !clock_parse(str_of(db_peek(&q, 1)), &ours))
		return OK;

	int64_t theirs = x_id_time(db_peek(&q, 0));
	int64_t skew = theirs - ours;

	if (!theirs || (skew >= -MOST && skew <= MOST))
		return OK;
	out->words = arena_printf(app->arena,
	    "this machine's clock is %s %s X's: tweets are sent at the"
	    " wrong time",
	    duration(app->arena, skew < 0 ? -skew : skew),
	    skew < 0 ? "ahead of" : "behind");
	return OK;
}

/* ---- this machine -------------------------------------------------------- */

bool condition_disk_low(uint64_t free_bytes, uint64_t total)
{
	const uint64_t mib = 1024 * 1024;

	if (free_bytes < 64 * mib)
		return true;
	return free_bytes < total / 50 && free_bytes < 1024 * mib;
}

static void check_disk(
    struct app *app, const struct fault *run, struct condition *out)
{
	struct statvfs fs;

	out->code = ERR_DISK_FULL;
	if (run->err == ERR_DISK_FULL) {
		out->words = arena_text(app->arena, run->words);
		return;
	}
	if (statvfs(app->config.instance_dir, &fs) != 0)
		return;

	uint64_t free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;

	if (condition_disk_low(free_bytes, (uint64_t)fs.f_blocks * fs.f_frsize))
		out->words = arena_printf(app->arena,
		    "the disk that holds %s has only %" PRIu64 " MiB left",
		    app->config.instance_dir, free_bytes / (1024 * 1024));
}

/* Runs SQLite's quick check; says in words what is wrong, if anything. */
static enum err ask(struct app *app, const char **words)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	*words = NULL;
	TRY(db_prepare(&q, &app->db, "PRAGMA quick_check(1)"));
	TRY(db_step(&q, &row));
	if (row && strcmp(db_peek(&q, 0), "ok") != 0)
		*words = arena_printf(
		    app->arena, "the database is damaged: %s", db_peek(&q, 0));
	return OK;
}

/* The check reads the whole file: once a day is enough while all is well, and
 * it is skipped if it would take more than a moment. */
static enum err check_pages(struct app *app, const char **words)
{
	enum { LARGEST = 256 * 1024 * 1024 };
	const char *last = NULL;
	struct stat st;
	int64_t at = 0;
	char now[CLOCK_TEXT];

	*words = NULL;
	TRY(kv_find(&app->db, "database_checked", &last));
	if (last && clock_parse(str_of(last), &at) && at <= clock_now() &&
	    at > clock_now() - DAY)
		return OK;
	if (stat(app->config.database, &st) != 0 || st.st_size > LARGEST)
		return OK;
	if (ask(app, words) != OK)
		*words = arena_text(app->arena, app->fault.words);
	clock_sql(clock_now(), now);
	return kv_set(&app->db, "database_checked", *words ? NULL : now);
}

static enum err check_database(
    struct app *app, const struct fault *run, struct condition *out)
{
	out->code = ERR_DATABASE;
	if (run->err == ERR_DATABASE || run->err == ERR_DATABASE_BUSY) {
		out->code = run->err;
		out->words = arena_text(app->arena, run->words);
		return OK;
	}
	return check_pages(app, &out->words);
}

enum err condition_check(
    struct app *app, const struct fault *run, struct condition *conditions)
{
	TRY(check_credits(app, &conditions[CONDITION_CREDITS]));
	TRY(check_x(app, &conditions[CONDITION_X]));
	TRY(check_clock(app, &conditions[CONDITION_CLOCK]));
	check_disk(app, run, &conditions[CONDITION_DISK]);
	return check_database(app, run, &conditions[CONDITION_DATABASE]);
}
