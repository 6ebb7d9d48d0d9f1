/* test_backoff.c - how long is waited after a trouble, and after many. */
#include "unit/test.h"

#include "base/clock.h"
#include "publish/backoff.h"
#include "unit/fixture.h"

enum { DRAWS = 4000, HOUR = 3600, NOW = FIXTURE_NOW };

/* The least and the most of many draws after COUNT troubles. */
static void draw(int64_t count, int64_t at_least, int64_t *least, int64_t *most)
{
	*least = INT64_MAX;
	*most = 0;
	for (int i = 0; i < DRAWS; i++) {
		int64_t seconds = backoff_seconds(count, at_least);

		if (seconds < *least)
			*least = seconds;
		if (seconds > *most)
			*most = seconds;
	}
}

static void waits_double_up_to_an_hour_and_vary_by_half(void **state)
{
	static const int64_t ceilings[] = { 30, 60, 120, 240, 480, 960, 1920,
		HOUR, HOUR, HOUR };

	(void)state;
	for (size_t i = 0; i < COUNT(ceilings); i++) {
		int64_t least = 0, most = 0;

		draw((int64_t)i, 0, &least, &most);
		assert_true(least > ceilings[i] / 2);
		assert_true(most <= ceilings[i]);
		/* 4,000 draws that all miss a fifth of them: one in e^800 */
		assert_true(least <= ceilings[i] / 2 + ceilings[i] / 10);
		assert_true(most > ceilings[i] - ceilings[i] / 10 - 1);
	}
}

static void no_count_of_troubles_is_too_many(void **state)
{
	static const int64_t counts[] = { 1000, INT32_MAX, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		int64_t least = 0, most = 0;

		draw(counts[i], 0, &least, &most);
		assert_true(least >= 1);
		assert_true(most <= HOUR);
	}
	for (int64_t count = -3; count < 0; count++) {
		int64_t least = 0, most = 0;

		draw(count, 0, &least, &most);
		assert_true(least >= 1);
		assert_true(most <= 30);
	}
}

static void what_was_told_is_the_least(void **state)
{
	static const int64_t told[] = { 1, 29, 900, HOUR, 86400 };

	(void)state;
	for (size_t i = 0; i < COUNT(told); i++) {
		int64_t least = 0, most = 0;

		draw(0, told[i], &least, &most);
		assert_true(least >= told[i]);
		assert_true(most <= (told[i] > 30 ? told[i] : 30));
	}
}

static const char three_accounts[] =
    "INSERT INTO twitter_account(id, username, access_token, hold_count)"
    " VALUES (1, 'a', 'x', 0), (2, 'b', 'x', 0), (3, 'c', 'x', NULL)";

static void troubles_are_counted_and_limits_are_not(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, three_accounts);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    backoff_account(&f.app, 3, ERR_X_TIMEOUT, 60), OK);
		assert_int_equal(backoff_until_open(&f.app, 1, 60), OK);
	}
	assert_int_equal(
	    fixture_number(&f,
		"SELECT hold_count = 2 AND hold_code = 'x_timeout' AND"
		" hold_until = '2026-03-01 12:01:00' FROM twitter_account"
		" WHERE id = 3"),
	    1);
	assert_int_equal(
	    fixture_number(&f,
		"SELECT hold_count = 0 AND hold_code = 'rate_limited' AND"
		" hold_until = '2026-03-01 12:01:00' FROM twitter_account"
		" WHERE id = 1"),
	    1);
	assert_int_equal(backoff_clear(&f.app, 3), OK);
	assert_int_equal(
	    fixture_number(&f, "SELECT count(*) FROM twitter_account"
			       " WHERE hold_until IS NULL AND hold_code IS NULL"
			       " AND hold_count = 0"),
	    2);
}

static void the_app_waits_until_the_second_it_was_told(void **state)
{
	static const struct {
		int64_t later;
		enum err why;
		int64_t seconds;
	} cases[] = {
		{ 0, ERR_CREDITS_DEPLETED, 60 },
		{ 59, ERR_CREDITS_DEPLETED, 1 },
		{ 60, OK, 0 },
		{ 61, OK, 0 },
	};
	SCOPED(fixture) f;
	enum err why = OK;
	int64_t seconds = 0;

	(void)state;
	fixture_open(&f, three_accounts);
	assert_int_equal(backoff_of_app(&f.app, &why, &seconds), OK);
	assert_int_equal(why, OK);
	assert_int_equal(backoff_app(&f.app, ERR_CREDITS_DEPLETED, 60), OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		clock_set(NOW + cases[i].later);
		assert_int_equal(backoff_of_app(&f.app, &why, &seconds), OK);
		assert_int_equal(why, cases[i].why);
		assert_int_equal(seconds, cases[i].seconds);
	}
}

static void a_hold_that_cannot_be_read_holds_nothing_or_is_xs(void **state)
{
	static const struct {
		const char *value;
		enum err why;
	} cases[] = {
		{ "credits_depleted", OK },
		{ "credits_depleted soon", OK },
		{ "", OK },
		{ "of_another_version 2026-03-01 12:01:00", ERR_X_UNAVAILABLE },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, three_accounts);
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum err why = ERR__COUNT;
		int64_t seconds = -1;

		fixture_sql(&f, "REPLACE INTO kv VALUES('app_hold', '%s')",
		    cases[i].value);
		assert_int_equal(backoff_of_app(&f.app, &why, &seconds), OK);
		assert_int_equal(why, cases[i].why);
		assert_int_equal(seconds, why == OK ? 0 : 60);
	}
}

static void a_person_ends_all_waits_but_xs_own(void **state)
{
	static const struct {
		enum err why;
		bool app_stays, account_stays;
	} cases[] = {
		{ ERR_CREDITS_DEPLETED, false, false },
		{ ERR_X_UNAVAILABLE, false, false },
		{ ERR_RATE_LIMITED, true, true },
		{ ERR_ACCOUNT_HELD_BACK, false, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		enum err why = OK;
		int64_t seconds = 0;

		fixture_open(&f, three_accounts);
		assert_int_equal(backoff_app(&f.app, cases[i].why, 60), OK);
		assert_int_equal(
		    backoff_account(&f.app, 1, cases[i].why, 60), OK);
		assert_int_equal(backoff_lift(&f.app), OK);
		assert_int_equal(backoff_of_app(&f.app, &why, &seconds), OK);
		if ((why != OK) != cases[i].app_stays)
			fail_msg("app: %s", err_name(cases[i].why));
		assert_int_equal(
		    fixture_number(&f,
			"SELECT count(*) FROM twitter_account WHERE"
			" hold_until IS NOT NULL AND hold_count = 1"),
		    cases[i].account_stays);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_double_up_to_an_hour_and_vary_by_half),
		cmocka_unit_test(no_count_of_troubles_is_too_many),
		cmocka_unit_test(what_was_told_is_the_least),
		cmocka_unit_test(troubles_are_counted_and_limits_are_not),
		cmocka_unit_test(the_app_waits_until_the_second_it_was_told),
		cmocka_unit_test(
		    a_hold_that_cannot_be_read_holds_nothing_or_is_xs),
		cmocka_unit_test(a_person_ends_all_waits_but_xs_own),
	};

	return RUN_TESTS(tests);
}
