/* test_clock.c - times, read and written. */
#include "unit/test.h"

#include "base/clock.h"

static void times_are_written_as_the_database_and_json_have_them(void **state)
{
	static const struct {
		int64_t t;
		const char *sql;
	} cases[] = {
		{ 0, "1970-01-01 00:00:00" },
		{ -1, "1969-12-31 23:59:59" },
		{ 951782400, "2000-02-29 00:00:00" },
		{ 1709164799, "2024-02-28 23:59:59" },
		{ 2147483648, "2038-01-19 03:14:08" },
		{ 4107542400, "2100-03-01 00:00:00" },
		{ -62167219200, "0000-01-01 00:00:00" },
		{ 253402300799, "9999-12-31 23:59:59" },
		{ INT64_MIN, "0000-01-01 00:00:00" },
		{ INT64_MAX, "9999-12-31 23:59:59" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char sql[CLOCK_TEXT];
		char json[CLOCK_TEXT];

		clock_sql(cases[i].t, sql);
		clock_rfc3339(cases[i].t, json);
		assert_string_equal(sql, cases[i].sql);
		assert_int_equal(strlen(json), 20);
		assert_int_equal(json[10], 'T');
		assert_int_equal(json[19], 'Z');
		assert_memory_equal(json, sql, 10);
		assert_memory_equal(json + 11, sql + 11, 8);
	}
}

static void what_is_written_reads_back_the_same(void **state)
{
	const int64_t step = 86400 * 13 + 3607;

	(void)state;
	for (int64_t t = -62167219200; t < 253402300799; t += step * 40) {
		char text[CLOCK_TEXT];
		int64_t back = 0;

		clock_sql(t, text);
		assert_true(clock_parse(str_of(text), &back));
		assert_true(back == t);
		clock_rfc3339(t, text);
		assert_true(clock_parse(str_of(text), &back));
		assert_true(back == t);
	}
}

static void times_of_other_programs_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t wanted;
	} cases[] = {
		{ "2026-11-22 10:00:00", 1795341600 },
		{ "2026-11-22T10:00:00", 1795341600 },
		{ "2026-11-22t10:00:00z", 1795341600 },
		{ "2026-11-22T10:00:00Z", 1795341600 },
		{ "2026-11-22 10:00:00.5", 1795341600 },
		{ "2026-11-22 10:00:00.999999", 1795341600 },
		{ "2026-11-22 10:00:00.123456789Z", 1795341600 },
		{ "2026-11-22 10:00:00+00:00", 1795341600 },
		{ "2026-11-22T12:00:00+02:00", 1795341600 },
		{ "2026-11-22T04:30:00.25-05:30", 1795341600 },
		{ "2026-11-23T09:59:00+23:59", 1795341600 },
		{ "2024-02-29 00:00:00", 1709164800 },
		{ "2016-12-31 23:59:60", 1483228800 },
		{ "0000-01-01 00:00:00", -62167219200 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t = 0;

		if (!clock_parse(str_of(cases[i].text), &t) ||
		    t != cases[i].wanted)
			fail_msg("\"%s\" is %jd", cases[i].text, (intmax_t)t);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"now",
		"2026",
		"2026-11-22",
		"2026-11-22 10:00",
		"2026-11-22 10:00:00 ",
		" 2026-11-22 10:00:00",
		"2026-11-22  10:00:00",
		"2026-11-22_10:00:00",
		"2026-11-22 10:00:00x",
		"2026-11-22 10:00:00ZZ",
		"2026-11-22 10:00:00.",
		"2026-11-22 10:00:00.Z",
		"2026-11-22 10:00:00,5",
		"2026-11-22 10:00:00+02",
		"2026-11-22 10:00:00+0200",
		"2026-11-22 10:00:00+24:00",
		"2026-11-22 10:00:00+02:60",
		"2026-11-22 10:00:00+02:00Z",
		"2026-11-22 24:00:00",
		"2026-11-22 10:60:00",
		"2026-11-22 10:00:61",
		"2026-00-22 10:00:00",
		"2026-13-22 10:00:00",
		"2026-11-00 10:00:00",
		"2026-11-31 10:00:00",
		"2026-02-29 10:00:00",
		"2100-02-29 10:00:00",
		"2026-06-31 23:59:60",
		"26-11-22 10:00:00",
		"2026-1-22 10:00:00",
		"+026-11-22 10:00:00",
		"-026-11-22 10:00:00",
		"2026-11--2 10:00:00",
		"12026-11-22 10:00:00",
		"2026/11/22 10:00:00",
		"1795341600",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t = 4711;

		if (clock_parse(str_of(cases[i]), &t))
			fail_msg("taken: \"%s\"", cases[i]);
		assert_int_equal(t, 4711);
	}
}

static void an_rfc_3339_time_says_where_it_counts_from(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "2026-11-22T10:00:00Z", true },
		{ "2026-11-22t10:00:00z", true },
		{ "2026-11-22T12:00:00+02:00", true },
		{ "2026-11-22T12:00:00.000+02:00", true },
		{ "2026-11-22T10:00:00.5Z", true },
		{ "2026-11-22T10:00:00-00:00", true },
		{ "2026-11-22T10:00:00", false },
		{ "2026-11-22T10:00:00.123456", false },
		{ "2026-11-22 10:00:00Z", false },
		{ "2026-11-22T10:00:00+0200", false },
		{ "2026-11-22T10:00:00+02", false },
		{ "2026-11-22T10:00Z", false },
		{ "2026-11-22", false },
		{ "Z", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t = 0;

		if (clock_parse_rfc3339(str_of(cases[i].text), &t) !=
		    cases[i].good)
			fail_msg("\"%s\"", cases[i].text);
		if (cases[i].good)
			assert_int_equal(t, 1795341600);
	}
}

static void the_clock_of_tests_stands_still(void **state)
{
	(void)state;
	clock_set(1000);
	assert_int_equal(clock_now(), 1000);
	assert_int_equal(clock_now_ms(), 1000000);
	clock_set(0);
	assert_int_equal(clock_now(), 0);
	clock_set(-1);
	assert_true(clock_now() > 1700000000);
}

static void the_clock_nobody_sets_does_not_go_back(void **state)
{
	int64_t last = clock_mono_ms();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t now = clock_mono_ms();

		assert_true(now >= last);
		last = now;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    times_are_written_as_the_database_and_json_have_them),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(times_of_other_programs_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(an_rfc_3339_time_says_where_it_counts_from),
		cmocka_unit_test(the_clock_of_tests_stands_still),
		cmocka_unit_test(the_clock_nobody_sets_does_not_go_back),
	};

	return RUN_TESTS(tests);
}
