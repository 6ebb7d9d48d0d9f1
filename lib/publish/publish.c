/*
 * publish.c - a publishing run: many accounts at a time, one tweet an account.
 *
 * The run goes in turns. A turn is one transaction that stores what X has
 * answered since the last one and puts on disk what is called next; only when
 * it is committed do those calls begin. So whatever kills the process, each
 * tweet that may have reached X has an open attempt on disk.
 */
#include "publish/publish.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "app/app_x.h"
#include "app/lease.h"
#include "app/mode.h"
#include "base/clock.h"
#include "base/log.h"
#include "publish/late.h"
#include "publish/report.h"
#include "publish/run.h"
#include "store/kv.h"

enum {
	STORE_TRIES = 5, /* for a turn with answers in hand */
	STORE_PAUSE_MS = 200,
	RENEW_MS = LEASE_SECONDS * 1000 / 3,
	WAIT_PAUSE_MS = 100 /* between looks at another process's lease */
};

static bool may_begin(const struct run *run, int64_t until_ms)
{
	const volatile sig_atomic_t *stop = run->app->stop;

	return clock_mono_ms() < until_ms && !(stop && *stop);
}

static enum err lane_turn(struct run *run, struct lane *lane)
{
	if (lane->state == LANE_CALLED)
		TRY(lane_store(run, lane));
	else if (lane->state == LANE_WAITING && run->begin)
		TRY(lane_enter(run, lane));
	if (lane->state == LANE_IDLE)
		TRY(lane_next(run, lane));
	return OK;
}

/* A sign of life for those who look from another machine. */
static enum err renew(struct run *run, struct lane *lane)
{
	int64_t now = clock_mono_ms();
	bool taken = false;

	if (now - lane->renewed_ms < RENEW_MS)
		return OK;
	lane->renewed_ms = now;
	TRY(lease_take(run->app, lane->account, &taken));
	lane->lost = !taken;
	return OK;
}

/* One transaction for all that has happened and all that happens next. */
static enum err turn(struct run *run)
{
	SCOPED(db_tx) tx = { 0 };

	TRY(db_begin(&tx, &run->app->db));
	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];

		if (lane->state == LANE_CALLING || lane->state == LANE_CALLED)
			TRY(renew(run, lane));
		TRY(lane_turn(run, lane));
	}
	return db_commit(&tx);
}

static bool answers_in_hand(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		if (run->lanes[i].state == LANE_CALLED)
			return true;
	}
	return false;
}

/* A turn that fails leaves no trace. With X's answers in hand it is tried again
 * for a while; if it cannot be, the attempts stay open on disk and a later run
 * finds out. */
static enum err turn_safely(struct run *run)
{
	size_t bytes = run->count * sizeof(*run->lanes);
	struct run run_before = *run;
	enum err err = OK;

	memcpy(run->before, run->lanes, bytes);
	for (int i = 0; i < STORE_TRIES; i++) {
		err = turn(run);
		if (err == OK)
			return OK;
		memcpy(run->lanes, run->before, bytes);
		*run = run_before;
		if (!answers_in_hand(run))
			return err;
		poll(NULL, 0, STORE_PAUSE_MS);
	}
	LOG_CAUSE("X's answers could not be stored: %s", run->app->fault.words);
	return err;
}

static void begin_calls(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];

		if (lane->state != LANE_BEGUN)
			continue;
		lane->state = LANE_CALLING;
		x_start(&run->x, lane->call);
	}
}

static bool in_state(const struct run *run, enum lane_state state)
{
	for (size_t i = 0; i < run->count; i++) {
		if (run->lanes[i].state == state)
			return true;
	}
	return false;
}

/* Waits for one answer and takes all that have come with it. */
static void gather(struct run *run)
{
	int64_t deadline = in_state(run, LANE_WAITING)
			       ? clock_mono_ms() + WAIT_PAUSE_MS
			       : INT64_MAX;
	struct x_call *call = x_wait(&run->x, deadline);

	while (call) {
		struct lane *lane = call->context;

		lane->state = LANE_CALLED;
		call = x_wait(&run->x, 0);
	}
}

/* Puts the next account into each lane that is free. */
static void admit(struct run *run, const int64_t **next)
{
	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];

		if (lane->state != LANE_FREE || !**next)
			continue;
		*lane = (struct lane){ .state = LANE_WAITING,
			.account = *(*next)++ };
	}
}

