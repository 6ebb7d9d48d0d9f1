/*
 * tweet_send.c - sends one tweet, and stores what X answered.
 *
 * While a tweet's attempt is open, X may have the tweet. X's answer closes it;
 * if the answer is lost, a later run checks the timeline (reconcile.h).
 */
#include "publish/tweet_send.h"

#include <string.h>

#include "app/attempt.h"
#include "app/tweet.h"
#include "app/tweet_life.h"
#include "app/tweet_state.h"
#include "base/clock.h"
#include "publish/backoff.h"
#include "publish/counters.h"
#include "publish/doubt.h"
#include "publish/late.h"
#include "publish/rate_limit.h"
#include "publish/reconcile.h"
#include "publish/text_check.h"
#include "publish/token.h"
#include "x/x_verdict.h"

enum { UNKNOWN_WAIT_SECONDS = 15 };

/* Whether the tweet that a person asked for may be sent; if not, the lane ends
 * and says why. */
static enum err may_send(
    struct run *run, struct lane *lane, struct db_query *q, bool *may)
{
	const char *status = db_peek(q, 2);
	enum err code = err_named(db_peek(q, 3));

	*may = false;
	if (strcmp(status, "posted") == 0)
		return lane_stop(run->app, lane, ERR_ALREADY_POSTED, NULL);
	if (db_int(q, 4))
		return lane_stop(run->app, lane, ERR_BEING_POSTED,
		    "X didn't answer, so we're checking the account's"
		    " timeline");
	if (strcmp(status, "failed") == 0 && tweet_in_doubt(code))
		return lane_stop(run->app, lane, ERR_OUTCOME_UNKNOWN, NULL);
	if (strcmp(status, "failed") == 0 && !err_retryable(code))
		return lane_stop(run->app, lane, ERR_FAILED_FOR_GOOD, NULL);
	if (db_int(q, 5) && strcmp(status, "pending") == 0)
		return lane_stop(run->app, lane, ERR_IS_DRAFT, NULL);
	*may = true;
	return OK;
}

static void take_row(struct lane *lane, struct db_query *q)
{
	lane->tweet.id = db_int(q, 0);
	lane->tweet.text = db_text(q, 1);
	lane->tweet.readable = db_readable(q, 1);
}

static enum err find_asked(struct run *run, struct lane *lane, bool *found)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &run->app->db,
	    "SELECT t.id, t.content, " TWEET_STATUS ", " TWEET_CODE
	    ", " TWEET_ON_ITS_WAY ", t.draft FROM tweet t WHERE t.id = $1"));
	db_bind_int(&q, 1, run->tweet);
	TRY(db_step(&q, found));
	if (!*found)
		return lane_stop(run->app, lane, ERR_TWEET_NOT_FOUND, NULL);
	TRY(may_send(run, lane, &q, found));
	if (!*found)
		return OK;
	take_row(lane, &q);
	return OK;
}

/* A tick sends tweets in the order of their times, other runs in the order of
 * their creation; overdue tweets go one at a time. */
static enum err prepare_next(
    struct run *run, struct db_query *q, const char *order_ids)
{
#define NEXT(order)                                                \
	"SELECT t.id, t.content, t.scheduled_at < $5 FROM tweet t" \
	" WHERE t.twitter_account_id = $4 AND " TWEET_READY        \
	" AND ($3 IS NOT NULL OR $6 OR t.scheduled_at IS NULL"     \
	" OR t.scheduled_at >= $5)"                                \
	" AND ($7 OR t.code IS NOT 'account_held_back')"           \
	" ORDER BY " order " LIMIT 1"

	if (run->order.tick && !order_ids)
		return db_prepare(q, &run->app->db,
		    NEXT("coalesce(t.scheduled_at, t.created_at), t.id"));
	return db_prepare(q, &run->app->db, NEXT("t.id"));
#undef NEXT
}

/* Finds the next tweet. SUSPECTS, for which X refused the whole account, come
 * last: one of them could keep all others waiting. */
static enum err find_among(
    struct run *run, struct lane *lane, bool suspects, bool *found)
{
	SCOPED(db_query) q = { 0 };
	const char *ids = run->order.ids;
	char now[CLOCK_TEXT], before[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	late_before(run->app, before);
	TRY(prepare_next(run, &q, ids));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, run->order.tick);
	db_bind_text(&q, 3, ids);
	db_bind_int(&q, 4, lane->account.id);
	db_bind_text(&q, 5, before);
	db_bind_int(&q, 6, lane->progress.late_ok);
	db_bind_int(&q, 7, suspects);
	TRY(db_step(&q, found));
	if (!*found)
		return OK;
	take_row(lane, &q);
	if (db_int(&q, 2) && !ids) {
		lane->progress.late_ok = late_may_go(run->app, now);
		TRY(late_mark_sent(run->app, lane->account.id));
	}
	return OK;
}

static enum err find_next(struct run *run, struct lane *lane, bool *found)
{
	TRY(find_among(run, lane, false, found));
	return *found ? OK : find_among(run, lane, true, found);
}

