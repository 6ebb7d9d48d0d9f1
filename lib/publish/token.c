/*
 * token.c - an account's tokens.
 *
 * X's refresh tokens work once, and a lost answer loses the account. So only
 * the holder of the account's lease refreshes, after a commit of its own has
 * shown that the database can be written, and the new pair is committed before
 * it is used.
 */
#include "publish/token.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "publish/hold.h"
#include "x/x_verdict.h"

enum { STILL_GOOD = 30 }; /* seconds that a token must last for one more call */

enum err token_unseal(
    struct app *app, struct lane *lane, const char *access, const char *refresh)
{
	const char *again = "";

	if (refresh && refresh[0])
		again =
		    keyring_unseal(&app->keyring, app->arena, refresh, NULL);
	lane->sealed_refresh = refresh;
	lane->access = keyring_unseal(&app->keyring, app->arena, access, NULL);
	lane->refresh = again && again[0] ? again : NULL; /* "" is none */
	if (!again || !x_token_valid(lane->access) ||
	    (lane->refresh && !x_token_valid(lane->refresh)))
		return fail(app, ERR_TOKEN_UNREADABLE,
		    "the token of @%s cannot be decrypted", lane->username);
	return OK;
}

bool token_stale(const struct lane *lane)
{
	if (lane->must_refresh)
		return true;
	return lane->refresh && lane->expires_at &&
	       lane->expires_at < clock_now() + PUBLISH_REFRESH_EARLY;
}

/* Whether a person ends it on X, and not by linking the account again. */
static bool is_for_x(enum err why)
{
	return why == ERR_ACCOUNT_SUSPENDED || why == ERR_ACCOUNT_LOCKED;
}

enum err token_failed(
    struct app *app, int64_t account, enum err why, const char *reason)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	LOG_CAUSE("account %d is not used any more: %s%s%s", (int)account,
	    err_name(why), reason ? ": " : "", reason ? reason : "");
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET status = $2, code = $3, reason = $4,"
	    " updated_at = $5 WHERE id = $1"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, is_for_x(why) ? "suspended" : "failed");
	db_bind_text(&q, 3, err_name(why));
	db_bind_text(&q, 4, reason);
	db_bind_text(&q, 5, now);
	return db_run(&q, NULL);
}

static enum err store_pair(struct run *run, struct lane *lane)
{
	SCOPED(db_query) q = { 0 };
	struct app *app = run->app;
	const struct x_tokens *tokens = &lane->call->tokens;
	char expires[CLOCK_TEXT], now[CLOCK_TEXT];

	if (tokens->refresh) {
		lane->refresh = tokens->refresh;
		lane->sealed_refresh =
		    keyring_seal(&app->keyring, app->arena, tokens->refresh);
	}
	lane->access = tokens->access;
	lane->expires_at = tokens->expires_at;
	lane->must_refresh = false;
	lane->refreshed = true;
	lane->refreshes++;
	clock_sql(tokens->expires_at, expires);
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET access_token = $2,"
	    " refresh_token = $3, expires_at = $4,"
	    " scope = coalesce($5, scope), updated_at = $6 WHERE id = $1"));
	db_bind_int(&q, 1, lane->account);
	db_bind_text(
	    &q, 2, keyring_seal(&app->keyring, app->arena, tokens->access));
	db_bind_text(&q, 3, lane->sealed_refresh);
	db_bind_text(&q, 4, tokens->expires_at ? expires : NULL);
	db_bind_text(&q, 5, tokens->scope);
	db_bind_text(&q, 6, now);
	lane->state = LANE_IDLE;
	return db_run(&q, NULL);
}

/* Whether somebody stored another pair meanwhile: then ours was refused because
 * it is old, and the new one is read. */
static enum err newer_pair(struct run *run, struct lane *lane, bool *newer)
{
	SCOPED(db_query) q = { 0 };
	struct app *app = run->app;
	bool row = false;
	int64_t expires = 0;

	*newer = false;
	TRY(db_prepare(&q, &app->db,
	    "SELECT access_token, refresh_token, expires_at"
	    " FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, lane->account);
	TRY(db_step(&q, &row));
	if (!row)
		return OK;

	const char *access = db_text(&q, 0);
	const char *refresh = db_text(&q, 1);
	const char *until = db_text(&q, 2);

	if (!refresh || strcmp(refresh, lane->sealed_refresh) == 0)
		return OK;
	if (token_unseal(app, lane, access, refresh) != OK)
		return OK;
	lane->expires_at =
	    until && clock_parse(str_of(until), &expires) ? expires : 0;
	lane->must_refresh = false;
	lane->state = LANE_IDLE;
	*newer = true;
	return OK;
}

enum err token_end(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;

	TRY(token_failed(run->app, lane->account, call->err, call->reason));
	lane->reason = call->reason;
	return lane_stop(run, lane, call->err, call->words);
}

static enum err refused(struct run *run, struct lane *lane)
{
	bool newer = false;

	TRY(newer_pair(run, lane, &newer));
	if (newer)
		return OK;
	return token_end(run, lane);
}

enum err token_store(struct run *run, struct lane *lane)
{
	const struct x_call *call = lane->call;

	if (call->err == OK)
		return store_pair(run, lane);
	if (x_verdict_ends_account(call->verdict))
		return refused(run, lane);
	if (call->unknown)
		LOG_CAUSE("account %d: X's answer to a refresh was lost; if X"
			  " had renewed the tokens, the account must be linked"
			  " again",
		    (int)lane->account);

	/* not now; the token in hand may do for a while */
	if (!lane->must_refresh &&
	    lane->expires_at > clock_now() + STILL_GOOD) {
		lane->refresh = NULL; /* do not ask again in this run */
		lane->state = LANE_IDLE;
		return OK;
	}
	lane->reason = call->reason;
	if (call->verdict->account == X_APP_WAITS) {
		lane->retry_after = HOLD_APP_SECONDS;
		TRY(hold_app(run->app, call->err, lane->retry_after));
		return lane_stop(run, lane, call->err, call->words);
	}
	lane->retry_after = hold_backoff(lane->hold_count, call->retry_after);
	TRY(hold_account(
	    run->app, lane->account, call->err, lane->retry_after));
	return lane_stop(run, lane, call->err, call->words);
}
