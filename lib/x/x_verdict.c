/*
 * x_verdict.c - the table of X's replies.
 *
 * X has one status, 403, for a text that it rejects, an account that it has
 * locked and an app that it does not know, so a refusal is judged by everything
 * in it. The first matching row counts. Two rules are behind the table: a tweet
 * fails only if X's reply is about that tweet; and if X may have accepted it,
 * it is looked for and never sent again.
 *
 * A refusal without a reason may be about the tweet or the account. The first
 * ones in a row fail their tweets. The third (the fifth, if X uses its general
 * words) shows that it is the account: all tweets of the row become pending
 * again, and the account pauses. A refusal is definite, so none of them was
 * posted. twitter_account.refusals counts the row; a success ends it.
 */
#include "x/x_verdict.h"

#include <string.h>
#include <strings.h>

/* The calls that a row applies to. */
enum {
	TWEET = 1 << X_TWEET,
	READ = 1 << X_ME | 1 << X_TIMELINE,
	CODE = 1 << X_CODE,
	REFRESH = 1 << X_REFRESH,
	API = TWEET | READ,
	TOKEN = CODE | REFRESH,
	ACCOUNT = API | REFRESH,
	ALL = ACCOUNT | CODE,
};

enum verdict {
	STUCK,
	UNREACHED,
	LATE,
	CUT,
	SPOILT,
	BROKEN,
	STRANGER,
	APP_REFUSED,
	NO_CREDITS,
	NOT_ENROLLED,
	LIMITED,
	APP_LIMITED,
	CODE_REFUSED,
	GRANT_ENDED,
	LOCKED,
	SUSPENDED,
	AUTOMATED,
	WRONG_TOKEN,
	LACKS_SCOPE,
	TOKEN_ENDED,
	DUPLICATE,
	REFUSED,
	REFUSED_BARELY,
	REFUSED_VAGUELY,
	UNREADABLE,
};