static enum err open_attempt(struct run *run, struct lane *lane)
{
	const char *since_id = NULL;

	if (!run->mock)
		TRY(reconcile_since_id(run->app, lane, run->x_date, &since_id));
	TRY(attempt_open(
	    run->app, lane->tweet.id, since_id, &lane->tweet.attempt));
	return tweet_mark_sending(run->app, lane->tweet.id);
}

/* Finds the next tweet whose text can be sent. */
static enum err find_good(struct run *run, struct lane *lane, bool *found)
{
	bool bad = true;

	while (bad) {
		TRY(find_next(run, lane, found));
		bad = *found;
		if (*found)
			TRY(text_check(run, lane, found));
		bad = bad && !*found;
	}
	return OK;
}

enum err tweet_take(struct run *run, struct lane *lane)
{
	bool found = false;
	int64_t limit = run->order.limit;

	lane->tweet.id = 0;
	if (limit && run->begun >= limit)
		return lane_stop(run->app, lane, OK, NULL);
	if (run->tweet)
		TRY(find_asked(run, lane, &found));
	else
		TRY(find_good(run, lane, &found));
	if (found && run->tweet)
		TRY(text_check(run, lane, &found));
	if (!found)
		return lane->state == LANE_DONE
			   ? OK
			   : lane_stop(run->app, lane, OK, NULL);
	run->begun++;
	return open_attempt(run, lane);
}

static enum err close_attempt(
    struct run *run, const struct lane *lane, enum attempt_outcome outcome)
{
	return attempt_close(
	    run->app, lane->tweet.attempt, outcome, lane->call);
}

/* Keeps the tweet pending, for the reason that X gave; it may be sent again in
 * WAIT seconds, or (0) as soon as its account may. */
static enum err defer(struct run *run, const struct lane *lane, int64_t wait)
{
	return tweet_defer(run->app, lane->tweet.id, lane->call->err,
	    lane->call->reason, wait);
}

/* If this call exhausted a rate-limit window, defers later calls. */
static enum err await_windows(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;
	int64_t app = rate_limit_closed(call, &call->app24);
	int64_t own = rate_limit_closed(call, &call->user15);
	int64_t day = rate_limit_closed(call, &call->user24);

	if (day > own)
		own = day;
	if (app)
		TRY(backoff_app(run->app, ERR_RATE_LIMITED, app));
	if (own)
		TRY(backoff_until_open(run->app, lane->account.id, own));
	if (app || own) {
		lane->backoff.code = ERR_RATE_LIMITED;
		lane->backoff.seconds = app > own ? app : own;
	}
	return OK;
}

static enum err store_posted(struct run *run, struct lane *lane)
{
	TRY(close_attempt(run, lane, ATTEMPT_POSTED));
	TRY(tweet_mark_posted(
	    run->app, lane->tweet.id, lane->call->id, clock_now(), run->mock));
	if (lane->account.failures) {
		lane->account.failures = 0;
		TRY(backoff_clear(run->app, lane->account.id));
	}
	lane->backoff.code = OK;
	if (lane->account.refusals)
		TRY(doubt_count(run->app, lane, 0));
	TRY(counters_add(run->app, lane->account.id, true));
	lane_ended(run->app, lane, lane->tweet.id, lane->call->id, OK, NULL);
	return await_windows(run, lane);
}

static enum err stop_with_answer(
    struct run *run, struct lane *lane, int64_t wait)
{
	lane->end.reason = lane->call->reason;
	lane->end.retry_after = wait;
	return lane_stop(run->app, lane, lane->call->err, lane->call->words);
}

static enum err store_refused(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;

	TRY(close_attempt(run, lane, ATTEMPT_REFUSED));
	TRY(tweet_mark_failed(
	    run->app, lane->tweet.id, call->err, call->reason));
	TRY(counters_add(run->app, lane->account.id, false));
	lane_ended(
	    run->app, lane, lane->tweet.id, NULL, call->err, call->words);
	return OK;
}

/* X no longer lets us use the account; the tweet stays pending. */
static enum err end_account(struct run *run, struct lane *lane)
{
	TRY(close_attempt(run, lane, ATTEMPT_HELD_BACK));
	TRY(defer(run, lane, 0));
	return token_end(run->app, lane);
}

/* X does not accept this account's tweets for now. */
static enum err rest_account(struct run *run, struct lane *lane)
{
	int64_t before = lane->account.refusals;
	int64_t refusals = before < DOUBT_RESTING ? DOUBT_RESTING : before + 1;
	int64_t wait = doubt_seconds(refusals);

	TRY(close_attempt(run, lane, ATTEMPT_HELD_BACK));
	TRY(defer(run, lane, wait));
	if (before < DOUBT_RESTING)
		TRY(doubt_take_back(run->app, lane, before, wait));
	TRY(doubt_count(run->app, lane, refusals));
	TRY(backoff_account(run->app, lane->account.id, lane->call->err, wait));
	return stop_with_answer(run, lane, wait);
}

