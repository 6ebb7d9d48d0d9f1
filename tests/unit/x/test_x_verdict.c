/* test_x_verdict.c - the table of X's answers, row by row. */
#include "unit/test.h"

#include "x/x_verdict.h"

#define CODED(n)     .status = 403, .code = (n)
#define TYPED(t)     .status = 403, .type = (t)
#define SAID(words)  .status = 403, .title = "Forbidden", .detail = (words)
#define FORMED(f, n) .form = X_FORM_##f, .status = (n)
#define READING      "tweet.read users.read"
#define POSTING      "users.read tweet.write tweet.read"

/* clang-format off */
#define THEN(about, tweet, account) \
	X_ABOUT_##about, X_TWEET_##tweet, X_##account

#define NETWORK_WAITS THEN(NETWORK, WAITS, ACCOUNT_WAITS)
#define NOBODY_KNOWS  THEN(NETWORK, UNKNOWN, ACCOUNT_WAITS)
#define APP_PAUSES    THEN(APP, WAITS, APP_WAITS)
#define APP_LIMIT     THEN(APP, WAITS, ACCOUNT_WAITS)
#define LIMIT         THEN(ACCOUNT, WAITS, ACCOUNT_WAITS)
#define ENDED         THEN(ACCOUNT, STAYS, ACCOUNT_FAILED)
#define TOKEN         THEN(ACCOUNT, STAYS, ACCOUNT_REFRESHED)
#define ON_X          THEN(ACCOUNT, STAYS, ACCOUNT_SUSPENDED)
#define RESTS         THEN(ACCOUNT, WAITS, ACCOUNT_RESTS)
#define OF_THE_TWEET  THEN(TWEET, FAILS, ACCOUNT_GOES_ON)
#define COUNTED       THEN(TWEET, FAILS, ACCOUNT_COUNTED)
#define DOUBTED       THEN(TWEET, FAILS, ACCOUNT_DOUBTED)
#define IS(code, then, ...) \
	{ { .kind = X_TWEET, __VA_ARGS__ }, ERR_##code, then }

static const struct {
	struct x_signs signs;
	enum err err;
	enum x_about about;
	enum x_tweet_end tweet;
	enum x_account_end account;
} answers[] = {
	IS(X_TIMEOUT, NETWORK_WAITS, FORMED(STUCK, 0)),
	IS(X_UNAVAILABLE, NETWORK_WAITS, FORMED(NOT_SENT, 0)),
	IS(X_TIMEOUT, NOBODY_KNOWS, FORMED(LATE, 0)),
	IS(X_UNAVAILABLE, NOBODY_KNOWS, FORMED(CUT, 0)),
	IS(X_UNREADABLE, NOBODY_KNOWS, FORMED(SPOILT, 201)),
	IS(X_UNAVAILABLE, NOBODY_KNOWS, FORMED(OTHER, 503)),
	IS(X_UNAVAILABLE, NOBODY_KNOWS, .status = 500, .code = 326),
	IS(X_UNAVAILABLE, NOBODY_KNOWS, .status = 503, .type = "credits"),
	IS(X_UNREADABLE, NETWORK_WAITS, FORMED(OTHER, 403)),
	IS(X_UNREADABLE, NETWORK_WAITS, FORMED(OTHER, 404)),
	IS(X_UNREADABLE, NETWORK_WAITS, .status = 302),
	IS(X_UNREADABLE, NETWORK_WAITS, .status = 404, .detail = "Not Found"),
	IS(X_UNREADABLE, NETWORK_WAITS, .status = 405),
	IS(X_UNREADABLE, NETWORK_WAITS,
	    .status = 400, .detail = "must have content-type of"),
	IS(X_UNREADABLE, NETWORK_WAITS,
	    .status = 400, .message = "Body is not valid JSON."),

	IS(CREDITS_DEPLETED, APP_PAUSES, FORMED(OTHER, 402)),
	IS(CREDITS_DEPLETED, APP_PAUSES, TYPED("credits")),
	IS(CREDITS_DEPLETED, APP_PAUSES, TYPED("credits-depleted")),
	IS(CREDITS_DEPLETED, APP_PAUSES,
	    .status = 403, .title = "CreditsDepleted"),
	IS(APP_NOT_ENROLLED, APP_PAUSES, TYPED("client-forbidden")),
	IS(APP_NOT_ENROLLED, APP_PAUSES,
	    .status = 403, .cause = "user-not-enrolled"),
	IS(APP_NOT_ENROLLED, APP_PAUSES, CODED(261)),
	IS(APP_NOT_ENROLLED, APP_PAUSES, CODED(416)),
	IS(APP_NOT_ENROLLED, APP_PAUSES, CODED(453)),
	IS(APP_NOT_ENROLLED, APP_PAUSES,
	    SAID("Invalid or suspended application.")),
	IS(APP_NOT_ENROLLED, APP_PAUSES, SAID("This app has been suspended.")),

	IS(RATE_LIMITED, LIMIT, FORMED(OTHER, 429)),
	IS(RATE_LIMITED, LIMIT, CODED(88)),
	IS(RATE_LIMITED, LIMIT, CODED(185)),
	IS(RATE_LIMITED, LIMIT, CODED(344)),
	IS(RATE_LIMITED, LIMIT, TYPED("rate-limit-exceeded")),
	IS(RATE_LIMITED, APP_LIMIT, .status = 429, .type = "usage-capped"),

	IS(ACCOUNT_LOCKED, ON_X, CODED(326)),
	IS(ACCOUNT_LOCKED, ON_X, .status = 401, .code = 326),
	IS(ACCOUNT_LOCKED, ON_X, SAID("this account is Temporarily Locked.")),
	IS(ACCOUNT_LOCKED, ON_X, .status = 403, .message = "Account is locked"),
	IS(ACCOUNT_SUSPENDED, ON_X, CODED(64)),
	IS(ACCOUNT_SUSPENDED, ON_X, TYPED("user-suspended")),
	IS(ACCOUNT_SUSPENDED, ON_X, SAID("Your account is suspended")),
	IS(ACCOUNT_HELD_BACK, RESTS, CODED(226)),
	IS(ACCOUNT_HELD_BACK, RESTS,
	    SAID("It looks like it might be automated.")),
	IS(NEEDS_REAUTH, ENDED, TYPED("unsupported-authentication")),
	IS(GRANT_LACKS_SCOPE, ENDED, TYPED("oauth1-permissions")),
	IS(GRANT_LACKS_SCOPE, ENDED, TYPED("insufficient_scope")),
	IS(GRANT_LACKS_SCOPE, ENDED, CODED(220)),
	IS(GRANT_LACKS_SCOPE, ENDED,
	    SAID("the appropriate oauth1 app permissions")),
	IS(GRANT_LACKS_SCOPE, ENDED,
	    SAID("Read-only application cannot POST.")),
	IS(GRANT_LACKS_SCOPE, ENDED, SAID("Missing tweet.write")),
	IS(GRANT_LACKS_SCOPE, ENDED, SAID("The token lacks the scope.")),
	IS(GRANT_LACKS_SCOPE, ENDED, SAID("Missing required scopes: [x]")),
	IS(GRANT_LACKS_SCOPE, ENDED, SAID("Forbidden"), .scope = READING),
	IS(NEEDS_REAUTH, TOKEN, FORMED(OTHER, 401)),
	IS(NEEDS_REAUTH, TOKEN, CODED(32)),
	IS(NEEDS_REAUTH, TOKEN, CODED(89)),
	IS(NEEDS_REAUTH, TOKEN, CODED(99)),
	IS(NEEDS_REAUTH, TOKEN, .status = 400, .code = 215),

	IS(DUPLICATE, OF_THE_TWEET, CODED(187)),
	IS(DUPLICATE, OF_THE_TWEET, SAID("a Tweet with duplicate content.")),
	IS(TWEET_REFUSED, OF_THE_TWEET, CODED(63)),
	IS(TWEET_REFUSED, OF_THE_TWEET,
	    SAID("Posts can only contain one cashtag.")),
	IS(TWEET_REFUSED, OF_THE_TWEET,
	    SAID("A link to a telescope is invalid.")),
	IS(TWEET_REFUSED, OF_THE_TWEET, SAID("one cashtag"), .scope = READING),
	IS(TWEET_REFUSED, OF_THE_TWEET,
	    .status = 400, .message = "text: too long"),
	IS(TWEET_REFUSED, OF_THE_TWEET, .status = 422, .detail = "no"),
	IS(TWEET_REFUSED, COUNTED, .status = 403),
	IS(TWEET_REFUSED, COUNTED, .status = 400),
	IS(TWEET_REFUSED, COUNTED, SAID("Forbidden")),
	IS(TWEET_REFUSED, COUNTED, SAID("Forbidden"), .scope = POSTING),
	IS(TWEET_REFUSED, DOUBTED,
	    SAID("You are not permitted to perform this action.")),
};
/* clang-format on */

static void each_answer_means_one_thing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		const struct x_verdict *v = x_verdict_find(&answers[i].signs);

		if (v->err != answers[i].err || v->about != answers[i].about ||
		    v->tweet != answers[i].tweet ||
		    v->account != answers[i].account)
			fail_msg("row %zu: %s, about %d, tweet %d, account %d",
			    i, err_name(v->err), (int)v->about, (int)v->tweet,
			    (int)v->account);
		assert_non_null(err_words(v->err));
	}
}

