/* err.h - all error codes, and a table of what each means.
 *
 * The codes' names are stable and appear in our replies. A function that can
 * fail returns an enum err; the words for people are in a struct fault. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum err {
	OK = 0,
	/* the request */
	ERR_BAD_REQUEST,
	ERR_INVALID_JSON,
	ERR_INVALID_INPUT,
	ERR_INVALID_API_KEY,
	ERR_SCOPE_MISSING,
	ERR_NOT_FOUND,
	ERR_ACCOUNT_NOT_FOUND,
	ERR_TWEET_NOT_FOUND,
	ERR_ALERT_NOT_FOUND,
	ERR_KEY_NOT_FOUND,
	ERR_LAST_ADMIN_KEY,
	ERR_METHOD_NOT_ALLOWED,
	ERR_LENGTH_REQUIRED,
	ERR_BODY_TOO_LARGE,
	ERR_UNSUPPORTED_MEDIA_TYPE,
	ERR_METHOD_UNKNOWN,
	ERR_IDEMPOTENCY_KEY,
	ERR_IDEMPOTENCY_MISMATCH,
	ERR_IDEMPOTENCY_IN_FLIGHT,
	ERR_SETUP_UNPROVEN,
	/* linking an account */
	ERR_INVALID_STATE,
	ERR_STATE_USED,
	ERR_EXPIRED_STATE,
	ERR_MISSING_STATE,
	ERR_MISSING_CODE,
	ERR_ACCESS_DENIED,
	ERR_AUTHORIZE_FAILED,
	ERR_CODE_REFUSED,
	ERR_WRONG_ACCOUNT,
	ERR_NOT_CONFIGURED,
	ERR_APP_MISSING,
	ERR_APP_REFUSED,
	/* the state of a tweet or an account */
	ERR_ALREADY_POSTED,
	ERR_BEING_POSTED,
	ERR_HELD_BACK,
	ERR_FAILED_FOR_GOOD,
	ERR_OUTCOME_UNKNOWN,
	ERR_NOT_UNKNOWN,
	ERR_IS_DRAFT,
	ERR_NOT_HELD,
	ERR_NOT_FAILED,
	ERR_SIMILAR_TEXT,
	ERR_DUPLICATE_TEXT,
	ERR_ACCOUNT_NOT_ACTIVE,
	ERR_ACCOUNT_BUSY,
	ERR_OAUTH1_UNSUPPORTED,
	ERR_MOCK_MISMATCH,
	ERR_NEEDS_REAUTH,
	ERR_TOKEN_UNREADABLE,
	/* what X says about a tweet, an account or the app */
	ERR_DUPLICATE,
	ERR_TWEET_REFUSED,
	ERR_TEXT_UNREADABLE,
	ERR_TEXT_INVALID,
	ERR_GRANT_LACKS_SCOPE,
	ERR_ACCOUNT_LOCKED,
	ERR_ACCOUNT_SUSPENDED,
	ERR_ACCOUNT_HELD_BACK,
	ERR_APP_NOT_ENROLLED,
	ERR_CREDITS_DEPLETED,
	ERR_RATE_LIMITED,
	ERR_X_UNAVAILABLE,
	ERR_X_UNREADABLE,
	ERR_X_TIMEOUT,
	/* this installation */
	ERR_CONFIG_MISSING,
	ERR_CONFIG_INVALID,
	ERR_DATABASE,
	ERR_DATABASE_BUSY,
	ERR_DATABASE_NEWER,
	ERR_DISK_FULL,
	ERR_SYSTEM,
	ERR_OUT_OF_TIME,
	ERR_INTERNAL,
	ERR__COUNT
};

/* The stable name of a code, such as "tweet_not_found". */
const char *err_name(enum err err);

/* The code of a stable word; ERR__COUNT when there is none (or for NULL). */
enum err err_named(const char *name);

/* The HTTP status a reply with this code has. */
int err_status(enum err err);

/* The exit status of the command-line tool for this code (sysexits). */
int err_exit(enum err err);

/* Whether the same request may succeed later, unchanged. */
bool err_retryable(enum err err);

/* What it is, in words for people; NULL for OK. A fault may say more. */
const char *err_words(enum err err);

/* What to do about it, in words for people; NULL when there is nothing. */
const char *err_hint(enum err err);

/* The latest failure of a process, in words; one lives in struct app. */
struct fault {
	enum err err;
	char words[400];     /* for a person */
	char reason[400];    /* X's own words, or empty */
	const char *hint;    /* instead of err_hint, if not NULL */
	int64_t retry_after; /* seconds; 0: not known */
	const char *file;    /* where it was noticed */
	int line;
};

/* Stores what went wrong and gives ERR. Words that are too long are cut at a
 * whole UTF-8 character. */
enum err fault_set(struct fault *f, enum err err, const char *file, int line,
    const char *fmt, ...) PRINTF_LIKE(5, 6);

/* Adds X's own words to a fault, cut likewise; control bytes become blanks. */
void fault_reason(struct fault *f, const char *reason);

#define FAULT(f, err, ...) \
	fault_set((f), (err), __FILE__, __LINE__, __VA_ARGS__)

/* Returns from the calling function if EXPR fails. */
#define TRY(expr)                          \
	do {                               \
		enum err try_err = (expr); \
		if (try_err != OK)         \
			return try_err;    \
	} while (0)

#endif
