/* test_x_refusal.c - what X's refusals mean, in every form that was seen. */
#include "unit/test.h"

#include "base/json.h"
#include "unit/x/answer.h"

enum { LIMIT = 1 << 22 };

static const char page[] = "<!DOCTYPE html>\n<html><body>Try again later."
			   "</body></html>\n";

#define TYPE(host, name) "\"type\":\"https://api." host "/2/problems/" name "\""
#define OLD(name)        TYPE("twitter.com", name)
#define NEW(name)        TYPE("x.com", name)
#define BLANK(status, title, detail)                                          \
	"{\"title\":\"" title "\",\"detail\":\"" detail "\",\"type\":\"about" \
	":blank\",\"status\":" #status "}"
#define V1(code, message) \
	"{\"errors\":[{\"code\":" #code ",\"message\":\"" message "\"}]}"
#define DUPLICATE \
	"You are not allowed to create a Tweet with duplicate content."
#define SUSPENDED                                                       \
	"Your account is suspended and is not permitted to access this" \
	" feature."
#define LOCKED "this account is temporarily locked. Please log in to unlock it."
#define CLIENT "you must use keys of an App that is attached to a Project."

static const struct {
	long status;
	const char *body;
	enum err err;
	const char *reason;
} refusals[] = {
	/* the account's token */
	{ 401, BLANK(401, "Unauthorized", "Unauthorized"), ERR_NEEDS_REAUTH,
	    "Unauthorized" },
	{ 401, "", ERR_NEEDS_REAUTH, NULL },
	{ 403, V1(89, "Invalid or expired token."), ERR_NEEDS_REAUTH,
	    "Invalid or expired token." },

	/* the app */
	{ 402,
	    "{\"account_id\":1,\"title\":\"CreditsDepleted\",\"detail\""
	    ":\"no credits\"," OLD("credits") "}",
	    ERR_CREDITS_DEPLETED, "no credits" },
	{ 402,
	    "{\"title\":\"Payment Required\",\"detail\":\"credits"
	    " depleted\"," NEW("credits-depleted") ",\"status\":402}",
	    ERR_CREDITS_DEPLETED, "credits depleted" },
	{ 402, "", ERR_CREDITS_DEPLETED, NULL },
	{ 403, "{" NEW("credits-depleted") "}", ERR_CREDITS_DEPLETED, NULL },
	{ 403, "{\"title\":\"CreditsDepleted\"}", ERR_CREDITS_DEPLETED,
	    "CreditsDepleted" },
	{ 403,
	    "{\"detail\":\"" CLIENT "\",\"title\":\"Client Forbidden\","
	    "\"reason\":\"client-not-enrolled\"," OLD("client-forbidden") "}",
	    ERR_APP_NOT_ENROLLED, CLIENT },
	{ 403,
	    "{\"detail\":\"" CLIENT "\",\"reason\":\"user-not-enrolled"
	    "\"," NEW("client-forbidden") "}",
	    ERR_APP_NOT_ENROLLED, CLIENT },
	{ 403, "{\"reason\":\"official-client-forbidden\"}",
	    ERR_APP_NOT_ENROLLED, NULL },

	/* limits */
	{ 429, BLANK(429, "Too Many Requests", "Too Many Requests"),
	    ERR_RATE_LIMITED, "Too Many Requests" },
	{ 429,
	    "{\"title\":\"Too Many Requests\",\"detail\":\"slow\"," NEW(
		"rate-limit-exceeded") ",\"status\":429}",
	    ERR_RATE_LIMITED, "slow" },
	{ 429, V1(88, "Rate limit exceeded"), ERR_RATE_LIMITED,
	    "Rate limit exceeded" },
	{ 429,
	    "{\"title\":\"UsageCapExceeded\",\"detail\":\"Usage cap\","
	    "\"period\":\"Monthly\"," OLD("usage-capped") "}",
	    ERR_RATE_LIMITED, "Usage cap" },
	{ 429, page, ERR_RATE_LIMITED, NULL },
	{ 429, "", ERR_RATE_LIMITED, NULL },
	{ 403, V1(185, "User is over daily status update limit."),
	    ERR_RATE_LIMITED, "User is over daily status update limit." },
	{ 403, V1(344, "You have reached your daily limit"), ERR_RATE_LIMITED,
	    "You have reached your daily limit" },

	/* the posting account */
	{ 403,
	    "{\"title\":\"Forbidden\",\"detail\":\"" SUSPENDED
	    "\"," OLD("user-suspended") ",\"status\":403}",
	    ERR_ACCOUNT_SUSPENDED, SUSPENDED },
	{ 403, "{" NEW("user-suspended") "}", ERR_ACCOUNT_SUSPENDED, NULL },
	{ 403, BLANK(403, "Forbidden", SUSPENDED), ERR_ACCOUNT_SUSPENDED,
	    SUSPENDED },
	{ 403, V1(64, SUSPENDED), ERR_ACCOUNT_SUSPENDED, SUSPENDED },
	{ 403, V1(326, LOCKED), ERR_ACCOUNT_LOCKED, LOCKED },
	{ 403, BLANK(403, "Forbidden", LOCKED), ERR_ACCOUNT_LOCKED, LOCKED },

	/* the post */
	{ 403, BLANK(403, "Forbidden", DUPLICATE), ERR_DUPLICATE, DUPLICATE },
	{ 403, V1(187, "Status is a duplicate."), ERR_DUPLICATE,
	    "Status is a duplicate." },
	{ 403,
	    BLANK(403, "Forbidden",
		"You are not permitted to perform this action."),
	    ERR_TWEET_REFUSED,
	    "You are not permitted to perform this action." },
	{ 403, V1(226, "It looks like it might be automated."),
	    ERR_ACCOUNT_HELD_BACK, "It looks like it might be automated." },
	{ 403,
	    "{\"detail\":\"App-only\"," OLD("unsupported-authentication") "}",
	    ERR_NEEDS_REAUTH, "App-only" },
	{ 403, "{\"detail\":\"oauth1\"," NEW("oauth1-permissions") "}",
	    ERR_GRANT_LACKS_SCOPE, "oauth1" },
	{ 400,
	    "{\"errors\":[{\"parameters\":{\"text\":[\"x\"]},"
	    "\"message\":\"text: too long\"}],\"title\":\"Invalid"
	    " Request\",\"detail\":\"One or more parameters\"," OLD(
		"invalid-request") "}",
	    ERR_TWEET_REFUSED, "One or more parameters" },
	{ 400,
	    "{\"errors\":[{\"message\":\"bad media\"}],\"title\":"
	    "\"Invalid Request\"," NEW("invalid-request") "}",
	    ERR_TWEET_REFUSED, "bad media" },
	{ 403, "{}", ERR_TWEET_REFUSED, NULL },
	/* the words that tell most, wherever they stand */
	{ 403,
	    "{\"title\":\"Forbidden\",\"detail\":\"Forbidden\",\"errors\":"
	    "[{\"message\":\"first\"},{\"code\":326,\"message\":\"" LOCKED
	    "\"}]}",
	    ERR_ACCOUNT_LOCKED, LOCKED },
	{ 403, "{\"code\":64,\"message\":\"" SUSPENDED "\"}",
	    ERR_ACCOUNT_SUSPENDED, SUSPENDED },

	/* no word of X's at all */
	{ 403, page, ERR_X_UNREADABLE, NULL },
	{ 403, "", ERR_X_UNREADABLE, NULL },
	{ 404, page, ERR_X_UNREADABLE, NULL },
	{ 302, "", ERR_X_UNREADABLE, NULL },
	{ 304, "{}", ERR_X_UNREADABLE, NULL },
};

