/* test_rate_limit.c - X's limits as its answers tell them, and for how long. */
#include "unit/test.h"

#include "base/clock.h"
#include "publish/rate_limit.h"
#include "unit/fixture.h"

enum { NOW = FIXTURE_NOW, QUARTER = 900, DAY = 86400, SILENT = -1 };

static const char two_accounts[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x'), (2, 'b', 'x')";

static void a_window_is_closed_until_its_reset_by_xs_clock(void **state)
{
	static const struct {
		int64_t date; /* 0: X did not tell */
		struct x_window window;
		int64_t seconds;
	} cases[] = {
		{ 0, { 100, 0, NOW + 60 }, 60 },
		{ 0, { 100, 1, NOW + 60 }, 0 },
		{ 0, { 100, 0, NOW }, 0 },
		{ 0, { 100, 0, NOW - 60 }, 0 },
		{ 0, { SILENT, 0, NOW + 60 }, 0 },
		{ 0, { 0, 0, NOW + 60 }, 60 },
		/* X's clock is an hour behind ours, or ahead */
		{ NOW - 3600, { 100, 0, NOW - 3540 }, 60 },
		{ NOW + 3600, { 100, 0, NOW + 3660 }, 60 },
	};

	(void)state;
	clock_set(NOW);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct x_call call = { .date = cases[i].date };

		assert_int_equal(rate_limit_closed(&call, &cases[i].window),
		    cases[i].seconds);
	}
}

static struct x_call answered(enum x_kind kind)
{
	return (struct x_call){ .kind = kind,
		.account_id = 1,
		.status = 200,
		.user15 = { SILENT, 0, 0 },
		.user24 = { SILENT, 0, 0 },
		.app24 = { SILENT, 0, 0 } };
}

static void note(struct fixture *f, const struct x_call *call)
{
	assert_int_equal(rate_limit_store(&f->app, call), OK);
}

static void a_post_counts_in_three_windows_and_others_in_one(void **state)
{
	static const struct {
		enum x_kind kind;
		int64_t rows;
	} cases[] = {
		{ X_TWEET, 3 },
		{ X_TIMELINE, 1 },
		{ X_ME, 1 },
		{ X_REFRESH, 0 },
		{ X_CODE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct x_call call = answered(cases[i].kind);

		fixture_open(&f, two_accounts);
		note(&f, &call);
		assert_int_equal(
		    fixture_number(&f, "SELECT count(*) FROM rate"),
		    cases[i].rows);
		call.status = 0; /* no answer */
		call.account_id = 2;
		note(&f, &call);
		assert_int_equal(
		    fixture_number(&f, "SELECT count(*) FROM rate"),
		    cases[i].rows);
	}
}

static void calls_are_counted_until_the_window_ends(void **state)
{
	SCOPED(fixture) f;
	struct x_call call = answered(X_ME);

	(void)state;
	fixture_open(&f, two_accounts);
	note(&f, &call);
	clock_set(NOW + QUARTER - 1);
	note(&f, &call);
	assert_int_equal(fixture_number(&f, "SELECT calls = 2 AND reset_at ="
					    " '2026-03-01 12:15:00' FROM rate"),
	    1);
	clock_set(NOW + QUARTER);
	note(&f, &call);
	assert_int_equal(fixture_number(&f, "SELECT calls = 1 AND reset_at ="
					    " '2026-03-01 12:30:00' FROM rate"),
	    1);
}

static void what_x_tells_moves_the_end_and_stays_known(void **state)
{
	SCOPED(fixture) f;
	struct x_call call = answered(X_ME);

	(void)state;
	fixture_open(&f, two_accounts);
	note(&f, &call);
	call.user15 = (struct x_window){ 75, 74, NOW + 100 };
	note(&f, &call);
	call.user15 = (struct x_window){ SILENT, 0, 0 };
	note(&f, &call);
	assert_int_equal(fixture_number(&f,
			     "SELECT calls = 3 AND ceiling = 75 AND reset_at ="
			     " '2026-03-01 12:01:40' FROM rate"),
	    1);
}

static void a_timeline_that_x_limits_is_closed_until_its_reset(void **state)
{
	static const struct {
		struct x_window told;
		int64_t retry_after; /* with a 429, if not 0 */
		int64_t later;
		bool open;
	} cases[] = {
		{ { 10, 0, NOW + 60 }, 0, 0, false },
		{ { 10, 0, NOW + 60 }, 0, 59, false },
		{ { 10, 0, NOW + 60 }, 0, 60, true },
		{ { 10, 1, NOW + 60 }, 0, 0, true },
		{ { SILENT, 0, 0 }, 0, 0, true },
		{ { SILENT, 0, 0 }, 100, 99, false },
		{ { SILENT, 0, 0 }, 100, 100, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct x_call call = answered(X_TIMELINE);
		bool open = false;

		fixture_open(&f, two_accounts);
		call.user15 = cases[i].told;
		call.retry_after = cases[i].retry_after;
		call.err = cases[i].retry_after ? ERR_RATE_LIMITED : OK;
		note(&f, &call);
		clock_set(NOW + cases[i].later);
		assert_int_equal(
		    rate_limit_timeline_open(&f.app, 1, &open), OK);
		if (open != cases[i].open)
			fail_msg("case %zu", i);
		assert_int_equal(
		    rate_limit_timeline_open(&f.app, 2, &open), OK);
		assert_true(open);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_window_is_closed_until_its_reset_by_xs_clock),
		cmocka_unit_test(
		    a_post_counts_in_three_windows_and_others_in_one),
		cmocka_unit_test(calls_are_counted_until_the_window_ends),
		cmocka_unit_test(what_x_tells_moves_the_end_and_stays_known),
		cmocka_unit_test(
		    a_timeline_that_x_limits_is_closed_until_its_reset),
	};

	return RUN_TESTS(tests);
}
