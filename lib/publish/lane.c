/*
 * lane.c - one account's turn in a publishing run: what it may do, and what it
 * does next.
 *
 * Everything here happens inside the run's transaction. A call that is decided
 * here begins only when that transaction is on disk.
 */
#include <string.h>

#include "app/account_link.h"
#include "app/lease.h"
#include "base/clock.h"
#include "publish/hold.h"
#include "publish/late.h"
#include "publish/rate.h"
#include "publish/run.h"
#include "publish/settle.h"
#include "publish/token.h"
#include "publish/tweet_send.h"
#include "x/x_verdict.h"

enum err lane_stop(
    struct run *run, struct lane *lane, enum err err, const char *words)
{
	lane->state = LANE_DONE;
	lane->err = err;
	lane->words = words;
	return lease_release(run->app, lane->account);
}

void lane_ended(struct run *run, struct lane *lane, int64_t tweet,
    const char *twitter_id, enum err err, const char *words)
{
	struct ended *ended = arena_new(run->app->arena, struct ended);

	*ended = (struct ended){ lane->ended, tweet, twitter_id, err, words };
	lane->ended = ended;
}

/* What a row says that keeps an account from being used at all. */
struct standing {
	bool active;
	bool oauth1;
	bool mock;
	enum err code; /* why it is not active, if that is known */
	const char *access;
	const char *refresh;
	const char *hold_until;
	enum err hold_code;
	const char *late_at; /* when a late tweet went last */
};

static enum err read_row(
    struct run *run, struct lane *lane, struct standing *out, bool *row)
{
	SCOPED(db_query) q = { 0 };
	const char *expires;