/* clang-format off */
#define ROW(name, err, about, tweet, account)                                  \
	[name] = { ERR_##err, X_ABOUT_##about, X_TWEET_##tweet, X_##account }

static const struct x_verdict verdicts[] = {
/*	 answer            code               about    tweet    account */
ROW(STUCK,           X_TIMEOUT,         NETWORK, WAITS,   ACCOUNT_WAITS),
ROW(UNREACHED,       X_UNAVAILABLE,     NETWORK, WAITS,   ACCOUNT_WAITS),
ROW(LATE,            X_TIMEOUT,         NETWORK, UNKNOWN, ACCOUNT_WAITS),
ROW(CUT,             X_UNAVAILABLE,     NETWORK, UNKNOWN, ACCOUNT_WAITS),
ROW(SPOILT,          X_UNREADABLE,      NETWORK, UNKNOWN, ACCOUNT_WAITS),
ROW(BROKEN,          X_UNAVAILABLE,     NETWORK, UNKNOWN, ACCOUNT_WAITS),
ROW(STRANGER,        X_UNREADABLE,      NETWORK, WAITS,   ACCOUNT_WAITS),
ROW(APP_REFUSED,     APP_REFUSED,       APP,     WAITS,   ACCOUNT_WAITS),
ROW(NO_CREDITS,      CREDITS_DEPLETED,  APP,     WAITS,   APP_WAITS),
ROW(NOT_ENROLLED,    APP_NOT_ENROLLED,  APP,     WAITS,   APP_WAITS),
ROW(LIMITED,         RATE_LIMITED,      ACCOUNT, WAITS,   ACCOUNT_WAITS),
ROW(APP_LIMITED,     RATE_LIMITED,      APP,     WAITS,   ACCOUNT_WAITS),
ROW(CODE_REFUSED,    CODE_REFUSED,      ACCOUNT, STAYS,   ACCOUNT_GOES_ON),
ROW(GRANT_ENDED,     NEEDS_REAUTH,      ACCOUNT, STAYS,   ACCOUNT_FAILED),
ROW(LOCKED,          ACCOUNT_LOCKED,    ACCOUNT, STAYS,   ACCOUNT_SUSPENDED),
ROW(SUSPENDED,       ACCOUNT_SUSPENDED, ACCOUNT, STAYS,   ACCOUNT_SUSPENDED),
ROW(AUTOMATED,       ACCOUNT_HELD_BACK, ACCOUNT, WAITS,   ACCOUNT_RESTS),
ROW(WRONG_TOKEN,     NEEDS_REAUTH,      ACCOUNT, STAYS,   ACCOUNT_FAILED),
ROW(LACKS_SCOPE,     GRANT_LACKS_SCOPE, ACCOUNT, STAYS,   ACCOUNT_FAILED),
ROW(TOKEN_ENDED,     NEEDS_REAUTH,      ACCOUNT, STAYS,   ACCOUNT_REFRESHED),
ROW(DUPLICATE,       DUPLICATE,         TWEET,   FAILS,   ACCOUNT_GOES_ON),
ROW(REFUSED,         TWEET_REFUSED,     TWEET,   FAILS,   ACCOUNT_GOES_ON),
ROW(REFUSED_BARELY,  TWEET_REFUSED,     TWEET,   FAILS,   ACCOUNT_COUNTED),
ROW(REFUSED_VAGUELY, TWEET_REFUSED,     TWEET,   FAILS,   ACCOUNT_DOUBTED),
ROW(UNREADABLE,      X_UNREADABLE,      ACCOUNT, STAYS,   ACCOUNT_GOES_ON),
};

/* What a reply must have to mean VERDICT; members that are not given match
 * anything. */
struct sign {
	unsigned calls;
	bool plain; /* it must have the given form */
	enum x_form form;
	long status; /* X_SERVER_ERROR: from 500 on */
	int64_t code;
	const char *type;  /* or the cause */
	const char *words; /* in title, detail or message */
	bool whole;        /* as whole words */
	bool vague;        /* the reply gives no reason */
	bool ungranted;    /* the account is known to lack a permission */
	enum verdict verdict;
};

enum { X_SERVER_ERROR = 5 };

/* X's general words. */
#define CATCH_ALL       "permitted to perform this action"

#define SIGN(set, what, means) { .calls = (set), what, .verdict = (means) }
#define FORM(f)         .plain = true, .form = X_FORM_##f
#define STATUS(n)       .status = (n)
#define NUMBER(n)       .code = (n)
#define TYPE(t)         .type = (t)
#define SAYS(n, w)      .status = (n), .words = (w)
#define NAMES(n, w)     .status = (n), .words = (w), .whole = true
#define BARE(n)         .status = (n), .vague = true
#define UNGRANTED(n)    .status = (n), .vague = true, .ungranted = true

static const struct sign signs[] = {
	/* no reply, or one that was late or broken */
	SIGN(ALL, FORM(STUCK), STUCK),
	SIGN(ALL, FORM(NOT_SENT), UNREACHED),
	SIGN(ALL, FORM(LATE), LATE),
	SIGN(ALL, FORM(CUT), CUT),
	SIGN(ALL, FORM(SPOILT), SPOILT),

	/* the app's id and secret, even if X reports that as a server error */
	SIGN(TOKEN, TYPE("unauthorized_client"), APP_REFUSED),
	SIGN(TOKEN, TYPE("invalid_client"), APP_REFUSED),

	/* a server error of X, whatever its body says */
	SIGN(ALL, STATUS(X_SERVER_ERROR), BROKEN),

	/* the app: its credits, its project */
	SIGN(ALL, STATUS(402), NO_CREDITS),
	SIGN(ALL, TYPE("credits"), NO_CREDITS),
	SIGN(ALL, TYPE("credits-depleted"), NO_CREDITS),
	SIGN(ALL, SAYS(0, "CreditsDepleted"), NO_CREDITS),
	SIGN(ALL, TYPE("client-forbidden"), NOT_ENROLLED),
	SIGN(ALL, TYPE("client-not-enrolled"), NOT_ENROLLED),
	SIGN(ALL, TYPE("user-not-enrolled"), NOT_ENROLLED),
	SIGN(ALL, TYPE("official-client-forbidden"), NOT_ENROLLED),
	SIGN(ALL, NUMBER(261), NOT_ENROLLED), /* the app may not write */
	SIGN(ALL, NUMBER(416), NOT_ENROLLED), /* the app is suspended */
	SIGN(ALL, NUMBER(453), NOT_ENROLLED), /* another access level */
	SIGN(ALL, SAYS(403, "suspended application"), NOT_ENROLLED),
	SIGN(ALL, SAYS(403, "application is suspended"), NOT_ENROLLED),
	SIGN(ALL, SAYS(403, "application has been susp"), NOT_ENROLLED),
	SIGN(ALL, SAYS(403, "app is suspended"), NOT_ENROLLED),
	SIGN(ALL, SAYS(403, "app has been suspended"), NOT_ENROLLED),

	/* rate limits: calls, and (185, 344) posts a day */
	SIGN(ALL, TYPE("usage-capped"), APP_LIMITED),
	SIGN(ALL, STATUS(429), LIMITED),
	SIGN(ALL, NUMBER(88), LIMITED),
	SIGN(ALL, NUMBER(185), LIMITED),
	SIGN(ALL, NUMBER(344), LIMITED),
	SIGN(ALL, TYPE("rate-limit-exceeded"), LIMITED),

	/* what was sent to the token endpoint */
	SIGN(CODE, TYPE("invalid_request"), CODE_REFUSED),
	SIGN(CODE, TYPE("invalid_grant"), CODE_REFUSED),
	SIGN(REFRESH, TYPE("invalid_request"), GRANT_ENDED),
	SIGN(REFRESH, TYPE("invalid_grant"), GRANT_ENDED),

	/* the account; 63 is the account that a tweet replies to */
	SIGN(ACCOUNT, NUMBER(326), LOCKED),
	SIGN(ACCOUNT, SAYS(403, "temporarily locked"), LOCKED),
	SIGN(ACCOUNT, SAYS(403, "account is locked"), LOCKED),
	SIGN(TWEET, NUMBER(63), REFUSED),
	SIGN(ACCOUNT, NUMBER(64), SUSPENDED),
	SIGN(ACCOUNT, TYPE("user-suspended"), SUSPENDED),
	SIGN(ACCOUNT, SAYS(403, "suspended"), SUSPENDED),
	SIGN(TWEET, NUMBER(226), AUTOMATED),
	SIGN(TWEET, SAYS(403, "might be automated"), AUTOMATED),
	SIGN(TWEET, SAYS(403, "looks automated"), AUTOMATED),

	/* the permissions of its token */
	SIGN(ACCOUNT, TYPE("unsupported-authentication"), WRONG_TOKEN),
	SIGN(ACCOUNT, TYPE("oauth1-permissions"), LACKS_SCOPE),
	SIGN(ACCOUNT, TYPE("insufficient_scope"), LACKS_SCOPE),
	SIGN(ACCOUNT, TYPE("insufficient-scope"), LACKS_SCOPE),
	SIGN(ACCOUNT, NUMBER(220), LACKS_SCOPE),
	SIGN(ACCOUNT, NAMES(403, "app permissions"), LACKS_SCOPE),
	SIGN(ACCOUNT, NAMES(403, "read-only application"), LACKS_SCOPE),
	SIGN(ACCOUNT, NAMES(403, "tweet.write"), LACKS_SCOPE),
	SIGN(ACCOUNT, NAMES(403, "tweet.read"), LACKS_SCOPE),
	SIGN(ACCOUNT, NAMES(403, "users.read"), LACKS_SCOPE),
	SIGN(ACCOUNT, NAMES(403, "scope"), LACKS_SCOPE),
	SIGN(ACCOUNT, NAMES(403, "scopes"), LACKS_SCOPE),
	SIGN(ACCOUNT, UNGRANTED(403), LACKS_SCOPE),

	/* its token; a 401 from the token endpoint says nothing about it */
	SIGN(API, STATUS(401), TOKEN_ENDED),
	SIGN(API, NUMBER(32), TOKEN_ENDED),
	SIGN(API, NUMBER(89), TOKEN_ENDED),
	SIGN(API, NUMBER(99), TOKEN_ENDED),
	SIGN(API, NUMBER(215), TOKEN_ENDED),

	/* an HTML page comes from some machine in between, not from X */
	SIGN(ALL, FORM(OTHER), STRANGER),

	/* X did not receive what was sent */
	SIGN(TWEET, SAYS(400, "content-type"), STRANGER),
	SIGN(TWEET, SAYS(400, "is not valid JSON"), STRANGER),

	/* the tweet or, see above, the account */
	SIGN(TWEET, NUMBER(187), DUPLICATE),
	SIGN(TWEET, SAYS(403, "duplicate"), DUPLICATE),
	SIGN(TWEET, SAYS(400, "duplicate"), DUPLICATE),
	SIGN(TWEET, BARE(403), REFUSED_BARELY),
	SIGN(TWEET, BARE(400), REFUSED_BARELY),
	SIGN(TWEET, SAYS(403, CATCH_ALL), REFUSED_VAGUELY),
	SIGN(TWEET, STATUS(400), REFUSED),
	SIGN(TWEET, STATUS(403), REFUSED),
	SIGN(TWEET, STATUS(409), REFUSED),
	SIGN(TWEET, STATUS(413), REFUSED),
	SIGN(TWEET, STATUS(422), REFUSED),

	/* what X does not show about this account */
	SIGN(READ, STATUS(400), UNREADABLE),
	SIGN(READ, STATUS(403), UNREADABLE),
	SIGN(READ, STATUS(404), UNREADABLE),

	/* anything else; for example, a wrong TWITTER_API_URL */
	SIGN(ALL, STATUS(0), STRANGER),
};
/* clang-format on */

static bool is(const char *text, const char *word)
{
	return text && strcasecmp(text, word) == 0;
}

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c >= '0' && c <= '9');
}