static void refusals_of_a_tweet_are_told_apart(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct answer given = { X_TWEET, refusals[i].status,
			refusals[i].body, { NULL } };
		struct x_call call = read_answer(&a, &given);

		if (call.err != refusals[i].err)
			fail_msg("%ld %s: %s", refusals[i].status,
			    refusals[i].body, err_name(call.err));
		assert_false(call.unknown);
		assert_true(call.sent);
		assert_non_null(call.words);
		assert_int_equal(call.status, refusals[i].status);
		if (refusals[i].reason)
			assert_string_equal(call.reason, refusals[i].reason);
		else
			assert_null(call.reason);
	}
}

static void after_an_error_of_xs_own_nobody_knows(void **state)
{
	static const struct {
		long status;
		const char *body;
		const char *reason;
	} cases[] = {
		{ 500, BLANK(500, "Internal Server Error", "Broken"),
		    "Broken" },
		{ 502, page, NULL },
		{ 503, BLANK(503, "Service Unavailable", "Service Unavailable"),
		    "Service Unavailable" },
		{ 503, page, NULL },
		{ 503, "", NULL },
		{ 504, page, NULL },
		{ 599, "{\"title\":", NULL },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct answer given = { X_TWEET, cases[i].status, cases[i].body,
			{ NULL } };
		struct x_call call = read_answer(&a, &given);

		assert_int_equal(call.err, ERR_X_UNAVAILABLE);
		assert_true(call.unknown);
		if (cases[i].reason)
			assert_string_equal(call.reason, cases[i].reason);
		else
			assert_null(call.reason);
	}
}

