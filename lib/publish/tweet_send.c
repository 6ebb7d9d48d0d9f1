/*
 * tweet_send.c - one tweet's way to X.
 *
 * An open attempt is the mark that a tweet may be with X; the database itself
 * allows one a tweet at a time. It is closed by X's answer, or by a later run
 * that looks at the timeline.
 */
#include "publish/tweet_send.h"

#include <inttypes.h>
#include <string.h>

#include "app/tweet.h"
#include "app/tweet_state.h"
#include "base/clock.h"
#include "publish/doubt.h"
#include "publish/hold.h"
#include "publish/late.h"
#include "publish/outcome.h"
#include "publish/rate.h"
#include "publish/settle.h"
#include "publish/text_check.h"
#include "publish/token.h"
#include "x/x_verdict.h"

enum { UNKNOWN_HOLD_SECONDS = 15 };

/* Whether the tweet that was asked for may be sent, in words if not. */
static enum err may_send(
    struct run *run, struct lane *lane, struct db_query *q, bool *may)
{
	const char *status = db_peek(q, 2);
	enum err code = err_named(db_peek(q, 3));

	*may = false;
	if (strcmp(status, "posted") == 0)
		return lane_stop(run, lane, ERR_ALREADY_POSTED,
		    "the tweet is posted already");
	if (db_int(q, 4))
		return lane_stop(run, lane, ERR_BEING_POSTED,
		    "X gave no answer for this tweet yet; it is being looked"
		    " for");
	if (strcmp(status, "failed") == 0 && tweet_in_doubt(code))
		return lane_stop(
		    run, lane, ERR_OUTCOME_UNKNOWN, TWEET_UNCONFIRMED_WORDS);
	if (strcmp(status, "failed") == 0 && !err_retryable(code))
		return lane_stop(
		    run, lane, ERR_FAILED_FOR_GOOD, TWEET_REJECTED_WORDS);
	if (db_int(q, 5) && strcmp(status, "pending") == 0)
		return lane_stop(
		    run, lane, ERR_IS_DRAFT, "the tweet is a draft");
	*may = true;
	return OK;
}

static void take_row(struct lane *lane, struct db_query *q)
{
	lane->tweet = db_int(q, 0);
	lane->text = db_text(q, 1);
	lane->readable = db_readable(q, 1);
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
		return lane_stop(
		    run, lane, ERR_TWEET_NOT_FOUND, "Tweet not found");
	TRY(may_send(run, lane, &q, found));
	if (!*found)
		return OK;
	take_row(lane, &q);
	return OK;
}

/* Ticks go by the times that tweets have, others by the order of creation; late
 * tweets go only one at a time. */
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

/* Those among which X refused an account come last, SUSPECTS, lest one of them
 * keeps all others back. */
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
	db_bind_int(&q, 4, lane->account);
	db_bind_text(&q, 5, before);
	db_bind_int(&q, 6, lane->late_ok);
	db_bind_int(&q, 7, suspects);
	TRY(db_step(&q, found));
	if (!*found)
		return OK;
	take_row(lane, &q);
	if (db_int(&q, 2) && !ids) {
		lane->late_ok = late_may_go(run->app, now);
		TRY(late_note(run->app, lane->account));
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
	SCOPED(db_query) q = { 0 };
	SCOPED(db_query) tweet = { 0 };
	const char *since_id = NULL;
	char now[CLOCK_TEXT];

	if (!run->mock)
		TRY(settle_since(run, lane, &since_id));
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &run->app->db,
	    "INSERT INTO attempt(tweet_id, sent_at, since_id)"
	    " VALUES($1, $2, $3)"));
	db_bind_int(&q, 1, lane->tweet);
	db_bind_text(&q, 2, now);
	db_bind_text(&q, 3, since_id);
	TRY(db_run(&q, NULL));
	lane->attempt = db_last_id(&run->app->db);
	TRY(db_prepare(&tweet, &run->app->db,
	    "UPDATE tweet SET status = 'pending', code = NULL, reason = NULL,"
	    " retry_at = NULL, late = replace(late, 'held', 'released')"
	    " WHERE id = $1"));
	db_bind_int(&tweet, 1, lane->tweet);
	return db_run(&tweet, NULL);
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

	lane->tweet = 0;
	if (limit && run->begun >= limit)
		return lane_stop(run, lane, OK, NULL);
	if (run->tweet)
		TRY(find_asked(run, lane, &found));
	else
		TRY(find_good(run, lane, &found));
	if (found && run->tweet)
		TRY(text_check(run, lane, &found));
	if (!found)
		return lane->state == LANE_DONE
			   ? OK
			   : lane_stop(run, lane, OK, NULL);
	run->begun++;
	return open_attempt(run, lane);
}

