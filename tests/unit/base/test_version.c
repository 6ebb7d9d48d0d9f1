/* test_version.c - what a release says of itself and of its libraries' age. */
#include "unit/test.h"

#include "base/clock.h"
#include "base/version.h"

static void days_are_counted_from_the_day_on(void **state)
{
	int64_t t;

	(void)state;
	assert_true(clock_parse(str_of("2026-04-30 23:59:59"), &t));
	assert_int_equal(version_days("2026-04-30", t), 0);
	assert_int_equal(version_days("2026-04-29", t), 1);
	assert_int_equal(version_days("2026-01-30", t), 90);
	assert_int_equal(version_days("2026-01-30", t + 1), 91);
	assert_false(version_is_old(90));
	assert_true(version_is_old(91));
	assert_int_equal(version_days("", t), -1);
	assert_int_equal(version_days("soon", t), -1);
}

static void the_libraries_are_named_with_their_versions(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);
	const cJSON *json;
	int n = 0;

	(void)state;
	json_arena(&a);
	json = version_json();
	for (const struct library *l = libraries; l->name; l++, n++) {
		assert_true(l->name[0] && l->version[0]);
		assert_non_null(strstr(json_print(json), l->version));
	}
	assert_true(n >= 5);
	assert_string_equal(json_text(json, "version"), VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_counted_from_the_day_on),
		cmocka_unit_test(the_libraries_are_named_with_their_versions),
	};

	return RUN_TESTS(tests);
}