	TRY(db_prepare(&q, &run->app->db,
	    "SELECT username, status, code, access_token, refresh_token,"
	    " coalesce(access_token_secret, '') <> '', x_user_id, expires_at,"
	    " mock, hold_until, hold_code, hold_count, late_at, refusals, scope"
	    " FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, lane->account);
	TRY(db_step(&q, row));
	if (!*row)
		return OK;
	lane->username = db_text(&q, 0);
	out->active =
	    strcmp(db_peek(&q, 1) ? db_peek(&q, 1) : "active", "active") == 0;
	out->code = err_named(db_peek(&q, 2));
	out->access = db_text(&q, 3);
	out->refresh = db_text(&q, 4);
	out->oauth1 = db_int(&q, 5) != 0;
	lane->x_user_id = db_text(&q, 6);
	expires = db_text(&q, 7);
	if (!expires || !clock_parse(str_of(expires), &lane->expires_at))
		lane->expires_at = 0;
	out->mock = db_int(&q, 8) != 0;
	out->hold_until = db_text(&q, 9);
	out->hold_code = err_named(db_peek(&q, 10));
	lane->hold_count = db_int(&q, 11);
	out->late_at = db_text(&q, 12);
	lane->refusals = db_int(&q, 13);
	lane->scope = db_text(&q, 14);
	return OK;
}

/* Notes what holds the account back now. */
static enum err read_holds(
    struct run *run, struct lane *lane, const struct standing *s)
{
	int64_t until = 0;

	TRY(hold_of_app(run->app, &lane->held, &lane->held_seconds));
	lane->struck = s->hold_code == ERR_NEEDS_REAUTH;
	if (lane->held != OK || s->hold_code == ERR__COUNT || !s->hold_until)
		return OK;
	if (clock_parse(str_of(s->hold_until), &until) && until > clock_now()) {
		lane->held = s->hold_code;
		lane->held_seconds = until - clock_now();
	}
	return OK;
}

/* The words for an account that is not active, by what made it so. */
static const char *inactive_words(const struct standing *s)
{
	switch (s->code) {
	case ERR_NEEDS_REAUTH:
		return "X has revoked this account's access";
	case ERR_TOKEN_UNREADABLE:
	case ERR_GRANT_LACKS_SCOPE:
	case ERR_ACCOUNT_LOCKED:
	case ERR_ACCOUNT_SUSPENDED:
		return x_verdict_words(s->code);
	default:
		return "this account is not active";
	}
}

static enum err check_standing(
    struct run *run, struct lane *lane, const struct standing *s)
{
	if (s->oauth1)
		return lane_stop(run, lane, ERR_OAUTH1_UNSUPPORTED,
		    "this account was linked by OAuth 1.0a, which is not"
		    " supported");
	if (s->mock && !run->mock)
		return lane_stop(run, lane, ERR_MOCK_MISMATCH,
		    "this account was linked in mock mode");
	if (!s->active) {
		TRY(settle_give_up(run->app, lane->account));
		lane->hint = s->code == ERR__COUNT ? NULL : err_hint(s->code);
		return lane_stop(
		    run, lane, ERR_ACCOUNT_NOT_ACTIVE, inactive_words(s));
	}
	if (run->mock) /* a tick leaves tweets of real accounts alone */
		return run->order.tick && !s->mock
			   ? lane_stop(run, lane, OK, NULL)
			   : OK;
	if (token_unseal(run->app, lane, s->access, s->refresh) == OK)
		return OK;
	TRY(token_failed(run->app, lane->account, ERR_TOKEN_UNREADABLE, NULL));
	return lane_stop(run, lane, ERR_TOKEN_UNREADABLE,
	    "this account's token cannot be decrypted");
}

enum err lane_enter(struct run *run, struct lane *lane)
{
	struct standing s = { .code = ERR__COUNT };
	bool taken = false;
	bool row = false;

	TRY(lease_take(run->app, lane->account, &taken));
	if (!taken) {
		lane->state = LANE_WAITING;
		return OK;
	}
	lane->state = LANE_IDLE;
	lane->renewed_ms = clock_mono_ms();
	TRY(read_row(run, lane, &s, &row));
	if (!row)
		return lane_stop(
		    run, lane, ERR_ACCOUNT_NOT_FOUND, "Account not found");
	TRY(settle_adopt(run, lane));
	TRY(read_holds(run, lane, &s));
	lane->late_ok = late_may_go(run->app, s.late_at);
	return check_standing(run, lane, &s);
}

static void begin_call(struct run *run, struct lane *lane, enum x_kind kind)
{
	struct x_call *call = arena_new(run->app->arena, struct x_call);

	call->kind = kind;
	call->account_id = lane->account;
	call->context = lane;
	call->token = lane->access;
	call->refresh = lane->refresh;
	call->scope = lane->scope;
	if (kind == X_REFRESH)
		call->token = NULL;
	lane->call = call;
	lane->state = LANE_BEGUN;
}

/* Holds that are X's word on the account or the app stop even a person's own
 * request; a connection that failed a moment ago does not. */
static bool is_strict(enum err held)
{
	return held == ERR_RATE_LIMITED || held == ERR_CREDITS_DEPLETED ||
	       held == ERR_APP_NOT_ENROLLED || held == ERR_APP_REFUSED ||
	       held == ERR_ACCOUNT_HELD_BACK;
}

static const char *held_words(enum err held)
{
	return is_strict(held) ? x_verdict_words(held)
			       : "this account's tweets wait for X";
}

static enum err stop_held(struct run *run, struct lane *lane)
{
	lane->retry_after = lane->held_seconds;
	return lane_stop(run, lane, lane->held, held_words(lane->held));
}

/* Begins the look for unknown tweets if one is due; *begun tells. */
static enum err look(struct run *run, struct lane *lane, bool *begun)
{
	const char *since_id = NULL;

	*begun = false;
	if (lane->looked)
		return OK;
	TRY(settle_due(run, lane, begun, &since_id));
	if (*begun)
		TRY(rate_timeline_open(run->app, lane->account, begun));
	if (!lane->x_user_id && lane->asked) /* X will not tell now */
		*begun = false;
	if (!*begun) {
		lane->looked = true;
		return OK;
	}
	begin_call(run, lane, lane->x_user_id ? X_TIMELINE : X_ME);
	lane->asked = true;
	lane->call->user_id = lane->x_user_id;
	lane->call->since_id = since_id;
	return OK;
}

static enum err refresh(struct run *run, struct lane *lane)
{
	if (lane->refresh) {
		begin_call(run, lane, X_REFRESH);
		return OK;
	}
	TRY(token_failed(run->app, lane->account, ERR_NEEDS_REAUTH, NULL));
	return lane_stop(run, lane, ERR_NEEDS_REAUTH,
	    "X no longer accepts this account's token");
}

/* What X wants to know before tweets go; *begun when a call was decided. */
static enum err prepare(struct run *run, struct lane *lane, bool *begun)
{
	*begun = true;
	if (token_stale(lane))
		return refresh(run, lane);
	if (account_is_unnamed(lane->username) && !lane->asked) {
		begin_call(run, lane, X_ME);
		lane->asked = true;
		return OK;
	}
	return look(run, lane, begun);
}

/* An account that X takes no tweets of for a day may still be read. */
static bool may_look(const struct run *run, const struct lane *lane)
{
	return !run->mock && lane->held == ERR_ACCOUNT_HELD_BACK &&
	       !token_stale(lane);
}

enum err lane_next(struct run *run, struct lane *lane)
{
	bool begun = false;
	bool held = lane->held != OK;
	bool asked_for = run->tweet != 0; /* by a person, who may know more */

	if (!run->begin || lane->lost)
		return lane_stop(run, lane, OK, NULL);
	if (held &&
	    (is_strict(lane->held) || (token_stale(lane) && !asked_for))) {
		if (may_look(run, lane))
			TRY(look(run, lane, &begun));
		return begun ? OK : stop_held(run, lane);
	}
	if (!run->mock)
		TRY(prepare(run, lane, &begun));
	if (begun)
		return OK;
	if (held && !asked_for)
		return stop_held(run, lane);
	TRY(tweet_take(run, lane));
	if (lane->tweet) {
		begin_call(run, lane, X_TWEET);
		lane->call->text = lane->text;
	}
	return OK;
}

static bool wants_refresh(const struct lane *lane)
{
	const struct x_call *call = lane->call;

	return call->err != OK &&
	       call->verdict->account == X_ACCOUNT_REFRESHED &&
	       !lane->refreshed;
}

/* X's word on the account ends the lane, whatever X was asked; *ended tells. */
static enum err heed(struct run *run, struct lane *lane, bool *ended)
{
	const struct x_call *call = lane->call;

	*ended = call->err != OK && x_verdict_ends_account(call->verdict);
	return *ended ? token_end(run, lane) : OK;
}

static enum err store_me(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;
	bool ended = false;

	lane->state = LANE_IDLE;
	if (wants_refresh(lane)) {
		lane->asked = false;
		lane->must_refresh = true;
		return OK;
	}
	TRY(heed(run, lane, &ended));
	if (call->err != OK)
		return OK; /* asked again in a later run */
	lane->x_user_id = call->id;
	lane->username = call->username;
	TRY(account_identify(
	    run->app, lane->account, call->id, call->username));
	return OK;
}

/* A later run looks again; where X will not show it, not for ever. */
static enum err not_shown(struct run *run, struct lane *lane)
{
	const struct x_verdict *verdict = lane->call->verdict;

	lane->looked = true;
	if (verdict->about == X_ABOUT_ACCOUNT &&
	    verdict->account == X_ACCOUNT_GOES_ON)
		return settle_give_up(run->app, lane->account);
	return OK;
}

static enum err store_timeline(struct run *run, struct lane *lane)
{
	enum { PAGES = 5 };
	struct x_call *call = lane->call;
	const char *since_id = call->since_id;
	const char *page = call->next_page;
	bool ended = false;

	lane->state = LANE_IDLE;
	if (wants_refresh(lane)) {
		lane->must_refresh = true;
		return OK;
	}
	TRY(heed(run, lane, &ended));
	if (ended)
		return OK;
	if (call->err != OK)
		return not_shown(run, lane);
	if (++lane->pages >= PAGES)
		call->next_page = NULL;
	TRY(settle_compare(run, lane));
	if (!call->next_page) {
		lane->looked = true;
		return OK;
	}
	begin_call(run, lane, X_TIMELINE);
	lane->call->user_id = lane->x_user_id;
	lane->call->since_id = since_id;
	lane->call->page = page;
	return OK;
}

enum err lane_store(struct run *run, struct lane *lane)
{
	if (lane->call->date)
		run->x_date = lane->call->date;
	if (!run->mock)
		TRY(rate_note(run->app, lane->call));
	switch (lane->call->kind) {
	case X_REFRESH:
		return token_store(run, lane);
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