static enum err close_attempt(
    struct run *run, const struct lane *lane, const char *outcome)
{
	SCOPED(db_query) q = { 0 };
	const struct x_call *call = lane->call;
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &run->app->db,
	    "UPDATE attempt SET ended_at = $2, outcome = $3,"
	    " http_status = $4, code = $5, reason = $6, x_request_id = $7"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, lane->attempt);
	db_bind_text(&q, 2, outcome ? now : NULL);
	db_bind_text(&q, 3, outcome);
	if (call->status)
		db_bind_int(&q, 4, call->status);
	db_bind_text(&q, 5, call->err == OK ? NULL : err_name(call->err));
	db_bind_text(&q, 6, call->reason);
	db_bind_text(&q, 7, call->request_id);
	return db_run(&q, NULL);
}

/* A window that this call has used up holds back what comes next. */
static enum err mind_windows(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;
	int64_t app = rate_closed(call, &call->app24);
	int64_t own = rate_closed(call, &call->user15);
	int64_t day = rate_closed(call, &call->user24);

	if (day > own)
		own = day;
	if (app)
		TRY(hold_app(run->app, ERR_RATE_LIMITED, app));
	if (own)
		TRY(hold_until_open(run->app, lane->account, own));
	if (app || own) {
		lane->held = ERR_RATE_LIMITED;
		lane->held_seconds = app > own ? app : own;
	}
	return OK;
}

static enum err posted(struct run *run, struct lane *lane)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(close_attempt(run, lane, "posted"));
	TRY(db_prepare(&q, &run->app->db,
	    "UPDATE tweet SET status = 'posted', twitter_id = $2,"
	    " posted_at = $3, mock = $4 WHERE id = $1"));
	db_bind_int(&q, 1, lane->tweet);
	db_bind_text(&q, 2, lane->call->id);
	db_bind_text(&q, 3, now);
	db_bind_int(&q, 4, run->mock);
	TRY(db_run(&q, NULL));
	if (lane->hold_count) {
		lane->hold_count = 0;
		TRY(hold_clear(run->app, lane->account));
	}
	lane->held = OK;
	if (lane->refusals)
		TRY(doubt_note(run, lane, 0));
	TRY(outcome_note(run->app, lane->account, true));
	lane_ended(run, lane, lane->tweet, lane->call->id, OK, NULL);
	return mind_windows(run, lane);
}

/* Says on the tweet's row why it is not out, and since when it may go again. */
static enum err note(
    struct run *run, const struct lane *lane, const char *status, int64_t wait)
{
	SCOPED(db_query) q = { 0 };
	char at[CLOCK_TEXT];

	clock_sql(clock_now() + wait, at);
	TRY(db_prepare(&q, &run->app->db,
	    "UPDATE tweet SET status = $2, code = $3, reason = $4,"
	    " retry_at = $5 WHERE id = $1"));
	db_bind_int(&q, 1, lane->tweet);
	db_bind_text(&q, 2, status);
	db_bind_text(&q, 3, err_name(lane->call->err));
	db_bind_text(&q, 4, lane->call->reason);
	db_bind_text(&q, 5, wait ? at : NULL);
	return db_run(&q, NULL);
}

static enum err stop_with_answer(
    struct run *run, struct lane *lane, int64_t wait)
{
	lane->reason = lane->call->reason;
	lane->retry_after = wait;
	return lane_stop(run, lane, lane->call->err, lane->call->words);
}

static enum err refused(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;

	TRY(close_attempt(run, lane, "refused"));
	TRY(note(run, lane, "failed", 0));
	TRY(outcome_note(run->app, lane->account, false));
	lane_ended(run, lane, lane->tweet, NULL, call->err, call->words);
	return OK;
}

/* X's word on the account: the tweet stays as it was. */
static enum err account_ended(struct run *run, struct lane *lane)
{
	TRY(close_attempt(run, lane, "held_back"));
	TRY(note(run, lane, "pending", 0));
	return token_end(run, lane);
}

/* X does not take this account's tweets for now. */
static enum err rest(struct run *run, struct lane *lane)
{
	int64_t before = lane->refusals;
	int64_t refusals = before < DOUBT_RESTING ? DOUBT_RESTING : before + 1;
	int64_t wait = doubt_seconds(refusals);

	TRY(close_attempt(run, lane, "held_back"));
	TRY(note(run, lane, "pending", wait));
	if (before < DOUBT_RESTING)
		TRY(doubt_take_back(run, lane, before, wait));
	TRY(doubt_note(run, lane, refusals));
	TRY(hold_account(run->app, lane->account, lane->call->err, wait));
	return stop_with_answer(run, lane, wait);
}

