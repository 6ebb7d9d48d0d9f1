/* test_hold.c - how long is waited after a trouble, and after many. */
#include "unit/test.h"

#include "publish/hold.h"

enum { DRAWS = 4000, HOUR = 3600 };

/* The least and the most of many draws after COUNT troubles. */
static void draw(int64_t count, int64_t at_least, int64_t *least, int64_t *most)
{
	*least = INT64_MAX;
	*most = 0;
	for (int i = 0; i < DRAWS; i++) {
		int64_t seconds = hold_backoff(count, at_least);

		if (seconds < *least)
			*least = seconds;
		if (seconds > *most)
			*most = seconds;
	}
}

static void waits_double_up_to_an_hour_with_full_jitter(void **state)
{
	static const int64_t ceilings[] = { 30, 60, 120, 240, 480, 960, 1920,
		HOUR, HOUR, HOUR };

	(void)state;
	for (size_t i = 0; i < COUNT(ceilings); i++) {
		int64_t least = 0, most = 0;

		draw((int64_t)i, 0, &least, &most);
		assert_true(least >= 1);
		assert_true(most <= ceilings[i]);
		/* 4,000 draws that all miss a tenth: one in e^400 */
		assert_true(least <= ceilings[i] / 10 + 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_double_up_to_an_hour_with_full_jitter),
		cmocka_unit_test(no_count_of_troubles_is_too_many),
		cmocka_unit_test(what_was_told_is_the_least),
	};

	return RUN_TESTS(tests);
}
