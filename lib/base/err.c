/* err.c - the table of codes. */
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
	const char *hint;
};

/* clang-format off */
#define ROW(code, name, status, exit, retryable, hint)                         \
	[code] = { name, status, exit, retryable, hint }

static const struct meaning table[] = {
	ROW(OK, "ok", 200, EX_OK, false, NULL),
	ROW(ERR_BAD_REQUEST, "bad_request", 400, EX_USAGE, false, NULL),
	ROW(ERR_INVALID_JSON, "invalid_json", 400, EX_DATAERR, false,
	    "Send one JSON object, in UTF-8."),
	ROW(ERR_INVALID_INPUT, "invalid_input", 400, EX_USAGE, false, NULL),
	ROW(ERR_INVALID_API_KEY, "invalid_api_key", 401, EX_NOPERM, false,
	    "Send the header X-API-Key with the API_KEY of the settings."),
	ROW(ERR_NOT_FOUND, "not_found", 404, EX_USAGE, false, NULL),
	ROW(ERR_ACCOUNT_NOT_FOUND, "account_not_found", 404, EX_USAGE, false,
	    NULL),
	ROW(ERR_TWEET_NOT_FOUND, "tweet_not_found", 404, EX_USAGE, false, NULL),
	ROW(ERR_ALERT_NOT_FOUND, "alert_not_found", 404, EX_USAGE, false, NULL),
	ROW(ERR_METHOD_NOT_ALLOWED, "method_not_allowed", 405, EX_USAGE, false,
	    "The header Allow names the methods there are."),
	ROW(ERR_LENGTH_REQUIRED, "length_required", 411, EX_USAGE, false,
	    "Send the body with a Content-Length, not chunked."),
	ROW(ERR_BODY_TOO_LARGE, "body_too_large", 413, EX_DATAERR, false, NULL),
	ROW(ERR_UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", 415, EX_USAGE,
	    false, "Send Content-Type: application/json."),
	ROW(ERR_METHOD_UNKNOWN, "not_implemented", 501, EX_USAGE, false, NULL),
	ROW(ERR_IDEMPOTENCY_KEY, "invalid_idempotency_key", 400, EX_USAGE,
	    false, "Send another key with each request, such as a UUID."),
	ROW(ERR_IDEMPOTENCY_MISMATCH, "idempotency_mismatch", 422, EX_USAGE,
	    false, "Send another Idempotency-Key with each other request."),
	ROW(ERR_IDEMPOTENCY_IN_FLIGHT, "idempotency_in_flight", 409,
	    EX_TEMPFAIL, true,
	    "The same request is being worked on; send it again shortly."),
	ROW(ERR_SETUP_UNPROVEN, "setup_unproven", 403, EX_NOPERM, false,
	    "Upload the file that the setup page names, then go on there."),

	ROW(ERR_INVALID_STATE, "invalid_state", 400, EX_NOPERM, false,
	    "Start linking again: each link works once."),
	ROW(ERR_STATE_USED, "state_used", 400, EX_USAGE, false, NULL),
	ROW(ERR_EXPIRED_STATE, "expired_state", 400, EX_NOPERM, false,
	    "Start linking again: each link works for 10 minutes."),
	ROW(ERR_MISSING_STATE, "missing_state", 400, EX_USAGE, false,
	    "Start linking again from the dashboard or the API."),
	ROW(ERR_MISSING_CODE, "missing_code", 400, EX_USAGE, false,
	    "Start linking again."),
	ROW(ERR_ACCESS_DENIED, "access_denied", 400, EX_NOPERM, false,
	    "Start linking again and choose to allow access."),
	ROW(ERR_AUTHORIZE_FAILED, "authorize_failed", 400, EX_NOPERM, false,
	    "Start linking again."),
	ROW(ERR_CODE_REFUSED, "code_refused", 502, EX_NOPERM, false,
	    "X's codes live 30 seconds and work once: start linking again."),
	ROW(ERR_WRONG_ACCOUNT, "wrong_account", 409, EX_NOPERM, false,
	    "Log in on X as the account to relink, then start again."),
	ROW(ERR_NOT_CONFIGURED, "x_app_not_configured", 503, EX_CONFIG, false,
	    "Set TWITTER_CLIENT_ID, or turn mock mode on."),
	ROW(ERR_APP_MISSING, "app_missing", 409, EX_CONFIG, false,
	    "Put the OAuth 2.0 client id of your X app into .env as"
	    " TWITTER_CLIENT_ID (a confidential client's secret as"
	    " TWITTER_CLIENT_SECRET), then try again."),
	ROW(ERR_APP_REFUSED, "app_refused", 502, EX_CONFIG, false,
	    "Check TWITTER_CLIENT_ID and TWITTER_CLIENT_SECRET against X's"
	    " developer portal: X does not accept them."),

	ROW(ERR_ALREADY_POSTED, "already_posted", 409, EX_USAGE, false, NULL),
	ROW(ERR_BEING_POSTED, "being_posted", 409, EX_TEMPFAIL, true,
	    "Another request is sending this tweet; look again shortly."),
	ROW(ERR_HELD_BACK, "held_back", 409, EX_TEMPFAIL, true,
	    "Try again at the time in retry_at."),
	ROW(ERR_FAILED_FOR_GOOD, "failed_for_good", 409, EX_USAGE, false,
	    "Sending the same text again would fail again: create another"
	    " tweet."),
	ROW(ERR_OUTCOME_UNKNOWN, "outcome_unknown", 409, EX_TEMPFAIL, false,
	    "X gave no answer, so the tweet may be out. Look at the account on"
	    " X; it is never sent again by itself."),
	ROW(ERR_NOT_UNKNOWN, "not_unknown", 409, EX_USAGE, false, NULL),
	ROW(ERR_IS_DRAFT, "is_draft", 409, EX_USAGE, false,
	    "Finish it first: PATCH it with draft false."),
	ROW(ERR_NOT_HELD, "not_held", 409, EX_USAGE, false,
	    "Only a tweet in the state held can be released."),
	ROW(ERR_NOT_FAILED, "not_failed", 409, EX_USAGE, false, NULL),
	ROW(ERR_SIMILAR_TEXT, "similar_text", 409, EX_DATAERR, false,
	    "X forbids the same text on several accounts: change it."),
	ROW(ERR_DUPLICATE_TEXT, "duplicate_text", 409, EX_DATAERR, false,
	    "X may refuse the same text twice on one account: change it."),
	ROW(ERR_ACCOUNT_NOT_ACTIVE, "account_not_active", 409, EX_NOPERM, false,
	    "Link the account again to make it active."),
	ROW(ERR_ACCOUNT_BUSY, "account_busy", 409, EX_TEMPFAIL, true,
	    "Another request is sending for this account; try again shortly."),
	ROW(ERR_OAUTH1_UNSUPPORTED, "oauth1_unsupported", 409, EX_NOPERM, false,
	    "Link the account again: it will then use OAuth 2.0."),
	ROW(ERR_MOCK_MISMATCH, "mock_mismatch", 409, EX_USAGE, false,
	    "Accounts linked in mock mode work in mock mode only: link the"
	    " real account with mock mode off."),
	ROW(ERR_NEEDS_REAUTH, "needs_reauth", 409, EX_NOPERM, false,
	    "Link the account again: X has revoked access."),
	ROW(ERR_TOKEN_UNREADABLE, "token_unreadable", 409, EX_CONFIG, false,
	    "Put the ENCRYPTION_KEY back that sealed the token, or link the"
	    " account again."),

	ROW(ERR_DUPLICATE, "duplicate_content", 422, EX_DATAERR, false,
	    "The account has posted this text lately: change it."),
	ROW(ERR_TWEET_REFUSED, "tweet_refused", 422, EX_DATAERR, false,
	    "Read X's reason and change the text."),
	ROW(ERR_GRANT_LACKS_SCOPE, "grant_lacks_scope", 409, EX_NOPERM, false,
	    "Set the app's permissions to \"Read and write\" in X's developer"
	    " portal, then link the account again."),
	ROW(ERR_ACCOUNT_LOCKED, "account_locked", 409, EX_NOPERM, false,
	    "Unlock it on X, then press Try again."),
	ROW(ERR_TEXT_UNREADABLE, "text_unreadable", 422, EX_DATAERR, false,
	    "Another program wrote it: write the text anew."),
	ROW(ERR_TEXT_INVALID, "text_invalid", 422, EX_DATAERR, false,
	    "Another program wrote it: write a text that X can take."),
	ROW(ERR_ACCOUNT_SUSPENDED, "account_suspended", 409, EX_NOPERM, true,
	    "Log in on X as this account and see what X asks for, then press"
	    " Try again."),
	ROW(ERR_ACCOUNT_HELD_BACK, "account_held_back", 429, EX_TEMPFAIL, true,
	    "Log in on X as this account and see whether X asks for anything."
	    " Its tweets stay pending and are tried again after a pause."),
	ROW(ERR_APP_NOT_ENROLLED, "app_not_enrolled", 503, EX_CONFIG, true,
	    "In X's developer portal put the app into a project with the"
	    " package Pay-per-use and the environment Production."),
	ROW(ERR_CREDITS_DEPLETED, "credits_depleted", 503, EX_UNAVAILABLE, true,
	    "Buy credits for the app in X's developer portal."),
	ROW(ERR_RATE_LIMITED, "rate_limited", 429, EX_TEMPFAIL, true,
	    "X's limit is reached: the tweet stays pending and will be sent"
	    " automatically."),
	ROW(ERR_X_UNAVAILABLE, "x_unavailable", 502, EX_TEMPFAIL, true,
	    "X is in trouble or out of reach; try again later."),
	ROW(ERR_X_UNREADABLE, "x_unreadable", 502, EX_TEMPFAIL, true,
	    "X's answer made no sense; try again later."),
	ROW(ERR_X_TIMEOUT, "x_timeout", 504, EX_TEMPFAIL, true,
	    "X did not answer in time; try again later."),

	ROW(ERR_CONFIG_MISSING, "config_missing", 500, EX_CONFIG, false,
	    "Open the setup page, /api/v1/setup, in a browser; or run"
	    " `twitter-manager init`. Either writes .env with new keys."),
	ROW(ERR_CONFIG_INVALID, "config_invalid", 500, EX_CONFIG, false,
	    "Mend the setting; .env.example explains each."),
	ROW(ERR_DATABASE, "database_error", 500, EX_IOERR, false,
	    "See the error log in the instance folder."),
	ROW(ERR_DATABASE_BUSY, "database_busy", 500, EX_TEMPFAIL, true,
	    "Another program holds the database; try again shortly."),
	ROW(ERR_DATABASE_NEWER, "database_newer", 500, EX_CONFIG, false,
	    "Install the newer version of Twitter Manager that made it."),
	ROW(ERR_DISK_FULL, "disk_full", 500, EX_IOERR, true,
	    "Make room on the disk that holds the instance folder."),
	ROW(ERR_SYSTEM, "system_error", 500, EX_OSERR, false,
	    "See the error log in the instance folder."),
	ROW(ERR_OUT_OF_TIME, "out_of_time", 500, EX_TEMPFAIL, true,
	    "The machine is too busy or too slow; try again."),
	ROW(ERR_INTERNAL, "internal_error", 500, EX_SOFTWARE, false,
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
