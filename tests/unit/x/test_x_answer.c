/* test_x_answer.c - what X's answers mean, when they are good ones. */
#include "unit/test.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "unit/x/answer.h"

enum { LIMIT = 1 << 22 };

/* 2026-03-01 00:00:00 */
static const int64_t now = 1772323200;
static const char now_text[] = "Sun, 01 Mar 2026 00:00:00 GMT";

static const char page[] = "<!DOCTYPE html>\n<html><body>Try again later."
			   "</body></html>\n";

static void fixed_clock(void)
{
	clock_set(now);
}

static void a_good_status_needs_an_id(void **state)
{
	static const char *const unreadable[] = {
		"",
		page,
		"{}",
		"null",
		"[]",
		"{\"data\":null}",
		"{\"data\":{\"id\":1234567890123456789}}",
		"{\"data\":{\"id\":\"\"}}",
		"{\"data\":{\"id\":\"12a\"}}",
		"{\"data\":{\"id\":\"12\"}",
		"{\"data\":{\"text\":\"x\"}}",
		"{\"id\":\"12\"}",
		"{\"errors\":[{\"detail\":\"no\"}]}",
	};
	const struct answer good = { X_TWEET, 201,
		"{\"data\":{\"id\":\"1346889436626259968\",\"text\":\"x\"}}",
		{ NULL } };
	SCOPED(arena) a = arena_make(LIMIT);
	struct x_call call = read_answer(&a, &good);

	(void)state;
	assert_int_equal(call.err, OK);
	assert_false(call.unknown);
	assert_string_equal(call.id, "1346889436626259968");
	for (size_t i = 0; i < COUNT(unreadable); i++) {
		struct answer given = { X_TWEET, 200, unreadable[i], { NULL } };

		call = read_answer(&a, &given);
		assert_int_equal(call.err, ERR_X_UNREADABLE);
		assert_true(call.unknown); /* the tweet may well be out */
	}
}

#define TOKENS(more) "{\"access_token\":\"at\"" more "}"
static const struct {
	const char *body;
	const char *refresh;
	int64_t expires_at;
	bool good;
} tokens[] = {
	{ TOKENS(",\"expires_in\":7200,\"refresh_token\":\"rt\""), "rt",
	    1772323200 + 7200, true },
	{ TOKENS(",\"expires_in\":\"7200\""), NULL, 1772323200 + 7200, true },
	{ TOKENS(""), NULL, 0, true },
	{ TOKENS(",\"expires_in\":0"), NULL, 0, true },
	{ TOKENS(",\"expires_in\":-1"), NULL, 0, true },
	{ TOKENS(",\"expires_in\":7200.5"), NULL, 0, true },
	{ TOKENS(",\"expires_in\":1e99"), NULL, 0, true },
	{ TOKENS(",\"expires_in\":99999999999999999999"), NULL, 0, true },
	{ TOKENS(",\"refresh_token\":null"), NULL, 0, true },
	{ TOKENS(",\"refresh_token\":\"\""), NULL, 0, false },
	{ TOKENS(",\"refresh_token\":\"a b\""), NULL, 0, false },
	{ "{\"access_token\":\"\"}", NULL, 0, false },
	{ "{\"access_token\":\"a\\r\\nX: y\"}", NULL, 0, false },
	{ "{\"access_token\":\"\u00e9\"}", NULL, 0, false },
	{ "{\"access_token\":1}", NULL, 0, false },
	{ "{}", NULL, 0, false },
	{ page, NULL, 0, false },
};

static void tokens_are_read_with_their_end(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	fixed_clock();
	for (size_t i = 0; i < COUNT(tokens); i++) {
		struct answer given = { X_REFRESH, 200, tokens[i].body,
			{ NULL } };
		struct x_call call = read_answer(&a, &given);

		assert_int_equal(
		    call.err, tokens[i].good ? OK : ERR_X_UNREADABLE);
		if (!tokens[i].good)
			continue;
		assert_string_equal(call.tokens.access, "at");
		assert_true(call.tokens.expires_at == tokens[i].expires_at);
		if (tokens[i].refresh)
			assert_string_equal(
			    call.tokens.refresh, tokens[i].refresh);
		else
			assert_null(call.tokens.refresh);
	}
}

