/* test_counters.c - what a tweet's end counts for, and what taking it back. */
#include "unit/test.h"

#include "base/clock.h"
#include "publish/counters.h"
#include "unit/fixture.h"

enum { TODAY = FIXTURE_NOW / 86400, YEAR_2000 = 946684800 };

static const char one_account[] =
    "INSERT INTO twitter_account(id, username, access_token, failures)"
    " VALUES (1, 'a', 'x', 2)";

static int64_t counted(struct fixture *f, int64_t day, const char *status)
{
	return fixture_number(
	    f, arena_printf(&f->arena,
		   "SELECT coalesce(sum(n), 0) FROM tally WHERE owner = -%d"
		   " AND kind = '%s'",
		   (int)day, status));
}

static int64_t failures(struct fixture *f)
{
	return fixture_number(f, "SELECT failures FROM twitter_account");
}

static void a_failure_counts_on_and_a_post_from_the_start(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, one_account);
	assert_int_equal(counters_add(&f.app, 1, false), OK);
	assert_int_equal(failures(&f), 3);
	assert_int_equal(counted(&f, TODAY, "failed"), 1);
	assert_int_equal(counters_add(&f.app, 1, false), OK);
	assert_int_equal(counters_add(&f.app, 1, true), OK);
	assert_int_equal(failures(&f), 0);
	assert_int_equal(counted(&f, TODAY, "failed"), 2);
	assert_int_equal(counted(&f, TODAY, "posted"), 1);
}

static void a_clock_that_is_not_set_counts_for_no_day(void **state)
{
	static const struct {
		int64_t now, days;
	} cases[] = { { 0, 0 }, { YEAR_2000 - 1, 0 }, { YEAR_2000, 1 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;

		fixture_open(&f, one_account);
		clock_set(cases[i].now);
		assert_int_equal(counters_add(&f.app, 1, false), OK);
		assert_int_equal(
		    fixture_number(
			&f, "SELECT count(*) FROM tally WHERE owner < 0"),
		    cases[i].days);
		assert_int_equal(failures(&f), 3);
	}
}

static void what_is_taken_back_is_so_on_its_own_day(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, one_account);
	clock_set(FIXTURE_NOW - 86400);
	assert_int_equal(counters_add(&f.app, 1, false), OK);
	clock_set(FIXTURE_NOW);
	assert_int_equal(counters_add(&f.app, 1, false), OK);
	for (int i = 0; i < 2; i++) { /* below 0 there is nothing */
		assert_int_equal(
		    counters_take_back(&f.app, 1, fixture_time(&f, -86400)),
		    OK);
		assert_int_equal(counted(&f, TODAY - 1, "failed"), 0);
		assert_int_equal(counted(&f, TODAY, "failed"), 1);
		assert_int_equal(failures(&f), 3 - i);
	}
	for (int i = 0; i < 5; i++)
		assert_int_equal(counters_take_back(&f.app, 1, NULL), OK);
	assert_int_equal(failures(&f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_counts_on_and_a_post_from_the_start),
		cmocka_unit_test(a_clock_that_is_not_set_counts_for_no_day),
		cmocka_unit_test(what_is_taken_back_is_so_on_its_own_day),
	};

	return RUN_TESTS(tests);
}
