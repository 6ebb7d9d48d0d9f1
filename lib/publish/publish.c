/*
 * publish.c - a publishing run: many accounts at a time, one tweet an account.
 *
 * The run works in rounds. A round is one transaction that takes every lane a
 * step further: it stores what X has answered since the last round and puts on
 * disk which calls come next. Only when it is committed do those calls begin.
 * So whatever kills the process, each tweet that may have reached X has an open
 * attempt on disk.
 */
#include "publish/publish.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>

#include "app/app_x.h"
#include "app/lease.h"
#include "app/mock_mode.h"
#include "base/clock.h"
#include "base/log.h"
#include "publish/late.h"
#include "publish/pending.h"
#include "publish/report.h"
#include "publish/step.h"
#include "store/kv.h"

enum {
	STORE_TRIES = 5, /* for a round with answers in hand */
	STORE_PAUSE_MS = 200,
	RENEW_MS = LEASE_SECONDS * 1000 / 3,
	WAIT_PAUSE_MS = 100 /* between looks at another process's lease */
};

static bool may_begin(const struct run *run, int64_t until_ms)
{
	const volatile sig_atomic_t *stop = run->app->stop;

	return clock_mono_ms() < until_ms && !(stop && *stop);
}

static enum err lane_step(struct run *run, struct lane *lane)
{
	if (lane->state == LANE_CALLED)
		TRY(step_store(run, lane));
	else if (lane->state == LANE_WAITING && run->begin)
		TRY(step_enter(run, lane));
	if (lane->state == LANE_IDLE)
		TRY(step_next(run, lane));
	return OK;
}

/* A sign of life for those who look from another machine. */
static enum err renew(struct run *run, struct lane *lane)
{
	int64_t now = clock_mono_ms();
	bool taken = false;

	if (now - lane->lease.renewed_ms < RENEW_MS)
		return OK;
	lane->lease.renewed_ms = now;
	TRY(lease_take(run->app, lane->account.id, &taken));
	lane->lease.lost = !taken;
	return OK;
}

/* One transaction for all that has happened and all that happens next. */
static enum err run_round(struct run *run)
{
	SCOPED(db_tx) tx = { 0 };

	TRY(db_begin(&tx, &run->app->db));
	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];

		if (lane->state == LANE_CALLING || lane->state == LANE_CALLED)
			TRY(renew(run, lane));
		TRY(lane_step(run, lane));
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

static void run_snapshot(struct run *run)
{
	memcpy(run->saved.lanes, run->lanes, run->count * sizeof(*run->lanes));
	run->saved.begun = run->begun;
	run->saved.x_date = run->x_date;
}

/* Undoes in memory what a round did; the database undoes its transaction. What
 * steps have put into the arena stays there unused. */
static void run_restore(struct run *run)
{
	memcpy(run->lanes, run->saved.lanes, run->count * sizeof(*run->lanes));
	run->begun = run->saved.begun;
	run->x_date = run->saved.x_date;
}

/* A round that fails leaves no trace. With X's answers in hand it is tried
 * again for a while; if it still fails, the attempts stay open on disk and a
 * later run finds out. */
static enum err run_round_safely(struct run *run)
{
	enum err err = OK;

	run_snapshot(run);
	for (int i = 0; i < STORE_TRIES; i++) {
		err = run_round(run);
		if (err == OK)
			return OK;
		run_restore(run);
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
		lane_set_state(lane, LANE_CALLING);
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

		lane_set_state(lane, LANE_CALLED);
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
		lane_admit(lane, *(*next)++);
	}
}

/* Takes what this round has ended out of the lanes, and frees those that are
 * done, but for the only one of a run for one tweet. */
static void take_ended(struct run *run, struct publish_result *result)
{
	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];

		report_lane(result, lane);
		if (run->tweet)
			continue;
		/* many accounts wait for a lane: nobody waits in one */
		if (lane->state == LANE_WAITING)
			report_waiting(run->app->arena, &result->busy,
			    lane->account.id, err_name(ERR_ACCOUNT_BUSY), NULL);
		if (lane->state == LANE_WAITING || lane->state == LANE_DONE)
			lane_set_state(lane, LANE_FREE);
	}
}

/* Runs until all ACCOUNTS (ends with 0) are through, or time is up and what was
 * begun has ended. */
static enum err run_lanes(
    struct run *run, const int64_t *accounts, struct publish_result *result)
{
	int64_t until = clock_mono_ms() + run->order.budget * 1000;