/* What holds for the table as a whole, whatever X answers. */
static void a_tweet_fails_only_for_what_is_said_of_it(void **state)
{
	(void)state;
	for (int kind = X_CODE; kind <= X_TIMELINE; kind++) {
		for (size_t i = 0; i < COUNT(answers); i++) {
			struct x_signs s = answers[i].signs;

			s.kind = (enum x_kind)kind;

			const struct x_verdict *v = x_verdict_find(&s);

			if (v->tweet == X_TWEET_FAILS)
				assert_int_equal(v->about, X_ABOUT_TWEET);
			if (v->about == X_ABOUT_TWEET)
				assert_int_equal(kind, X_TWEET);
			if (x_verdict_ends_account(v))
				assert_int_equal(v->tweet, X_TWEET_STAYS);
			if (s.status >= 500)
				assert_int_equal(v->tweet, X_TWEET_UNKNOWN);
			else if (s.status >= 300)
				assert_int_not_equal(v->tweet, X_TWEET_UNKNOWN);
		}
	}
}

/* The token endpoint, users/me and the timeline. */
static void the_account_is_judged_alike_by_every_call(void **state)
{
	static const enum x_kind kinds[] = { X_ME, X_TIMELINE, X_REFRESH,
		X_TWEET };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct x_signs s = { .kind = kinds[i], .status = 403 };

		s.code = 326;
		assert_int_equal(x_verdict_find(&s)->err, ERR_ACCOUNT_LOCKED);
		s.code = 64;
		assert_int_equal(
		    x_verdict_find(&s)->err, ERR_ACCOUNT_SUSPENDED);
		s.code = 0;
		s.type = "client-forbidden";
		assert_int_equal(x_verdict_find(&s)->account, X_APP_WAITS);
	}
}

static void a_read_that_is_refused_says_nothing_of_a_tweet(void **state)
{
	const struct x_signs s = { .kind = X_TIMELINE, .status = 403 };
	const struct x_verdict *v = x_verdict_find(&s);

	(void)state;
	assert_int_equal(v->err, ERR_X_UNREADABLE);
	assert_int_equal(v->tweet, X_TWEET_STAYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer_means_one_thing),
		cmocka_unit_test(a_tweet_fails_only_for_what_is_said_of_it),
		cmocka_unit_test(the_account_is_judged_alike_by_every_call),
		cmocka_unit_test(
		    a_read_that_is_refused_says_nothing_of_a_tweet),
	};

	return RUN_TESTS(tests);
}
