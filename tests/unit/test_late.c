/* test_late.c - when a late tweet may follow another, and what is late. */
#include "unit/test.h"

#include "base/clock.h"
#include "publish/late.h"

static void late_tweets_of_an_account_keep_their_distance(void **state)
{
	static const struct {
		const char *last;
		int64_t spread;
		bool may;
	} cases[] = {
		{ NULL, 60, true },
		{ "2026-03-01 12:00:00", 60, false },
		{ "2026-03-01 11:59:01", 60, false },
		{ "2026-03-01 11:59:00", 60, true },
		{ "2026-02-01 12:00:00", 60, true },
		{ "2026-03-01 12:00:00", 0, true },
		{ "2026-03-01 00:00:00", 86400, false },
		{ "2026-02-28 12:00:00", 86400, true },
		/* the clock was put back: nothing waits for years */
		{ "2027-03-01 12:00:00", 60, true },
		{ "never", 60, true },
		{ "", 60, true },
	};
	struct app app = { 0 };

	(void)state;
	clock_set(1772366400); /* 2026-03-01 12:00:00 */
	for (size_t i = 0; i < COUNT(cases); i++) {
		app.config.late_spread_seconds = cases[i].spread;
		if (late_may_go(&app, cases[i].last) != cases[i].may)
			fail_msg("case %zu", i);
	}
}

static void late_is_by_minutes_of_the_settings(void **state)
{
	static const struct {
		int64_t minutes;
		const char *before;
	} cases[] = {
		{ 1, "2026-03-01 11:59:00" },
		{ 60, "2026-03-01 11:00:00" },
		{ 1440, "2026-02-28 12:00:00" },
		{ 525600, "2025-03-01 12:00:00" },
	};
	struct app app = { 0 };

	(void)state;
	clock_set(1772366400);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char before[CLOCK_TEXT];

		app.config.late_limit_minutes = cases[i].minutes;
		late_before(&app, before);
		assert_string_equal(before, cases[i].before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_tweets_of_an_account_keep_their_distance),
		cmocka_unit_test(late_is_by_minutes_of_the_settings),
	};

	return RUN_TESTS(tests);
}