	for (;;) {
		run->begin = may_begin(run, until);
		if (run->begin)
			admit(run, &accounts);
		TRY(run_round_safely(run));
		begin_calls(run);
		take_ended(run, result);
		if (in_state(run, LANE_CALLING))
			gather(run);
		else if (in_state(run, LANE_WAITING) && run->begin)
			poll(NULL, 0, WAIT_PAUSE_MS);
		else if (!*accounts || !run->begin)
			return OK;
	}
}

/* How many lanes this limit allows, where each takes ONE and the rest of the
 * process OURS. */
static size_t lanes_within(int resource, rlim_t ours, rlim_t one)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX;
	if (limit.rlim_cur < ours + one)
		return 1;
	return (size_t)((limit.rlim_cur - ours) / one);
}

/* A lane for each account that is worked for at a time: as many as the settings
 * say, unless files or memory are too few. A call has a connection and, while
 * its name is looked up, two more; what else is open are files of ours. Where
 * X speaks no HTTP/2, each connection has the memory of its own TLS. */
static size_t lanes_wanted(const struct app *app)
{
	enum { FILES = 32, FILES_OF_A_LANE = 3 };
	enum { SPACE = 48 << 20, DATA = 24 << 20, OF_A_LANE = 256 << 10 };
	const size_t most[] = {
		lanes_within(RLIMIT_NOFILE, FILES, FILES_OF_A_LANE),
		lanes_within(RLIMIT_AS, SPACE, OF_A_LANE),
		lanes_within(RLIMIT_DATA, DATA, OF_A_LANE),
	};
	size_t lanes = (size_t)app->config.publish_concurrency;

	for (size_t i = 0; i < COUNT(most); i++) {
		if (most[i] < lanes)
			lanes = most[i];
	}
	return lanes;
}

static enum err run_open(struct run *run, struct app *app, size_t lanes)
{
	const char *date = NULL;

	run->app = app;
	run->count = lanes;
	run->lanes = arena_array(app->arena, lanes, sizeof(*run->lanes));
	run->saved.lanes = arena_array(app->arena, lanes, sizeof(*run->lanes));
	TRY(mock_mode_is_on(app, &run->mock));
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
		return fail_with(app, ERR_TWEET_NOT_FOUND);
	if (db_null(&q, 1)) /* another program's doing */
		return fail_with(app, ERR_ACCOUNT_NOT_FOUND);
	*account = db_int(&q, 0);
	return OK;
}

/* Turns why the lane ended into the app's fault. */
static enum err lane_fault(struct app *app, const struct lane *lane)
{
	if (lane->state == LANE_WAITING)
		return fail_with(app, ERR_ACCOUNT_BUSY);
	if (lane->end.err == OK)
		return fail(app, ERR_BEING_POSTED,
		    "there was no time left to send the tweet");
	fail(app, lane->end.err, "%s", lane->end.words);
	if (lane->end.reason)
		fault_reason(&app->fault, lane->end.reason);
	app->fault.hint = lane->end.hint;
	app->fault.retry_after = lane->end.retry_after;
	return lane->end.err;
}

enum err publish_one(struct app *app, int64_t tweet, const char **twitter_id)
{
	struct run run = { .tweet = tweet,
		.order.budget = PUBLISH_WAIT_SECONDS };
	struct publish_result result = { 0 };
	const struct publish_ended *ended;
	int64_t accounts[] = { 0, 0 };

	TRY(account_of(app, tweet, &accounts[0]));
	TRY(run_open(&run, app, 1));

	enum err err = run_lanes(&run, accounts, &result);

	x_end(&run.x);
	TRY(err);
	TRY(keep_date(&run));
	ended = report_tweet(&result, tweet);
	*twitter_id = ended ? ended->twitter_id : NULL;
	return *twitter_id ? OK : lane_fault(app, &run.lanes[0]);
}

static enum err hold_late(struct app *app)
{
	SCOPED(db_tx) tx = { 0 };
	int64_t held = 0;

	TRY(db_begin(&tx, &app->db));
	TRY(late_hold(app, &held));
	if (held)
		LOG_CAUSE("%" PRId64
			  " tweets are too late and are held: release them or"
			  " delete them",
		    held);
	return db_commit(&tx);
}

enum err publish_pending(struct app *app, const struct publish_order *order,
    struct publish_result *result)
{
	struct run run = { .order = *order };
	const int64_t *accounts = NULL;

	TRY(hold_late(app));
	TRY(run_open(&run, app, lanes_wanted(app)));
	TRY(pending_accounts(&run, &accounts));

	enum err err = run_lanes(&run, accounts, result);

	x_end(&run.x);
	TRY(err);
	TRY(keep_date(&run));
	return pending_rest(&run, result);
}