#define OAUTH(error, words) \
	"{\"error\":\"" error "\",\"error_description\":\"" words "\"}"
static const struct {
	long status;
	const char *body;
	enum err refresh, code;
	const char *reason;
} token_refusals[] = {
	{ 400,
	    OAUTH("invalid_request", "Value passed for the token was invalid."),
	    ERR_NEEDS_REAUTH, ERR_CODE_REFUSED,
	    "Value passed for the token was invalid." },
	{ 400,
	    OAUTH("invalid_request",
		"Value passed for the authorization code was invalid."),
	    ERR_NEEDS_REAUTH, ERR_CODE_REFUSED,
	    "Value passed for the authorization code was invalid." },
	{ 400,
	    OAUTH("invalid_request",
		"Missing required parameter [code_verifier]."),
	    ERR_NEEDS_REAUTH, ERR_CODE_REFUSED,
	    "Missing required parameter [code_verifier]." },
	{ 400, "{\"error\":\"invalid_grant\"}", ERR_NEEDS_REAUTH,
	    ERR_CODE_REFUSED, NULL },
	{ 400,
	    "{\"errors\":[{\"message\":\"more\"}],\"error\":"
	    "\"invalid_request\",\"error_description\":\"words\"}",
	    ERR_NEEDS_REAUTH, ERR_CODE_REFUSED, NULL },
	{ 401,
	    OAUTH("unauthorized_client", "Missing valid authorization header"),
	    ERR_APP_REFUSED, ERR_APP_REFUSED,
	    "Missing valid authorization header" },
	{ 400, "{\"error\":\"invalid_client\"}", ERR_APP_REFUSED,
	    ERR_APP_REFUSED, NULL },
	{ 401, "{\"error\":\"invalid_client\"}", ERR_APP_REFUSED,
	    ERR_APP_REFUSED, NULL },
	{ 429, page, ERR_RATE_LIMITED, ERR_RATE_LIMITED, NULL },
	{ 402, "{}", ERR_CREDITS_DEPLETED, ERR_CREDITS_DEPLETED, NULL },
	{ 503, page, ERR_X_UNAVAILABLE, ERR_X_UNAVAILABLE, NULL },
	{ 500, OAUTH("invalid_request", "?"), ERR_X_UNAVAILABLE,
	    ERR_X_UNAVAILABLE, "?" },
	{ 403, page, ERR_X_UNREADABLE, ERR_X_UNREADABLE, NULL },
	{ 401, page, ERR_X_UNREADABLE, ERR_X_UNREADABLE, NULL },
	{ 400, "", ERR_X_UNREADABLE, ERR_X_UNREADABLE, NULL },
	{ 401, BLANK(401, "Unauthorized", "Unauthorized"), ERR_X_UNREADABLE,
	    ERR_X_UNREADABLE, "Unauthorized" },
};

static void what_is_said_of_the_app_is_no_fault_of_an_account(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(token_refusals); i++) {
		struct answer given = { X_REFRESH, token_refusals[i].status,
			token_refusals[i].body, { NULL } };
		struct x_call call = read_answer(&a, &given);

		if (call.err != token_refusals[i].refresh)
			fail_msg("%s: %s", token_refusals[i].body,
			    err_name(call.err));
		if (token_refusals[i].reason)
			assert_string_equal(
			    call.reason, token_refusals[i].reason);
		given.kind = X_CODE;
		call = read_answer(&a, &given);
		assert_int_equal(call.err, token_refusals[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_of_a_tweet_are_told_apart),
		cmocka_unit_test(after_an_error_of_xs_own_nobody_knows),
		cmocka_unit_test(
		    what_is_said_of_the_app_is_no_fault_of_an_account),
	};

	return RUN_TESTS(tests);
}