static const struct {
	const char *headers[9];
	int64_t wait;
} waits[] = {
	{ { NULL }, 0 },
	{ { "retry-after", "30", NULL }, 30 },
	{ { "retry-after", " 30 ", NULL }, 30 },
	{ { "retry-after", "-5", NULL }, 0 },
	{ { "retry-after", "soon", NULL }, 0 },
	{ { "retry-after", now_text, NULL }, 0 },
	/* a date in each of HTTP's three forms, by X's own clock */
	{ { "retry-after", "Sun, 01 Mar 2026 00:15:00 GMT", NULL }, 900 },
	{ { "retry-after", "Sunday, 01-Mar-26 00:15:00 GMT", NULL }, 900 },
	{ { "retry-after", "Sun Mar  1 00:15:00 2026", NULL }, 900 },
	{ { "retry-after", "Sat, 28 Feb 2026 23:00:00 GMT", NULL }, 0 },
	{ { "date", "Sun, 01 Mar 2026 00:10:00 GMT", "retry-after",
	      "Sun, 01 Mar 2026 00:15:00 GMT", NULL },
	    300 },
	/* a Unix time, in seconds and in milliseconds */
	{ { "retry-after", "1772324100", NULL }, 900 },
	{ { "retry-after", "1772324100000", NULL }, 900 },
	{ { "retry-after", "1772320000", NULL }, 0 },
	{ { "date", "Sun, 01 Mar 2026 00:10:00 GMT", "retry-after",
	      "1772324100", NULL },
	    300 },
	{ { "retry-after", "86400", NULL }, 86400 },
	{ { "x-rate-limit-remaining", "0", "x-rate-limit-reset", "1772324100",
	      NULL },
	    900 },
	/* a window that is still open is not waited for */
	{ { "x-rate-limit-remaining", "3", "x-rate-limit-reset", "1772324100",
	      NULL },
	    0 },
	{ { "x-rate-limit-remaining", "0", "x-rate-limit-reset", "1772320000",
	      NULL },
	    0 },
	/* X's clock is ten minutes ahead of ours */
	{ { "date", "Sun, 01 Mar 2026 00:10:00 GMT", "x-rate-limit-remaining",
	      "0", "x-rate-limit-reset", "1772324100", NULL },
	    300 },
	/* the longest of them */
	{ { "retry-after", "60", "x-rate-limit-remaining", "0",
	      "x-rate-limit-reset", "1772324100", NULL },
	    900 },
	{ { "x-app-limit-24hour-remaining", "0", "x-app-limit-24hour-reset",
	      "1772409600", NULL },
	    86400 },
	{ { "x-user-limit-24hour-remaining", "0", "x-user-limit-24hour-reset",
	      "1772409600", "x-rate-limit-remaining", "0", "x-rate-limit-reset",
	      "1772324100" },
	    86400 },
	{ { "x-rate-limit-remaining", "0", "x-rate-limit-reset",
	      "99999999999999999999", NULL },
	    0 },
};

static void times_to_wait_go_by_xs_own_clock(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	fixed_clock();
	for (size_t i = 0; i < COUNT(waits); i++) {
		struct answer given = { X_TWEET, 429, "", { NULL } };

		memcpy(given.headers, waits[i].headers, sizeof(given.headers));
		struct x_call call = read_answer(&a, &given);

		if (call.retry_after != waits[i].wait)
			fail_msg("case %zu: %" PRId64, i, call.retry_after);
	}
}

/* Whatever a number says, a tweet is not put away for years. */
static void absurd_times_to_wait_are_cut(void **state)
{
	static const char *const absurd[][9] = {
		{ "retry-after", "4000000000", NULL },
		{ "retry-after", "Sun, 01 Mar 2046 00:00:00 GMT", NULL },
		{ "retry-after", "900000000", NULL },
		{ "retry-after", "4611686018427387903", NULL },
		{ "x-rate-limit-remaining", "0", "x-rate-limit-reset",
		    "1772324100000", NULL }, /* milliseconds */
		{ "x-rate-limit-remaining", "0", "x-rate-limit-reset",
		    "4611686018427387903", NULL },
	};
	const int64_t day = 86400;
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	fixed_clock();
	for (size_t i = 0; i < COUNT(absurd); i++) {
		struct answer given = { X_TWEET, 429, "", { NULL } };

		memcpy(given.headers, absurd[i], sizeof(given.headers));
		struct x_call call = read_answer(&a, &given);

		assert_true(call.retry_after > 0);
		assert_true(call.retry_after <= day);
		assert_true(call.user15.reset <= now + day);
	}
}

