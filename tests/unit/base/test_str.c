/* test_str.c - views of bytes, and numbers read from them. */
#include "unit/test.h"

#include "base/str.h"

static void blanks_and_tabs_are_trimmed_and_nothing_else(void **state)
{
	static const struct {
		const char *text;
		const char *wanted;
	} cases[] = {
		{ "", "" },
		{ " \t ", "" },
		{ "a", "a" },
		{ " a b\t", "a b" },
		{ "\na\r", "\na\r" },
		{ "\xC2\xA0"
		  "a",
		    "\xC2\xA0"
		    "a" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(
		    str_eq(str_trim(str_of(cases[i].text)), cases[i].wanted));
	assert_int_equal(str_trim(str_of(NULL)).n, 0);
	assert_true(str_eq(str_trim_any(str_of("\n a\r\n"), " \r\n"), "a"));
}

static void words_are_compared_without_the_case_of_ascii(void **state)
{
	static const struct {
		const char *text, *word;
		bool same;
	} cases[] = {
		{ "word", "word", true },
		{ "WoRD", "word", true },
		{ "", "", true },
		{ "wor", "word", false },
		{ "words", "word", false },
		{ "w\x0Frd", "word", false },
		/* neighbours of the letters */
		{ "@", "`", false },
		{ "[", "{", false },
		{ "\u00c4", "\u00e4", false },
		{ "", "a", false },
		{ "a", "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (str_is_word(str_of(cases[i].text), cases[i].word) !=
		    cases[i].same)
			fail_msg("%s / %s", cases[i].text, cases[i].word);
	}
	assert_int_equal(str_lower('A'), 'a');
	assert_int_equal(str_lower('Z'), 'z');
	assert_int_equal(str_lower('@'), '@');
	assert_int_equal(str_lower('['), '[');
}

static void cutting_gives_every_part_and_an_empty_last_one(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		const char *last;
	} cases[] = {
		{ "", 1, "" },
		{ "a", 1, "a" },
		{ "a,b", 2, "b" },
		{ ",", 2, "" },
		{ "a,,c", 3, "c" },
		{ "a,b,", 3, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str rest = str_of(cases[i].text);
		struct str part = { 0 };
		size_t count = 0;

		while (rest.p) {
			part = str_cut(&rest, ',');
			count++;
		}
		assert_int_equal(count, cases[i].count);
		assert_true(str_eq(part, cases[i].last));
	}
}

static void numbers_are_read_to_the_letter(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max;
		int64_t wanted; /* INT64_MIN + 1: refused */
	} cases[] = {
		{ "0", 0, INT64_MAX, 0 },
		{ "00", 0, INT64_MAX, 0 },
		{ "007", 0, INT64_MAX, 7 },
		{ "9223372036854775807", 0, INT64_MAX, INT64_MAX },
		{ "9223372036854775808", 0, INT64_MAX, INT64_MIN + 1 },
		{ "92233720368547758070", 0, INT64_MAX, INT64_MIN + 1 },
		{ "18446744073709551616", 0, INT64_MAX, INT64_MIN + 1 },
		{ "99999999999999999999", 0, INT64_MAX, INT64_MIN + 1 },
		{ "-9223372036854775808", INT64_MIN, 0, INT64_MIN },
		{ "-9223372036854775809", INT64_MIN, 0, INT64_MIN + 1 },
		{ "-1", -5, 5, -1 },
		{ "-0", -5, 5, 0 },
		{ "-1", 0, 5, INT64_MIN + 1 },
		{ "-0", 0, 5, INT64_MIN + 1 },
		{ "6", -5, 5, INT64_MIN + 1 },
		{ "-6", -5, 5, INT64_MIN + 1 },
		{ "", -5, 5, INT64_MIN + 1 },
		{ "-", -5, 5, INT64_MIN + 1 },
		{ "--1", -5, 5, INT64_MIN + 1 },
		{ "+1", -5, 5, INT64_MIN + 1 },
		{ " 1", -5, 5, INT64_MIN + 1 },
		{ "1 ", -5, 5, INT64_MIN + 1 },
		{ "1.0", -5, 5, INT64_MIN + 1 },
		{ "1e0", -5, 5, INT64_MIN + 1 },
		{ "0x1", -5, 5, INT64_MIN + 1 },
		{ "1,2", -5, 5, INT64_MIN + 1 },
		{ "\xD9\xA1", -5, 5, INT64_MIN + 1 }, /* an Arabic 1 */
		{ "/", -5, 5, INT64_MIN + 1 },
		{ ":", -5, 5, INT64_MIN + 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t out = 4711;
		bool good = str_int64(
		    str_of(cases[i].text), cases[i].min, cases[i].max, &out);

		if (good != (cases[i].wanted != INT64_MIN + 1))
			fail_msg("\"%s\"", cases[i].text);
		assert_true(out == (good ? cases[i].wanted : 4711));
	}
}

static void secrets_are_compared_byte_by_byte(void **state)
{
	char a[32] = "one";
	char b[32] = "one";

	(void)state;
	assert_true(str_same_secret(a, b, sizeof(a)));
	assert_true(str_same_secret(a, b, 0));
	for (size_t i = 0; i < sizeof(b); i++) {
		b[i] ^= 1;
		assert_false(str_same_secret(a, b, sizeof(a)));
		b[i] ^= 1;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_and_tabs_are_trimmed_and_nothing_else),
		cmocka_unit_test(words_are_compared_without_the_case_of_ascii),
		cmocka_unit_test(
		    cutting_gives_every_part_and_an_empty_last_one),
		cmocka_unit_test(numbers_are_read_to_the_letter),
		cmocka_unit_test(secrets_are_compared_byte_by_byte),
	};

	return RUN_TESTS(tests);
}