/* X refuses without a word, or with those it has for everything: the LIMIT-th
 * time in a row it is the account. */
static enum err doubted(struct run *run, struct lane *lane, int64_t limit)
{
	struct x_call *call = lane->call;

	if (lane->refusals + 1 < limit) {
		TRY(doubt_note(run, lane, lane->refusals + 1));
		return refused(run, lane);
	}
	call->err = ERR_ACCOUNT_HELD_BACK;
	call->words = x_verdict_words(call->err);
	return rest(run, lane);
}

/* X's own word, where it gives one; longer each time that did not help. */
static int64_t wait_for(const struct x_call *call, int64_t troubles)
{
	int64_t told = call->err == ERR_RATE_LIMITED ? call->retry_after : 0;

	if (told && !troubles)
		return told;
	return told + hold_backoff(troubles, 0);
}

/* Not now: the tweet stays pending, and the account (or the app) waits. */
static enum err held_back(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;
	bool app = call->verdict->account == X_APP_WAITS;
	int64_t wait =
	    app ? HOLD_APP_SECONDS : wait_for(call, lane->hold_count);

	TRY(close_attempt(run, lane, call->sent ? "held_back" : "not_sent"));
	TRY(note(run, lane, "pending", wait));
	if (app)
		TRY(hold_app(run->app, call->err, wait));
	else
		TRY(hold_account(run->app, lane->account, call->err, wait));
	return stop_with_answer(run, lane, wait);
}

/* A tweet with no time of its own is found again by a tick, too. */
static enum err go_on(struct run *run, const struct lane *lane)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	if (!run->order.tick)
		return OK;
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &run->app->db,
	    "UPDATE tweet SET retry_at = $2"
	    " WHERE id = $1 AND scheduled_at IS NULL"));
	db_bind_int(&q, 1, lane->tweet);
	db_bind_text(&q, 2, now);
	return db_run(&q, NULL);
}

/* X does not know the token. Once is a reason to refresh; right after a refresh
 * it may be X's own trouble, so only the second time counts. */
static enum err unauthorized(struct run *run, struct lane *lane)
{
	enum { WAIT = 60 };
	const struct x_call *call = lane->call;

	TRY(close_attempt(run, lane, "unauthorized"));
	if (!lane->refreshed && lane->refresh) {
		lane->must_refresh = true;
		run->begun--; /* it is sent again in this run */
		return go_on(run, lane);
	}
	if (lane->refreshed && !lane->struck) {
		TRY(note(run, lane, "pending", WAIT));
		TRY(hold_account(run->app, lane->account, call->err, WAIT));
		lane->hint = "X refused a token that it had given a moment ago:"
			     " try again at retry_at. If X refuses once more,"
			     " the account must be linked again.";
		return stop_with_answer(run, lane, WAIT);
	}
	TRY(note(run, lane, "pending", 0));
	return token_end(run, lane);
}

static enum err unknown(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;

	TRY(close_attempt(run, lane, NULL)); /* what is known; it stays open */
	TRY(settle_later(run, lane->attempt));
	TRY(note(run, lane, "pending", 0));
	TRY(hold_account(run->app, lane->account, call->err,
	    call->retry_after > UNKNOWN_HOLD_SECONDS ? call->retry_after
						     : UNKNOWN_HOLD_SECONDS));
	return stop_with_answer(run, lane, 0);
}

/* Does what the table of X's answers says. */
static enum err follow(struct run *run, struct lane *lane)
{
	const struct x_verdict *verdict = lane->call->verdict;

	if (verdict->tweet == X_TWEET_UNKNOWN)
		return unknown(run, lane);
	switch (verdict->account) {
	case X_ACCOUNT_GOES_ON:
		return refused(run, lane);
	case X_ACCOUNT_COUNTED:
		return doubted(run, lane, 3);
	case X_ACCOUNT_DOUBTED:
		return doubted(run, lane, 5);
	case X_ACCOUNT_REFRESHED:
		return unauthorized(run, lane);
	case X_ACCOUNT_FAILED:
	case X_ACCOUNT_SUSPENDED:
		return account_ended(run, lane);
	case X_ACCOUNT_RESTS:
		return rest(run, lane);
	case X_ACCOUNT_WAITS:
	case X_APP_WAITS:
		break;
	}
	return held_back(run, lane);
}

enum err tweet_store(struct run *run, struct lane *lane)
{
	lane->state = LANE_IDLE;
	TRY(lane->call->err == OK ? posted(run, lane) : follow(run, lane));
	/* one tweet was asked for: that was it, unless it goes once more */
	if (run->tweet && lane->state == LANE_IDLE && !lane->must_refresh)
		return stop_with_answer(run, lane, 0);
	return OK;
}