static bool holds(const char *text, const char *words, bool whole)
{
	size_t n = strlen(words);
	char before = ' ';

	for (; text && *text; before = *text++) {
		if (strncasecmp(text, words, n) != 0)
			continue;
		if (!whole || (!in_word(before) && !in_word(text[n])))
			return true;
	}
	return false;
}

static bool says(const struct x_signs *s, const char *words, bool whole)
{
	return holds(s->detail, words, whole) ||
	       holds(s->message, words, whole) || holds(s->title, words, whole);
}

bool x_verdict_is_vague(const char *words)
{
	static const char *const vague[] = { "", "Forbidden", "Forbidden.",
		"403 Forbidden", "Bad Request", "400 Bad Request", "Error" };

	for (size_t i = 0; words && i < COUNT(vague); i++) {
		if (strcasecmp(words, vague[i]) == 0)
			return true;
	}
	return !words;
}

bool x_verdict_is_open(const char *words)
{
	return x_verdict_is_vague(words) || holds(words, CATCH_ALL, false);
}

static bool tells_nothing(const struct x_signs *s)
{
	return x_verdict_is_vague(s->detail) && x_verdict_is_vague(s->message);
}

/* Whether the account is known to lack the permission to post. */
static bool lacks_scope(const char *scope)
{
	static const char *const needed[] = { "tweet.read", "tweet.write",
		"users.read" };

	if (!scope || !scope[0])
		return false;
	for (size_t i = 0; i < COUNT(needed); i++) {
		if (!holds(scope, needed[i], true))
			return true;
	}
	return false;
}