/* Runs until all ACCOUNTS (ends with 0) are through, or time is up and what was
 * begun has ended. */
static enum err run_lanes(
    struct run *run, const int64_t *accounts, struct report *report)
{
	int64_t until = clock_mono_ms() + run->order.budget * 1000;

	for (;;) {
		run->begin = may_begin(run, until);
		if (run->begin)
			admit(run, &accounts);
		TRY(turn_safely(run));
		begin_calls(run);
		report_turn(report, run);
		if (in_state(run, LANE_CALLING))
			gather(run);
		else if (in_state(run, LANE_WAITING) && run->begin)
			poll(NULL, 0, WAIT_PAUSE_MS);
		else if (!*accounts || !run->begin)
			return OK;
	}
}

static enum err run_open(struct run *run, struct app *app, size_t lanes)
{
	const char *date = NULL;

	run->app = app;
	run->count = lanes;
	run->lanes = arena_array(app->arena, lanes, sizeof(*run->lanes));
	run->before = arena_array(app->arena, lanes, sizeof(*run->before));
	TRY(mode_mock(app, &run->mock));
	TRY(kv_find(&app->db, "x_date", &date));
	if (!date || !clock_parse(str_of(date), &run->x_date))
		run->x_date = 0;
	TRY(lease_open(app));
	return app_open_x(app, run->mock, &run->x);
}

/* Keeps what X's clock said last. */
static enum err keep_date(struct run *run)
{
	char text[CLOCK_TEXT];

	if (!run->x_date)
		return OK;
	clock_sql(run->x_date, text);
	return kv_set(&run->app->db, "x_date", text);
}

static enum err account_of(struct app *app, int64_t tweet, int64_t *account)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT t.twitter_account_id, a.id FROM tweet t"
	    " LEFT JOIN twitter_account a ON a.id = t.twitter_account_id"
	    " WHERE t.id = $1"));
	db_bind_int(&q, 1, tweet);
	TRY(db_step(&q, &row));
	if (!row)
		return fail(app, ERR_TWEET_NOT_FOUND, "Tweet not found");
	if (db_null(&q, 1)) /* another program's doing */
		return fail(app, ERR_ACCOUNT_NOT_FOUND, "Account not found");
	*account = db_int(&q, 0);
	return OK;
}

/* Turns why the lane ended into the app's fault. */
static enum err lane_fault(struct app *app, const struct lane *lane)
{
	if (lane->state == LANE_WAITING)
		return fail(app, ERR_ACCOUNT_BUSY,
		    "another request is sending for this account");
	if (lane->err == OK)
		return fail(app, ERR_BEING_POSTED,
		    "there was no time left to send the tweet");
	fail(app, lane->err, "%s", lane->words);
	if (lane->reason)
		fault_reason(&app->fault, lane->reason);
	app->fault.hint = lane->hint;
	app->fault.retry_after = lane->retry_after;
	return lane->err;
}

enum err publish_one(struct app *app, int64_t tweet, const char **twitter_id)
{
	struct run run = { .tweet = tweet,
		.order.budget = PUBLISH_WAIT_SECONDS };
	struct report report = { 0 };
	int64_t accounts[] = { 0, 0 };

	TRY(account_of(app, tweet, &accounts[0]));
	TRY(run_open(&run, app, 1));

	enum err err = run_lanes(&run, accounts, &report);

	x_end(&run.x);
	TRY(err);
	TRY(keep_date(&run));
	*twitter_id = report.twitter_id;
	return *twitter_id ? OK : lane_fault(app, &run.lanes[0]);
}

static enum err hold_late(struct app *app)
{
	SCOPED(db_tx) tx = { 0 };
	int64_t held = 0;

	TRY(db_begin(&tx, &app->db));
	TRY(late_hold(app, &held));
	if (held)
		LOG_CAUSE("%d tweets are too late and are held: release them or"
			  " delete them",
		    (int)held);
	return db_commit(&tx);
}

enum err publish_pending(
    struct app *app, const struct publish_order *order, cJSON **out)
{
	struct run run = { .order = *order };
	struct report report = { 0 };
	const int64_t *accounts = NULL;

	TRY(hold_late(app));
	TRY(run_open(&run, app, (size_t)app->config.publish_concurrency));
	TRY(report_accounts(&run, &accounts));

	enum err err = run_lanes(&run, accounts, &report);

	x_end(&run.x);
	TRY(err);
	TRY(keep_date(&run));
	return report_json(&report, &run, out);
}
