/* test_trouble.c - when the scheduler is late. */
#include "unit/test.h"

#include "watch/trouble.h"

enum { LIMIT = 1 << 20, NOW = 1772366400 };

static void the_scheduler_may_come_an_interval_late(void **state)
{
	static const struct {
		int64_t interval_minutes, budget_seconds, ago;
		bool late;
	} cases[] = {
		{ 15, 240, 0, false },
		{ 15, 240, 1800, false },
		{ 15, 240, 1801, true },
		{ 1, 30, 120, false },
		{ 1, 30, 121, true },
		/* a run that takes its whole budget is not late */
		{ 1, 240, 300, false },
		{ 1, 240, 301, true },
		{ 60, 240, 7200, false },
		{ 60, 240, 7201, true },
		/* the clock was put back */
		{ 1, 30, -86400, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct app app = { .arena = &a };
		const char *words = NULL;

		app.config.tick_interval_minutes = cases[i].interval_minutes;
		app.config.tick_budget_seconds = cases[i].budget_seconds;
		assert_int_equal(
		    trouble_tick(&app, NOW - cases[i].ago, NOW, &words), OK);
		if ((words != NULL) != cases[i].late)
			fail_msg("case %zu", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_scheduler_may_come_an_interval_late),
	};

	return RUN_TESTS(tests);
}