static bool fits_status(long wanted, long status)
{
	if (wanted == X_SERVER_ERROR)
		return status >= 500;
	return !wanted || wanted == status;
}

static bool fits_words(const struct sign *sign, const struct x_signs *s)
{
	if (sign->type && !is(s->type, sign->type) && !is(s->cause, sign->type))
		return false;
	if (sign->words && !says(s, sign->words, sign->whole))
		return false;
	if (sign->vague && !tells_nothing(s))
		return false;
	return !sign->ungranted || lacks_scope(s->scope);
}

static bool fits(const struct sign *sign, const struct x_signs *s)
{
	return (sign->calls & 1U << s->kind) != 0 &&
	       (!sign->plain || sign->form == s->form) &&
	       fits_status(sign->status, s->status) &&
	       (!sign->code || sign->code == s->code) && fits_words(sign, s);
}

const struct x_verdict *x_verdict_find(const struct x_signs *s)
{
	size_t i = 0;

	while (i + 1 < COUNT(signs) && !fits(&signs[i], s))
		i++;
	return &verdicts[signs[i].verdict];
}

bool x_verdict_ends_account(const struct x_verdict *verdict)
{
	return verdict->account == X_ACCOUNT_FAILED ||
	       verdict->account == X_ACCOUNT_SUSPENDED;
}
