/* err.c - the table of error codes. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

struct meaning {
	const char *name;
	int status;
	int exit;
	bool retryable;
	const char *words;
	const char *hint;
};

/* clang-format off */
#define ROW(code, name, status, exit, retryable, words, hint)                  \
	[code] = { name, status, exit, retryable, words, hint }

static const struct meaning table[] = {
	ROW(OK, "ok", 200, EX_OK, false,
	    NULL,
	    NULL),
	ROW(ERR_BAD_REQUEST, "bad_request", 400, EX_USAGE, false,
	    "the request can't be understood", NULL),
	ROW(ERR_INVALID_JSON, "invalid_json", 400, EX_DATAERR, false,
	    "the body isn't valid JSON",
	    "Send one JSON object, in UTF-8."),
	ROW(ERR_INVALID_INPUT, "invalid_input", 400, EX_USAGE, false,
	    "the input isn't valid", NULL),
	ROW(ERR_INVALID_API_KEY, "invalid_api_key", 401, EX_NOPERM, false,
	    "Invalid API key",
	    "Send the API_KEY of the server's .env file in the X-API-Key"
	    " header."),
	ROW(ERR_SCOPE_MISSING, "scope_missing", 403, EX_NOPERM, false,
	    "this API key may not do that",
	    "Use a key with the scope that `required_scope` names, or ask"
	    " whoever made this one."),
	ROW(ERR_NOT_FOUND, "not_found", 404, EX_USAGE, false,
	    "no such path", NULL),
	ROW(ERR_ACCOUNT_NOT_FOUND, "account_not_found", 404, EX_USAGE, false,
	    "Account not found", NULL),
	ROW(ERR_TWEET_NOT_FOUND, "tweet_not_found", 404, EX_USAGE, false,
	    "Tweet not found", NULL),
	ROW(ERR_ALERT_NOT_FOUND, "alert_not_found", 404, EX_USAGE, false,
	    "Alert not found", NULL),
	ROW(ERR_KEY_NOT_FOUND, "key_not_found", 404, EX_USAGE, false,
	    "API key not found", NULL),
	ROW(ERR_LAST_ADMIN_KEY, "last_admin_key", 409, EX_USAGE, false,
	    "no other key that lasts may do everything",
	    "Make another key with the scope admin first."),
	ROW(ERR_METHOD_NOT_ALLOWED, "method_not_allowed", 405, EX_USAGE, false,
	    "this path doesn't support this method",
	    "The Allow header lists the methods that it supports."),
	ROW(ERR_LENGTH_REQUIRED, "length_required", 411, EX_USAGE, false,
	    "a body needs a Content-Length",
	    "Send the body with a Content-Length, not chunked."),
	ROW(ERR_BODY_TOO_LARGE, "body_too_large", 413, EX_DATAERR, false,
	    "the body is too large", NULL),
	ROW(ERR_UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", 415,
	    EX_USAGE, false,
	    "the body must be JSON",
	    "Send Content-Type: application/json."),
	ROW(ERR_METHOD_UNKNOWN, "not_implemented", 501, EX_USAGE, false,
	    "this method isn't supported", NULL),
	ROW(ERR_IDEMPOTENCY_KEY, "invalid_idempotency_key", 400, EX_USAGE,
	    false,
	    "the Idempotency-Key isn't valid",
	    "Send a new key with each request, such as a UUID."),
	ROW(ERR_IDEMPOTENCY_MISMATCH, "idempotency_mismatch", 422, EX_USAGE,
	    false,
	    "this Idempotency-Key was used for another request",
	    "Use a different Idempotency-Key for each request."),
	ROW(ERR_IDEMPOTENCY_IN_FLIGHT, "idempotency_in_flight", 409,
	    EX_TEMPFAIL, true,
	    "a request with this Idempotency-Key is still running",
	    "Send it again shortly to get its answer."),
	ROW(ERR_SETUP_UNPROVEN, "setup_unproven", 403, EX_NOPERM, false,
	    "the setup file hasn't been uploaded yet",
	    "Upload the file that the setup page names, then continue there."),

	ROW(ERR_INVALID_STATE, "invalid_state", 400, EX_NOPERM, false,
	    "this link is unknown or was already used",
	    "Start linking again: each link works once."),
	ROW(ERR_STATE_USED, "state_used", 400, EX_USAGE, false,
	    "This link was already used", NULL),
	ROW(ERR_EXPIRED_STATE, "expired_state", 400, EX_NOPERM, false,
	    "this link has expired",
	    "Start linking again: each link works for 10 minutes."),
	ROW(ERR_MISSING_STATE, "missing_state", 400, EX_USAGE, false,
	    "the state is missing",
	    "Start linking again from the dashboard or the API."),
	ROW(ERR_MISSING_CODE, "missing_code", 400, EX_USAGE, false,
	    "X sent no authorization code",
	    "Start linking again."),
	ROW(ERR_ACCESS_DENIED, "access_denied", 400, EX_NOPERM, false,
	    "access wasn't allowed",
	    "Start linking again and choose to allow access."),
	ROW(ERR_AUTHORIZE_FAILED, "authorize_failed", 400, EX_NOPERM, false,
	    "X didn't authorize this app",
	    "Start linking again."),
	ROW(ERR_CODE_REFUSED, "code_refused", 502, EX_NOPERM, false,
	    "X rejected the authorization code",
	    "Start linking again: a code works once, for 30 seconds."),
	ROW(ERR_WRONG_ACCOUNT, "wrong_account", 409, EX_NOPERM, false,
	    "a different account gave access",
	    "Log in on X as the account that you want to link, then start"
	    " again."),
	ROW(ERR_NOT_CONFIGURED, "x_app_not_configured", 503, EX_CONFIG, false,
	    "no X app is configured",
	    "Set TWITTER_CLIENT_ID, or turn mock mode on."),
	ROW(ERR_APP_MISSING, "app_missing", 409, EX_CONFIG, false,
	    "mock mode stays on: no X app is configured",
	    "Put the OAuth 2.0 client id of your X app into .env as"
	    " TWITTER_CLIENT_ID (a confidential client's secret as"
	    " TWITTER_CLIENT_SECRET), then try again."),
	ROW(ERR_APP_REFUSED, "app_refused", 502, EX_CONFIG, false,
	    "X doesn't accept your app's client id or secret",
	    "Compare TWITTER_CLIENT_ID and TWITTER_CLIENT_SECRET with X's"
	    " developer portal."),

	ROW(ERR_ALREADY_POSTED, "already_posted", 409, EX_USAGE, false,
	    "this tweet is already posted", NULL),
	ROW(ERR_BEING_POSTED, "being_posted", 409, EX_TEMPFAIL, true,
	    "this tweet is being sent, or we're checking with X",
	    "Look again in a few seconds."),
	ROW(ERR_HELD_BACK, "held_back", 409, EX_TEMPFAIL, true,
	    "this tweet couldn't be sent now and stays pending",
	    "Try again later."),
	ROW(ERR_FAILED_FOR_GOOD, "failed_for_good", 409, EX_USAGE, false,
	    "X rejected this text: edit it and try again",
	    "The same text would be rejected again."),
	ROW(ERR_OUTCOME_UNKNOWN, "outcome_unknown", 409, EX_TEMPFAIL, false,
	    "we couldn't confirm whether this was posted",
	    "X didn't answer, so it may have been posted. Look at the account"
	    " on X, then say whether it is there: it is never sent again"
	    " automatically."),
	ROW(ERR_NOT_UNKNOWN, "not_unknown", 409, EX_USAGE, false,
	    "there is no doubt about this tweet", NULL),
	ROW(ERR_IS_DRAFT, "is_draft", 409, EX_USAGE, false,
	    "this tweet is a draft",
	    "Finish the draft first."),
	ROW(ERR_NOT_HELD, "not_held", 409, EX_USAGE, false,
	    "this tweet isn't waiting for release",
	    "Only a tweet that missed its time can be released."),
	ROW(ERR_NOT_FAILED, "not_failed", 409, EX_USAGE, false,
	    "this tweet hasn't failed", NULL),
	ROW(ERR_SIMILAR_TEXT, "similar_text", 409, EX_DATAERR, false,
	    "the same text is queued or posted on another account",
	    "X forbids the same text on several accounts: change it."),
	ROW(ERR_DUPLICATE_TEXT, "duplicate_text", 409, EX_DATAERR, false,
	    "the same text is queued or posted on this account",
	    "X may reject the same text twice on one account: change it."),
	ROW(ERR_ACCOUNT_NOT_ACTIVE, "account_not_active", 409, EX_NOPERM, false,
	    "this account isn't active",
	    "Activate the account, or link it again."),
	ROW(ERR_ACCOUNT_BUSY, "account_busy", 409, EX_TEMPFAIL, true,
	    "another request is sending for this account",
	    "Try again in a few seconds."),
	ROW(ERR_OAUTH1_UNSUPPORTED, "oauth1_unsupported", 409, EX_NOPERM, false,
	    "this account was linked with OAuth 1.0a, which isn't supported",
	    "Link the account again: it will then use OAuth 2.0."),
	ROW(ERR_MOCK_MISMATCH, "mock_mismatch", 409, EX_USAGE, false,
	    "this is a test account, and mock mode is off",
	    "Test accounts work in mock mode only: link the real account with"
	    " mock mode off."),
	ROW(ERR_NEEDS_REAUTH, "needs_reauth", 409, EX_NOPERM, false,
	    "X has revoked access",
	    "Link the account again."),
	ROW(ERR_TOKEN_UNREADABLE, "token_unreadable", 409, EX_CONFIG, false,
	    "this account's token can't be decrypted",
	    "Put back the ENCRYPTION_KEY that encrypted the token, or link"
	    " the account again."),

	ROW(ERR_DUPLICATE, "duplicate_content", 422, EX_DATAERR, false,
	    "X considers this tweet a duplicate",
	    "The account posted the same text recently: change it."),
	ROW(ERR_TWEET_REFUSED, "tweet_refused", 422, EX_DATAERR, false,
	    "X rejected this tweet",
	    "Read X's reason and change the text."),
	ROW(ERR_GRANT_LACKS_SCOPE, "grant_lacks_scope", 409, EX_NOPERM, false,
	    "this account's access doesn't include posting",
	    "Set the app's permissions to \"Read and write\" in X's developer"
	    " portal, then link the account again."),
	ROW(ERR_ACCOUNT_LOCKED, "account_locked", 409, EX_NOPERM, false,
	    "X has locked this account",
	    "Unlock it on X, then press Try again."),
	ROW(ERR_TEXT_UNREADABLE, "text_unreadable", 422, EX_DATAERR, false,
	    "the text isn't valid UTF-8, or holds a NUL",
	    "Another program wrote it: enter the text again."),
	ROW(ERR_TEXT_INVALID, "text_invalid", 422, EX_DATAERR, false,
	    "the text isn't valid",
	    "Another program wrote it: change it to a text that X accepts."),
	ROW(ERR_ACCOUNT_SUSPENDED, "account_suspended", 409, EX_NOPERM, true,
	    "X has locked or suspended this account",
	    "Log in on X as this account and do what X asks for, then press"
	    " Try again."),
	ROW(ERR_ACCOUNT_HELD_BACK, "account_held_back", 429, EX_TEMPFAIL, true,
	    "X refuses this account's tweets for now",
	    "Log in on X as this account and see whether X asks for anything."
	    " Its tweets stay pending and are retried automatically."),
	ROW(ERR_APP_NOT_ENROLLED, "app_not_enrolled", 503, EX_CONFIG, true,
	    "your X app isn't enrolled for API access",
	    "In X's developer portal, put the app into a project with the"
	    " Pay-per-use package and the Production environment."),
	ROW(ERR_CREDITS_DEPLETED, "credits_depleted", 503, EX_UNAVAILABLE, true,
	    "your X app has used up its credits",
	    "Buy credits for the app in X's developer portal."),
	ROW(ERR_RATE_LIMITED, "rate_limited", 429, EX_TEMPFAIL, true,
	    "X's rate limit has been reached",
	    "The tweet stays pending and will be sent automatically."),
	ROW(ERR_X_UNAVAILABLE, "x_unavailable", 502, EX_TEMPFAIL, true,
	    "X isn't available right now",
	    "X may be down: try again later."),
	ROW(ERR_X_UNREADABLE, "x_unreadable", 502, EX_TEMPFAIL, true,
	    "X sent an unexpected reply",
	    "X may be down: try again later."),
	ROW(ERR_X_TIMEOUT, "x_timeout", 504, EX_TEMPFAIL, true,
	    "X didn't answer in time",
	    "X may be down: try again later."),

	ROW(ERR_CONFIG_MISSING, "config_missing", 500, EX_CONFIG, false,
	    "a setting is missing",
	    "Open the setup page, /api/v1/setup, in a browser; or run"
	    " `twitter-manager init`. Either writes .env with new keys."),
	ROW(ERR_CONFIG_INVALID, "config_invalid", 500, EX_CONFIG, false,
	    "a setting isn't valid",
	    "Fix the setting; .env.example explains each."),
	ROW(ERR_DATABASE, "database_error", 500, EX_IOERR, false,
	    "the database can't be used",
	    "See the error log in the instance folder."),
	ROW(ERR_DATABASE_BUSY, "database_busy", 500, EX_TEMPFAIL, true,
	    "the database is busy",
	    "Another program is using the database; try again shortly."),
	ROW(ERR_DATABASE_NEWER, "database_newer", 500, EX_CONFIG, false,
	    "the database belongs to a newer version",
	    "Install the newer version of Twitter Manager that made it."),
	ROW(ERR_DISK_FULL, "disk_full", 500, EX_IOERR, true,
	    "the disk is full",
	    "Free up space on the disk that holds the instance folder."),
	ROW(ERR_SYSTEM, "system_error", 500, EX_OSERR, false,
	    "the system refused something",
	    "See the error log in the instance folder."),
	ROW(ERR_OUT_OF_TIME, "out_of_time", 500, EX_TEMPFAIL, true,
	    "this took too long",
	    "The machine is too busy or too slow; try again."),
	ROW(ERR_INTERNAL, "internal_error", 500, EX_SOFTWARE, false,
	    "an internal error occurred",
	    "See the error log in the instance folder."),
};
/* clang-format on */