/* X refused without a reason, or with one that it gives for everything. The
 * LIMIT-th time in a row, it is about the account, and not about the tweet. */
static enum err weigh_refusal(struct run *run, struct lane *lane, int64_t limit)
{
	struct x_call *call;

	if (lane->account.refusals + 1 < limit) {
		TRY(doubt_count(run->app, lane, lane->account.refusals + 1));
		return store_refused(run, lane);
	}
	call = arena_new(run->app->arena, struct x_call);
	*call = *lane->call;
	call->err = ERR_ACCOUNT_HELD_BACK;
	call->words = err_words(call->err);
	lane->call = call;
	return rest_account(run, lane);
}

/* As long as X says, if it does; longer each time that was not enough. */
static int64_t wait_for(const struct x_call *call, int64_t troubles)
{
	int64_t told = call->err == ERR_RATE_LIMITED ? call->retry_after : 0;

	if (told && !troubles)
		return told;
	return told + backoff_seconds(troubles, 0);
}

/* X asks us to wait: the tweet stays pending, the account or the app waits. */
static enum err put_off(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;
	bool app = call->verdict->account == X_APP_WAITS;
	int64_t wait =
	    app ? BACKOFF_APP_SECONDS : wait_for(call, lane->account.failures);

	TRY(close_attempt(
	    run, lane, call->sent ? ATTEMPT_HELD_BACK : ATTEMPT_NOT_SENT));
	TRY(defer(run, lane, wait));
	if (app)
		TRY(backoff_app(run->app, call->err, wait));
	else
		TRY(backoff_account(
		    run->app, lane->account.id, call->err, wait));
	return stop_with_answer(run, lane, wait);
}

/* X rejected the token, so it is refreshed. If X rejects a token that it has
 * just issued, the fault may be X's, so only the second time counts. */
static enum err reject_token(struct run *run, struct lane *lane)
{
	enum { WAIT = 60 };
	const struct x_call *call = lane->call;

	TRY(close_attempt(run, lane, ATTEMPT_UNAUTHORIZED));
	if (!lane->progress.refreshed && lane->account.refresh_token) {
		lane->progress.must_refresh = true;
		run->begun--; /* it is sent again in this run */
		return run->order.tick
			   ? tweet_let_tick_retry(run->app, lane->tweet.id)
			   : OK;
	}
	if (lane->progress.refreshed && !lane->account.rejected_after_refresh) {
		TRY(defer(run, lane, WAIT));
		TRY(backoff_account(
		    run->app, lane->account.id, call->err, WAIT));
		lane->end.hint =
		    "Try again in a minute. If X rejects the token again, link"
		    " the account again.";
		lane->end.reason = call->reason;
		lane->end.retry_after = WAIT;
		return lane_stop(run->app, lane, call->err,
		    "X rejected a token that it had just issued");
	}
	TRY(defer(run, lane, 0));
	return token_end(run->app, lane);
}

/* X may have the tweet: its attempt stays open until the timeline tells. */
static enum err store_unknown(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;

	TRY(attempt_keep_open(run->app, lane->tweet.attempt, call,
	    reconcile_first_check(clock_now())));
	TRY(defer(run, lane, 0));
	TRY(backoff_account(run->app, lane->account.id, call->err,
	    call->retry_after > UNKNOWN_WAIT_SECONDS ? call->retry_after
						     : UNKNOWN_WAIT_SECONDS));
	return stop_with_answer(run, lane, 0);
}

/* Does what the table of X's answers (x_verdict.h) says. */
static enum err follow_verdict(struct run *run, struct lane *lane)
{
	const struct x_verdict *verdict = lane->call->verdict;

	if (verdict->tweet == X_TWEET_UNKNOWN)
		return store_unknown(run, lane);
	switch (verdict->account) {
	case X_ACCOUNT_GOES_ON:
		return store_refused(run, lane);
	case X_ACCOUNT_COUNTED:
		return weigh_refusal(run, lane, 3);
	case X_ACCOUNT_DOUBTED:
		return weigh_refusal(run, lane, 5);
	case X_ACCOUNT_REFRESHED:
		return reject_token(run, lane);
	case X_ACCOUNT_FAILED:
	case X_ACCOUNT_SUSPENDED:
		return end_account(run, lane);
	case X_ACCOUNT_RESTS:
		return rest_account(run, lane);
	case X_ACCOUNT_WAITS:
	case X_APP_WAITS:
		break;
	}
	return put_off(run, lane);
}

enum err tweet_store(struct run *run, struct lane *lane)
{
	TRY(lane->call->err == OK ? store_posted(run, lane)
				  : follow_verdict(run, lane));
	/* the one tweet that was asked for is done, unless it is sent again */
	if (run->tweet && lane->state == LANE_IDLE &&
	    !lane->progress.must_refresh)
		return stop_with_answer(run, lane, 0);
	return OK;
}
