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

static void a_time_that_is_none_is_told_what_is_wrong_with_it(void **state)
{
	static const struct {
		const char *text, *words; /* NULL: nothing is wrong */
	} cases[] = {
		{ "2026-01-31T09:00:00+01:00", NULL },
		{ "2026-01-31t09:00:60.5z", NULL },
		{ "2028-02-29T00:00:00-12:30", NULL },
		{ "", "must be a time such as" },
		{ "tomorrow at nine", "must be a time such as" },
		{ "31.01.2026 09:00", "must be a time such as" },
		{ "2026-1-31T09:00:00Z", "must be a time such as" },
		{ "2026-01-31T9:00:00Z", "must be a time such as" },
		{ "1790000000", "must be a time such as" },
		{ "2026-01-31", "has no time of day" },
		{ "2026-01-31 09:00:00Z", "has a blank between date and time" },
		{ "2026-01-31 09:00:00", "has a blank between date and time" },
		{ "2026-01-31T09:00", "has no seconds" },
		{ "2026-01-31T09:00Z", "has no seconds" },
		{ "2026-01-31T09:00+01:00", "has no seconds" },
		{ "2026-01-31T09:00:00", "has no zone" },
		{ "2026-01-31T09:00:00.25", "has no zone" },
		{ "2026-01-31T09:00:00 01:00", "%2B" },
		{ "2026-01-31T09:00:00+0100", "an unknown zone" },
		{ "2026-01-31T09:00:00+01", "an unknown zone" },
		{ "2026-01-31T09:00:00+24:00", "an unknown zone" },
		{ "2026-01-31T09:00:00CET", "an unknown zone" },
		{ "2026-01-31T09:00:00.Z", "an unknown zone" },
		{ "2026-13-01T09:00:00Z", "month: 13 is not from 01 to 12" },
		{ "2026-00-01T09:00:00Z", "month: 00 is not from 01 to 12" },
		{ "2026-01-32T09:00:00Z", "day: 32 is not from 01 to 31" },
		{ "2026-02-30T09:00:00Z", "that month has no 30" },
		{ "2026-02-29T09:00:00Z", "that month has no 29" },
		{ "2026-01-31T24:00:00Z", "hour: 24 is not from 00 to 23" },
		{ "2026-01-31T09:60:00Z", "minute: 60 is not from 00 to 59" },
		{ "2026-01-31T09:00:61Z", "second: 61 is not from 00 to 60" },
	};
	SCOPED(arena) a = arena_make((size_t)64 * 1024);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t = 0;
		struct str text = str_of(cases[i].text);
		const char *words = clock_fault(&a, text);

		assert_int_equal(clock_parse_rfc3339(text, &t), !words);
		if (cases[i].words)
			assert_non_null(strstr(words, cases[i].words));
		else
			assert_null(words);
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

static void times_of_other_programs_are_read_where_they_are_plain(void **state)
{
	static const struct {
		const char *text;
		int64_t wanted; /* 0: none */
	} cases[] = {
		{ "2026-11-22 10:00:00", 1795341600 },
		{ "2026-11-22T12:00:00+02:00", 1795341600 },
		{ "2026-11-22T12:00:00+0200", 1795341600 },
		{ "2026-11-22T12:00:00+02", 1795341600 },
		{ "2026-11-22 10:00", 1795341600 },
		{ "2026-11-22T10:00", 1795341600 },
		{ "2026-11-22", 1795305600 },
		{ "1795341600", 1795341600 },
		{ "1795341600.75", 1795341600 },
		{ "1795341600123", 1795341600 },
		{ "1795341600123456", 1795341600 },
		{ "100000000", 100000000 },
		{ "99999999", 0 },
		{ "1795341600123456789", 0 },
		{ "-1795341600", 0 },
		{ "1795341600.x", 0 },
		{ "1.7e9", 0 },
		{ "", 0 },
		{ "2026", 0 },
		{ "2026-11-22 10", 0 },
		{ "2026-11-22 10:0", 0 },
		{ "2026-11-31", 0 },
		{ "2026-11-22 25:00", 0 },
		{ "2026-11-22T12:00:00+020", 0 },
		{ "22.11.2026", 0 },
		{ "11/22/2026", 0 },
		{ "yesterday", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t = 0;
		bool read = clock_parse_stored(str_of(cases[i].text), &t);

		if (read != (cases[i].wanted != 0) ||
		    (read && t != cases[i].wanted))
			fail_msg("\"%s\" is %jd", cases[i].text, (intmax_t)t);
	}
}

static void what_is_shown_is_a_time_of_the_calendar(void **state)
{
	static const char *const none[] = { "2026-13-01 00:00:00",
		"2026-00-10 00:00:00", "2026-02-29 00:00:00",
		"2026-02-30 00:00:00", "2026-04-31 00:00:00",
		"2026-01-00 00:00:00", "2026-01-32 00:00:00",
		"2026-01-01 24:00:00", "2026-01-01 00:60:00",
		"2026-01-01 00:00:61", "never" };
	char text[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		assert_false(clock_sql_to_rfc3339(none[i], text));
	assert_true(clock_sql_to_rfc3339("2024-02-29 23:59:59", text));
	assert_string_equal(text, "2024-02-29T23:59:59Z");
	assert_true(clock_sql_to_rfc3339("2026-04-30 00:00:00", text));
	assert_string_equal(text, "2026-04-30T00:00:00Z");
	assert_true(clock_sql_to_rfc3339("2026-01-31", text));
	assert_string_equal(text, "2026-01-31T00:00:00Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    times_are_written_as_the_database_and_json_have_them),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(times_of_other_programs_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(
		    times_of_other_programs_are_read_where_they_are_plain),
		cmocka_unit_test(what_is_shown_is_a_time_of_the_calendar),
		cmocka_unit_test(an_rfc_3339_time_says_where_it_counts_from),
		cmocka_unit_test(
		    a_time_that_is_none_is_told_what_is_wrong_with_it),
		cmocka_unit_test(the_clock_of_tests_stands_still),
		cmocka_unit_test(the_clock_nobody_sets_does_not_go_back),
	};

	return RUN_TESTS(tests);
}
