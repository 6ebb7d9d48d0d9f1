/*
 * token.c - an account's tokens.
 *
 * X's refresh tokens work once, so if an answer is lost, the account must be
 * linked again. Therefore only the holder of the account's lease refreshes, and
 * only after a commit has shown that the database can be written; the new pair
 * is committed before it is used.
 */
#include "publish/token.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "publish/backoff.h"
#include "x/x_verdict.h"

enum { STILL_GOOD = 30 }; /* seconds that a token must last for one more call */

enum err token_decrypt(struct app *app, struct lane_account *a,
    const char *access, const char *refresh)
{
	struct keyring *keys = &app->keyring;
	const char *again = "";

	if (refresh && refresh[0])
		again = keyring_decrypt(keys, app->arena, refresh);
	a->encrypted_refresh_token = refresh;
	a->access_token = keyring_decrypt(keys, app->arena, access);
	a->refresh_token = again && again[0] ? again : NULL; /* "" is none */
	if (!again || !x_token_valid(a->access_token) ||
	    (a->refresh_token && !x_token_valid(a->refresh_token)))
		return fail(app, ERR_TOKEN_UNREADABLE,
		    "the token of @%s cannot be decrypted", a->username);
	return OK;
}

bool token_stale(const struct lane *lane)
{
	const struct lane_account *a = &lane->account;

	if (lane->progress.must_refresh)
		return true;
	return a->refresh_token && !lane->progress.refresh_failed &&
	       a->expires_at &&
	       a->expires_at < clock_now() + TOKEN_REFRESH_EARLY;
}

/* Whether a person must act on X, rather than link the account again. */
static bool is_for_x(enum err why)
{
	return why == ERR_ACCOUNT_SUSPENDED || why == ERR_ACCOUNT_LOCKED;
}

enum err token_failed(
    struct app *app, int64_t account, enum err why, const char *reason)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	LOG_CAUSE("account %" PRId64 " is not used any more: %s%s%s", account,
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

static enum err store_pair(struct app *app, struct lane *lane)
{
	SCOPED(db_query) q = { 0 };
	struct lane_account *a = &lane->account;
	const struct x_tokens *tokens = &lane->call->tokens;
	char expires[CLOCK_TEXT], now[CLOCK_TEXT];

	if (tokens->refresh) {
		a->refresh_token = tokens->refresh;
		a->encrypted_refresh_token =
		    keyring_encrypt(&app->keyring, app->arena, tokens->refresh);
	}
	a->access_token = tokens->access;
	a->expires_at = tokens->expires_at;
	lane->progress.must_refresh = false;
	lane->progress.refreshed = true;
	lane->tally.refreshes++;
	clock_sql(tokens->expires_at, expires);
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET access_token = $2,"
	    " refresh_token = $3, expires_at = $4,"
	    " scope = coalesce($5, scope), updated_at = $6 WHERE id = $1"));
	db_bind_int(&q, 1, a->id);
	db_bind_text(
	    &q, 2, keyring_encrypt(&app->keyring, app->arena, tokens->access));
	db_bind_text(&q, 3, a->encrypted_refresh_token);
	db_bind_text(&q, 4, tokens->expires_at ? expires : NULL);
	db_bind_text(&q, 5, tokens->scope);
	db_bind_text(&q, 6, now);
	return db_run(&q, NULL);
}

/* Whether another process has stored another pair since we read ours, which X
 * then refuses because it is old. The new one is read. */
static enum err newer_pair(struct app *app, struct lane *lane, bool *newer)
{
	SCOPED(db_query) q = { 0 };
	struct lane_account *a = &lane->account;
	bool row = false;
	int64_t expires = 0;

	*newer = false;
	TRY(db_prepare(&q, &app->db,
	    "SELECT access_token, refresh_token, expires_at"
	    " FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, a->id);
	TRY(db_step(&q, &row));
	if (!row)
		return OK;

	const char *access = db_text(&q, 0);
	const char *refresh = db_text(&q, 1);
	const char *until = db_text(&q, 2);

	if (!refresh || strcmp(refresh, a->encrypted_refresh_token) == 0)
		return OK;
	if (token_decrypt(app, a, access, refresh) != OK)
		return OK;
	a->expires_at =
	    until && clock_parse(str_of(until), &expires) ? expires : 0;
	lane->progress.must_refresh = false;
	*newer = true;
	return OK;
}

enum err token_end(struct app *app, struct lane *lane)
{
	const struct x_call *call = lane->call;

	TRY(token_failed(app, lane->account.id, call->err, call->reason));
	lane->end.reason = call->reason;
	return lane_stop(app, lane, call->err, call->words);
}

static enum err refused(struct app *app, struct lane *lane)
{
	bool newer = false;

	TRY(newer_pair(app, lane, &newer));
	if (newer)
		return OK;
	return token_end(app, lane);
}

/* X could not refresh now: the account waits, or with it the whole app. */
static enum err put_off(struct app *app, struct lane *lane)
{
	const struct x_call *call = lane->call;
	int64_t wait = BACKOFF_APP_SECONDS;

	if (call->verdict->account == X_APP_WAITS) {
		TRY(backoff_app(app, call->err, wait));
	} else {
		wait =
		    backoff_seconds(lane->account.failures, call->retry_after);
		TRY(backoff_account(app, lane->account.id, call->err, wait));
	}
	lane->end.reason = call->reason;
	lane->end.retry_after = wait;
	return lane_stop(app, lane, call->err, call->words);
}

enum err token_store(struct app *app, struct lane *lane)
{
	const struct x_call *call = lane->call;

	if (call->err == OK)
		return store_pair(app, lane);
	if (x_verdict_ends_account(call->verdict))
		return refused(app, lane);
	if (call->unknown)
		LOG_CAUSE("account %" PRId64
			  ": X's answer to a refresh was lost; if X"
			  " had renewed the tokens, the account must be linked"
			  " again",
		    lane->account.id);

	/* the token in hand may do for a while */
	if (!lane->progress.must_refresh &&
	    lane->account.expires_at > clock_now() + STILL_GOOD) {
		lane->progress.refresh_failed = true;
		return OK;
	}
	return put_off(app, lane);
}