_Static_assert(COUNT(table) == ERR__COUNT, "a code without its row");

const char *err_name(enum err err)
{
	return table[err].name;
}

enum err err_named(const char *name)
{
	int err = OK;

	while (
	    err < ERR__COUNT && (!name || strcmp(table[err].name, name) != 0))
		err++;
	return (enum err)err;
}

int err_status(enum err err)
{
	return table[err].status;
}

int err_exit(enum err err)
{
	return table[err].exit;
}

bool err_retryable(enum err err)
{
	return table[err].retryable;
}

const char *err_words(enum err err)
{
	return table[err].words;
}

const char *err_hint(enum err err)
{
	return table[err].hint;
}

/* Moves the end of N cut bytes back to the start of a UTF-8 character. */
static void cut(char *text, size_t n)
{
	while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	text[n] = '\0';
}

enum err fault_set(struct fault *f, enum err err, const char *file, int line,
    const char *fmt, ...)
{
	char words[sizeof(f->words) + 1];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(words, sizeof(words), fmt, args);

	va_end(args);
	if (n < 0)
		words[0] = '\0';
	if (n >= (int)sizeof(f->words))
		cut(words, sizeof(f->words) - 1);
	*f = (struct fault){ .err = err, .file = file, .line = line };
	memcpy(f->words, words, strlen(words) + 1);
	return err;
}

void fault_reason(struct fault *f, const char *reason)
{
	size_t n = strlen(reason);

	if (n >= sizeof(f->reason))
		n = sizeof(f->reason) - 1;
	memcpy(f->reason, reason, n);
	if (reason[n] != '\0') {
		f->reason[n] = reason[n];
		cut(f->reason, n);
	} else {
		f->reason[n] = '\0';
	}
	for (char *p = f->reason; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			*p = ' ';
	}
}