static void the_date_header_is_read_or_left(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
	} cases[] = {
		{ now_text, 1772323200 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Tue, 31 Feb 2026 00:00:00 GMT", 0 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Sun, 06 Nob 1994 08:49:37 GMT", 0 },
		{ "Sun, 06 Nov 1994 25:49:37 GMT", 0 },
		{ "-----------------------------", 0 },
		{ "", 0 },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct answer given = { X_TWEET, 201,
			"{\"data\":{\"id\":\"1\"}}",
			{ "date", cases[i].text, NULL } };
		struct x_call call = read_answer(&a, &given);

		assert_true(call.date == cases[i].t);
	}
}

static void windows_are_read_with_the_answer(void **state)
{
	const struct answer given = { X_TWEET, 201, "{\"data\":{\"id\":\"1\"}}",
		{ "x-rate-limit-limit", "100", "x-rate-limit-remaining", "99",
		    "x-rate-limit-reset", "1772324100", "x-transaction-id",
		    "abc" } };
	SCOPED(arena) a = arena_make(LIMIT);
	struct x_call call = read_answer(&a, &given);

	(void)state;
	assert_true(call.user15.limit == 100);
	assert_true(call.user15.remaining == 99);
	assert_true(call.user15.reset == 1772324100);
	assert_true(call.user24.limit < 0);
	assert_true(call.app24.limit < 0);
	assert_string_equal(call.request_id, "abc");
}

static void whose_token_it_is_needs_id_and_name(void **state)
{
	static const struct {
		const char *body;
		bool good;
	} cases[] = {
		{ "{\"data\":{\"id\":\"12\",\"username\":\"anna\"}}", true },
		{ "{\"data\":{\"id\":\"12\",\"username\":\"anna\"},\"errors\":"
		  "[{\"detail\":\"partly\"}]}",
		    true },
		{ "{\"data\":{\"id\":\"12\"}}", false },
		{ "{\"data\":{\"username\":\"anna\"}}", false },
		{ "{\"data\":{\"id\":12,\"username\":\"anna\"}}", false },
		{ page, false },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct answer given = { X_ME, 200, cases[i].body, { NULL } };
		struct x_call call = read_answer(&a, &given);

		assert_int_equal(
		    call.err, cases[i].good ? OK : ERR_X_UNREADABLE);
	}
}

static void a_call_without_an_answer_is_unknown_if_bytes_may_have_left(
    void **state)
{
	static const struct {
		enum http_outcome outcome;
		bool timed_out;
		enum err err;
		bool unknown;
	} cases[] = {
		{ HTTP_NOT_SENT, false, ERR_X_UNAVAILABLE, false },
		{ HTTP_NOT_SENT, true, ERR_X_TIMEOUT, false },
		{ HTTP_UNKNOWN, false, ERR_X_UNAVAILABLE, true },
		{ HTTP_UNKNOWN, true, ERR_X_TIMEOUT, true },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct http_call http = { .outcome = cases[i].outcome,
			.timed_out = cases[i].timed_out,
			.error = "curl's words",
			.arena = &a };
		struct x_call call = { .kind = X_TWEET };

		x_answer_read(&call, &http);
		assert_int_equal(call.err, cases[i].err);
		assert_true(call.unknown == cases[i].unknown);
		assert_null(call.reason); /* X has said nothing */
		assert_string_equal(call.detail, "curl's words");
		assert_non_null(call.words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_status_needs_an_id),
		cmocka_unit_test(tokens_are_read_with_their_end),
		cmocka_unit_test(times_to_wait_go_by_xs_own_clock),
		cmocka_unit_test(absurd_times_to_wait_are_cut),
		cmocka_unit_test(the_date_header_is_read_or_left),
		cmocka_unit_test(windows_are_read_with_the_answer),
		cmocka_unit_test(whose_token_it_is_needs_id_and_name),
		cmocka_unit_test(
		    a_call_without_an_answer_is_unknown_if_bytes_may_have_left),
	};

	return RUN_TESTS(tests);
}
