/*
 * step.c - one account's part in a publishing run: what it may do, and what it
 * does next.
 *
 * Everything here happens inside the run's transaction. A call that is decided
 * here begins only when that transaction is on disk.
 */
#include "publish/step.h"

#include "app/account_link.h"
#include "app/account_standing.h"
#include "app/lease.h"
#include "base/clock.h"
#include "publish/backoff.h"
#include "publish/late.h"
#include "publish/next.h"
#include "publish/rate_limit.h"
#include "publish/reconcile.h"
#include "publish/token.h"
#include "publish/tweet_send.h"
#include "x/x_verdict.h"

/* What else the account's row says, when the lane takes the account over. */
struct row {
	struct account_facts facts;
	const char *access_token; /* encrypted, as is the next */
	const char *refresh_token;
	const char *hold_until;
	enum err hold_code;
	const char *late_at; /* when a late tweet went last */
};

static enum err read_row(
    struct run *run, struct lane_account *a, struct row *row, bool *there)
{
	SCOPED(db_query) q = { 0 };
	const char *expires;

	TRY(db_prepare(&q, &run->app->db,
	    "SELECT username, status, code, access_token, refresh_token,"
	    " coalesce(access_token_secret, '') <> '', x_user_id, expires_at,"
	    " mock, hold_until, hold_code, hold_count, late_at, refusals, scope"
	    " FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, a->id);
	TRY(db_step(&q, there));
	if (!*there)
		return OK;
	a->username = db_text(&q, 0);
	row->facts = (struct account_facts){ .status = db_text(&q, 1),
		.code = err_named(db_peek(&q, 2)),
		.oauth1 = db_int(&q, 5) != 0,
		.mock = db_int(&q, 8) != 0,
		.mock_mode = run->mock,
		.tick = run->order.tick };
	row->access_token = db_text(&q, 3);
	row->refresh_token = db_text(&q, 4);
	a->x_user_id = db_text(&q, 6);
	expires = db_text(&q, 7);
	if (!expires || !clock_parse(str_of(expires), &a->expires_at))
		a->expires_at = 0;
	row->hold_until = db_text(&q, 9);
	row->hold_code = err_named(db_peek(&q, 10));
	a->failures = db_int(&q, 11);
	row->late_at = db_text(&q, 12);
	a->refusals = db_int(&q, 13);
	a->scope = db_text(&q, 14);
	a->rejected_after_refresh = row->hold_code == ERR_NEEDS_REAUTH;
	return OK;
}

/* Notes what the account has to wait for now. */
static enum err read_backoff(
    struct run *run, struct lane_backoff *backoff, const struct row *row)
{
	int64_t until = 0;

	TRY(backoff_of_app(run->app, &backoff->code, &backoff->seconds));
	if (backoff->code != OK || row->hold_code == ERR__COUNT ||
	    !row->hold_until)
		return OK;
	if (clock_parse(str_of(row->hold_until), &until) &&
	    until > clock_now()) {
		backoff->code = row->hold_code;
		backoff->seconds = until - clock_now();
	}
	return OK;
}

static enum err stop_inactive(struct run *run, struct lane *lane, enum err why)
{
	TRY(reconcile_give_up(run->app, lane->account.id));
	lane->end.hint = err_hint(why);
	return lane_stop(
	    run->app, lane, ERR_ACCOUNT_NOT_ACTIVE, err_words(why));
}

/* Ends the lane of an account that may not be used; *usable tells. */
static enum err check_standing(struct run *run, struct lane *lane,
    const struct account_facts *facts, bool *usable)
{
	struct account_standing standing = account_standing(facts);

	*usable = standing.blocked == OK && !standing.skipped;
	if (*usable)
		return OK;
	switch (standing.blocked) {
	case OK:
		return lane_stop(run->app, lane, OK, NULL);
	case ERR_OAUTH1_UNSUPPORTED:
	case ERR_MOCK_MISMATCH:
		return lane_stop(run->app, lane, standing.blocked, NULL);
	default:
		return stop_inactive(run, lane, standing.blocked);
	}
}

static enum err decrypt_tokens(
    struct run *run, struct lane *lane, const struct row *row)
{
	if (token_decrypt(run->app, &lane->account, row->access_token,
		row->refresh_token) == OK)
		return OK;
	TRY(token_failed(
	    run->app, lane->account.id, ERR_TOKEN_UNREADABLE, NULL));
	return lane_stop(run->app, lane, ERR_TOKEN_UNREADABLE, NULL);
}

enum err step_enter(struct run *run, struct lane *lane)
{
	struct row row = { 0 };
	bool taken = false, there = false, usable = false;

	TRY(lease_take(run->app, lane->account.id, &taken));
	if (!taken)
		return OK;
	lane_set_state(lane, LANE_IDLE);
	lane->lease.renewed_ms = clock_mono_ms();
	TRY(read_row(run, &lane->account, &row, &there));
	if (!there)
		return lane_stop(run->app, lane, ERR_ACCOUNT_NOT_FOUND, NULL);
	TRY(reconcile_adopt(run->app, lane));
	TRY(read_backoff(run, &lane->backoff, &row));
	lane->progress.late_ok = late_may_go(run->app, row.late_at);
	TRY(check_standing(run, lane, &row.facts, &usable));
	return usable && !run->mock ? decrypt_tokens(run, lane, &row) : OK;
}

static enum err stop_waiting(struct run *run, struct lane *lane)
{
	enum err why = lane->backoff.code;

	lane->end.retry_after = lane->backoff.seconds;
	return lane_stop(run->app, lane, why,
	    next_is_strict(why) ? NULL : "this account's tweets wait for X");
}

static enum err refresh(struct run *run, struct lane *lane)
{
	if (lane->account.refresh_token) {
		lane_begin(run->app, lane, X_REFRESH);
		return OK;
	}
	TRY(token_failed(run->app, lane->account.id, ERR_NEEDS_REAUTH, NULL));
	return lane_stop(run->app, lane, ERR_NEEDS_REAUTH, NULL);
}

static void identify(struct run *run, struct lane *lane)
{
	lane_begin(run->app, lane, X_ME);
	lane->progress.identity_requested = true;
}

static void read_timeline(
    struct run *run, struct lane *lane, const char *since_id, const char *page)
{
	struct x_call *call = lane_begin(run->app, lane, X_TIMELINE);

	call->user_id = lane->account.x_user_id;
	call->since_id = since_id;
	call->page = page;
}

/* Begins to look for tweets whose answer was lost, if that is due and X's rate
 * limit allows it; else the timeline counts as checked. */
static enum err check_timeline(struct run *run, struct lane *lane)
{
	const char *since_id = NULL;
	bool due = false;

	TRY(reconcile_due(run->app, lane, &due, &since_id));
	if (due)
		TRY(rate_limit_timeline_open(run->app, lane->account.id, &due));
	if (due && lane->account.x_user_id)
		read_timeline(run, lane, since_id, NULL);
	else if (due && !lane->progress.identity_requested)
		identify(run, lane);
	else
		lane->progress.timeline_checked = true;
	return OK;
}

static enum err send_tweet(struct run *run, struct lane *lane)
{
	TRY(tweet_take(run, lane));
	if (lane->tweet.id)
		lane_begin(run->app, lane, X_TWEET)->text = lane->tweet.text;
	return OK;
}

static struct next_facts facts_of(
    const struct run *run, const struct lane *lane)
{
	return (struct next_facts){
		.may_begin = run->begin && !lane->lease.lost,
		.mock = run->mock,
		.asked_for = run->tweet != 0,
		.backoff = lane->backoff.code,
		.token_stale = token_stale(lane),
		.unnamed = account_is_unnamed(lane->account.username) &&
			   !lane->progress.identity_requested,
		.timeline_checked = lane->progress.timeline_checked,
	};
}

static enum err take_step(struct run *run, struct lane *lane, enum next next)
{
	switch (next) {
	case NEXT_STOP:
		return lane_stop(run->app, lane, OK, NULL);
	case NEXT_WAIT:
		return stop_waiting(run, lane);
	case NEXT_REFRESH:
		return refresh(run, lane);
	case NEXT_IDENTIFY:
		identify(run, lane);
		return OK;
	case NEXT_CHECK_TIMELINE:
		return check_timeline(run, lane);
	case NEXT_SEND:
		return send_tweet(run, lane);
	}
	return OK;
}

enum err step_next(struct run *run, struct lane *lane)
{
	while (lane->state == LANE_IDLE) {
		struct next_facts facts = facts_of(run, lane);

		TRY(take_step(run, lane, next_step(&facts)));
	}
	return OK;
}

static bool wants_refresh(const struct lane *lane)
{
	const struct x_call *call = lane->call;

	return call->err != OK &&
	       call->verdict->account == X_ACCOUNT_REFRESHED &&
	       !lane->progress.refreshed;
}

/* If X no longer lets us use the account, that ends the lane, whatever was
 * asked; *ended tells. */
static enum err heed(struct run *run, struct lane *lane, bool *ended)
{
	const struct x_call *call = lane->call;

	*ended = call->err != OK && x_verdict_ends_account(call->verdict);
	return *ended ? token_end(run->app, lane) : OK;
}

static enum err store_me(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;
	bool ended = false;

	if (wants_refresh(lane)) {
		lane->progress.identity_requested = false;
		lane->progress.must_refresh = true;
		return OK;
	}
	TRY(heed(run, lane, &ended));
	if (call->err != OK)
		return OK; /* asked again in a later run */
	lane->account.x_user_id = call->id;
	lane->account.username = call->username;
	TRY(account_identify(
	    run->app, lane->account.id, call->id, call->username));
	return OK;
}

/* A later run checks again, unless X refuses to show this timeline. */
static enum err not_shown(struct run *run, struct lane *lane)
{
	const struct x_verdict *verdict = lane->call->verdict;

	lane->progress.timeline_checked = true;
	if (verdict->about == X_ABOUT_ACCOUNT &&
	    verdict->account == X_ACCOUNT_GOES_ON)
		return reconcile_give_up(run->app, lane->account.id);
	return OK;
}

static enum err store_timeline(struct run *run, struct lane *lane)
{
	enum { PAGES = 5 };
	const struct x_call *call = lane->call;
	const char *page = call->next_page;
	bool ended = false;

	if (wants_refresh(lane)) {
		lane->progress.must_refresh = true;
		return OK;
	}
	TRY(heed(run, lane, &ended));
	if (ended)
		return OK;
	if (call->err != OK)
		return not_shown(run, lane);
	if (++lane->progress.pages >= PAGES)
		page = NULL;
	TRY(reconcile_compare(run->app, lane, page == NULL));
	if (page)
		read_timeline(run, lane, call->since_id, page);
	else
		lane->progress.timeline_checked = true;
	return OK;
}

enum err step_store(struct run *run, struct lane *lane)
{
	if (lane->call->date)
		run->x_date = lane->call->date;
	if (!run->mock)
		TRY(rate_limit_store(run->app, lane->call));
	lane_set_state(lane, LANE_IDLE);
	switch (lane->call->kind) {
	case X_REFRESH:
		return token_store(run->app, lane);
	case X_ME:
		return store_me(run, lane);
	case X_TIMELINE:
		return store_timeline(run, lane);
	case X_TWEET:
		return tweet_store(run, lane);
	case X_CODE:
		break;
	}
	return OK;
}
