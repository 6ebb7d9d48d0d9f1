/* test_utf8.c - validity, code points, white space and normal form C. */
#include "unit/test.h"

#include <time.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/utf8.h"

enum { LIMIT = 1 << 24, POINTS = 0x110000, LONG = 1 << 16 };

/* C as text; TEXT has 5 bytes. Nothing for surrogates. */
static const char *text_of(int32_t c, char *text)
{
	bool surrogate = c >= 0xD800 && c <= 0xDFFF;
	utf8proc_ssize_t n = 0;

	if (!surrogate)
		n = utf8proc_encode_char(c, (utf8proc_uint8_t *)text);
	text[n] = '\0';
	return text;
}

static void well_formed_text_is_valid(void **state)
{
	static const char *const texts[] = {
		"",
		"plain ASCII, longer than eight bytes",
		"\xC2\x80 \xDF\xBF",
		"\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF",
		"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF",
		"eight by eight, then \xC3\xA9, then eight by eight again",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_true(utf8_valid(texts[i], strlen(texts[i])));
	assert_true(utf8_valid("a\0b", 3));
	assert_true(utf8_valid(NULL, 0));
}

static void malformed_text_is_refused(void **state)
{
	static const char *const texts[] = {
		"\x80",
		"\xBF",
		"a\x80",
		"\xC0\x80",
		"\xC1\xBF",
		"\xC3",
		"\xC3(",
		"\xC3\xC3",
		"\xE0\x9F\xBF",
		"\xE2\x82",
		"\xE2\x82(",
		"\xE2(\xA1",
		"\xED\xA0\x80",
		"\xED\xBF\xBF",
		"\xF0\x8F\xBF\xBF",
		"\xF0\x9F\x98",
		"\xF0\x9F\x98(",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xFE",
		"\xFF",
		"twelve bytes\xFF",
		"seven..\xC3",
		"eight by\xE2\x82",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(utf8_valid(texts[i], strlen(texts[i])));
	assert_false(utf8_valid("\xE2\x82\xAC", 2));
}

static void every_code_point_is_read_back(void **state)
{
	char text[5];

	(void)state;
	for (int32_t c = 1; c < POINTS; c++) {
		const char *p = text_of(c, text);

		if (!*p)
			continue;
		assert_int_equal(utf8_next(&p), c);
		assert_ptr_equal(p, text + strlen(text));
		assert_true(utf8_valid(text, strlen(text)));
	}
}

static void a_cut_keeps_characters_whole(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		size_t kept;
	} cases[] = {
		{ "", 0, 0 },
		{ "", 9, 0 },
		{ "abc", 2, 2 },
		{ "abc", 3, 3 },
		{ "abc", 9, 3 },
		{ "a\xC3\xA9", 2, 1 },
		{ "a\xC3\xA9", 3, 3 },
		{ "\xE2\x82\xAC", 2, 0 },
		{ "x\xF0\x9F\x98\x80y", 4, 1 },
		{ "x\xF0\x9F\x98\x80y", 5, 5 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    utf8_cut(cases[i].text, cases[i].max), cases[i].kept);
}

static void blank_is_what_nobody_can_see(void **state)
{
	static const char *const blank[] = {
		"", " ", "\t\n\v\f\r ", "\xC2\x85\xC2\xA0",
		"\xE1\x9A\x80\xE2\x80\x80\xE2\x80\x8A\xE2\x80\xA8\xE2\x80\xA9",
		"\xE2\x80\xAF\xE2\x81\x9F\xE3\x80\x80",
		"\xC2\xAD",                             /* soft hyphen */
		"\xE2\x80\x8B\xE2\x80\x8D\xE2\x81\xA0", /* U+200B, 200D, 2060 */
		"\xE1\xA0\x8E \xEF\xBB\xBF",
		"\xE1\x85\x9F\xE3\x85\xA4\xEF\xBE\xA0", /* Hangul fillers */
		"\xEF\xB8\x8F",                         /* U+FE0F */
		"\xF3\xA0\x80\x80\xF3\xA0\xBF\xBF",     /* U+E0000, E0FFF */
	};
	static const char *const seen[] = {
		"a",
		"   .",
		"\xE2\x80\x8Bx\xE2\x80\x8B",
		"\xE2\x9D\xA4\xEF\xB8\x8F", /* a heart, as an emoji */
		"\xE2\x80\x90",             /* U+2010, beside those above */
		"\xF3\xA1\x80\x80",         /* U+E1000 */
		" \xE3\x80\x80\xC2\xA1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(blank); i++)
		assert_true(utf8_blank(blank[i]));
	for (size_t i = 0; i < COUNT(seen); i++)
		assert_false(utf8_blank(seen[i]));
}

static void simple_text_is_given_back_as_it_is(void **state)
{
	static const char *const texts[] = {
		"",
		"plain",
		"na\xC3\xAFve \xC7\x86 \xCB\xBF",
		"\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82",
		"\xE6\x9D\xB1\xE4\xBA\xAC\xE3\x81\xAF\xE3\x80\x82",
		"\xED\x95\x9C\xEA\xB5\xAD",
		"\xE2\x80\x9Cso\xE2\x80\x9D \xE2\x80\x93 \xF0\x9F\x98\x80",
		"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB",
		"\xE2\x9D\xA4\xEF\xB8\x8F",
	};
	SCOPED(arena) a = arena_make(0);

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_ptr_equal(utf8_nfc(&a, texts[i]), texts[i]);
}

static void text_is_put_into_normal_form_c(void **state)
{
	static const struct {
		const char *text;
		const char *normal;
	} cases[] = {
		{ "e\xCC\x81", "\xC3\xA9" },
		{ "A\xCC\x8A \xE2\x84\xAB", "\xC3\x85 \xC3\x85" },
		/* marks are sorted, and join across those of other classes */
		{ "a\xCC\x81\xCC\xA3", "\xE1\xBA\xA1\xCC\x81" },
		{ "q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87" },
		{ "a\xCC\x81\xCC\x81", "\xC3\xA1\xCC\x81" },
		/* Hangul */
		{ "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C" },
		{ "\xEA\xB0\x80\xE1\x86\xA8", "\xEA\xB0\x81" },
		/* those that never come back together */
		{ "\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC" },
		{ "\xEF\xAC\x9D", "\xD7\x99\xD6\xB4" },
		{ "\xCD\x84", "\xCC\x88\xCC\x81" },
		/* one for another, and the longest there are */
		{ "\xE2\x80\x80\xE2\x8C\xA9", "\xE2\x80\x82\xE3\x80\x88" },
		{ "\xF0\xAF\xA0\x80", "\xE4\xB8\xBD" },
		{ "\xF0\x9D\x85\xA0",
		    "\xF0\x9D\x85\x98\xF0\x9D\x85\xA5\xF0\x9D\x85\xAE" },
		{ "\xE1\xBE\x82", "\xE1\xBE\x82" },
		/* at the beginning, where nothing can take it */
		{ "\xCC\x81"
		  "e",
		    "\xCC\x81"
		    "e" },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
		    utf8_nfc(&a, cases[i].text), cases[i].normal);
}

/* Notes all code points that may join what stands before them. */
static void note_joiners(bool *joins)
{
	for (int32_t c = 0; c < POINTS; c++) {
		int32_t some[8];
		utf8proc_ssize_t n = utf8proc_decompose_char(
		    c, some, 8, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, NULL);

		for (utf8proc_ssize_t i = 1; i < n; i++)
			joins[some[i]] = true;
		if (utf8proc_get_property(c)->combining_class)
			joins[c] = true;
	}
}

static void what_is_given_back_was_normal(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	bool *joins = arena_array(&a, POINTS, sizeof(*joins));
	char text[5];
	size_t passed = 0;

	(void)state;
	note_joiners(joins);
	for (int32_t c = 1; c < POINTS; c++) {
		SCOPED(arena) few = arena_make(LIMIT);
		int32_t some[8];

		if (utf8_nfc(&few, text_of(c, text)) != text)
			continue;
		assert_false(joins[c]);
		passed++;
		/* normalising alone leaves it alone, or puts it together */
		if (utf8proc_decompose_char(c, some, 8,
			UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, NULL) == 1)
			assert_int_equal(some[0], c);
		else
			assert_false(utf8proc_get_property(c)->comp_exclusion);
	}
	assert_true(passed > 40000);
}

static void what_is_no_text_is_shown_by_a_sign(void **state)
{
#define SIGN "\xEF\xBF\xBD"
	static const struct {
		const char *bytes;
		size_t n;
		const char *wanted;
	} cases[] = {
		{ "", 0, "" },
		{ "plain \xC3\xA9", 8, "plain \xC3\xA9" },
		{ "\xFF", 1, SIGN },
		{ "a\xFF\xFE"
		  "b",
		    4, "a" SIGN SIGN "b" },
		{ "\xC3", 1, SIGN },
		{ "\xE2\x82", 2, SIGN },
		{ "\xE2\x82"
		  "A",
		    3, SIGN "A" },
		{ "\xF0\x9F\x98", 3, SIGN },
		{ "\xC0\x80", 2, SIGN SIGN },
		{ "\xED\xA0\x80", 3, SIGN SIGN SIGN },
		{ "\xF4\x90\x80\x80", 4, SIGN SIGN SIGN SIGN },
		{ "a\0b", 3, "a" SIGN "b" },
		{ "\0", 1, SIGN },
		{ "\xC3\xA9\xC3", 3, "\xC3\xA9" SIGN },
	};
#undef SIGN
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(utf8_shown(&a, cases[i].bytes, cases[i].n),
		    cases[i].wanted);
	assert_ptr_equal(utf8_shown(&a, cases[1].bytes, 8), cases[1].bytes);
}

static void marks_without_end_take_little_time(void **state)
{
	static const char pair[] = "\xCC\x81\xCC\x96"; /* in the wrong order */
	SCOPED(arena) a = arena_make(LIMIT);
	char *text = arena_alloc(&a, LONG + 2);
	clock_t start;

	(void)state;
	text[0] = 'a';
	for (size_t i = 0; i < LONG; i += 4)
		memcpy(text + 1 + i, pair, 4);
	start = clock();

	const char *normal = utf8_nfc(&a, text);

	assert_true(clock() - start < CLOCKS_PER_SEC);
	/* "a" took the first acute; all the graves below come first */
	assert_int_equal(strlen(normal), LONG);
	assert_memory_equal(normal, "\xC3\xA1\xCC\x96\xCC\x96", 6);
	assert_memory_equal(normal + LONG - 4, "\xCC\x81\xCC\x81", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_text_is_valid),
		cmocka_unit_test(malformed_text_is_refused),
		cmocka_unit_test(every_code_point_is_read_back),
		cmocka_unit_test(a_cut_keeps_characters_whole),
		cmocka_unit_test(blank_is_what_nobody_can_see),
		cmocka_unit_test(simple_text_is_given_back_as_it_is),
		cmocka_unit_test(text_is_put_into_normal_form_c),
		cmocka_unit_test(what_is_given_back_was_normal),
		cmocka_unit_test(what_is_no_text_is_shown_by_a_sign),
		cmocka_unit_test(marks_without_end_take_little_time),
	};

	return RUN_TESTS(tests);
}
