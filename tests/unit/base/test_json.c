/* test_json.c - JSON read to the letter, where cJSON is lax. */
#include "unit/test.h"

#include "base/buf.h"
#include "base/json.h"

enum { LIMIT = 1 << 24 };

static cJSON *parse(const char *text, size_t n)
{
	const char *why = NULL;
	cJSON *json = json_parse(text, n, &why);

	assert_true((json == NULL) == (why != NULL));
	return json;
}

struct text {
	const char *p;
	size_t n;
};

#define T(literal)                                \
	{                                         \
		(literal), sizeof(literal "") - 1 \
	}

static void what_is_no_json_is_refused(void **state)
{
	static const struct text cases[] = {
		T(""),
		T(" "),
		T("\xEF\xBB\xBF{}"),
		T("{} x"),
		T("{}{}"),
		T("{}\0"),
		T("\0{}"),
		T("1 2"),
		T("{"),
		T("}"),
		T("["),
		T("]"),
		T("[}"),
		T("{]"),
		T("[1,]"),
		T("[,1]"),
		T("[1 2]"),
		T("[1,,2]"),
		T("{\"a\":1,}"),
		T("{,\"a\":1}"),
		T("{\"a\" 1}"),
		T("{\"a\":}"),
		T("{\"a\"}"),
		T("{\"a\":1 \"b\":2}"),
		T("{a:1}"),
		T("{'a':1}"),
		T("{1:1}"),
		T("'a'"),
		T("/* */{}"),
		T("{}// x"),
		T("#\n{}"),
		T("tru"),
		T("True"),
		T("TRUE"),
		T("nul"),
		T("nullx"),
		T("undefined"),
		T("NaN"),
		T("Infinity"),
		T("-Infinity"),
		T("{}\v"),
		T("\xC2\xA0{}"),
		T(","),
		T(":"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		json_arena(&a);
		if (parse(cases[i].p, cases[i].n))
			fail_msg("taken: %s", cases[i].p);
	}
}

static void numbers_that_json_does_not_know_are_refused(void **state)
{
	static const struct text cases[] = { T("01"), T("00"), T("-01"), T("-"),
		T("+1"), T(".1"), T("1."), T("1.e1"), T("1e"), T("1e+"),
		T("1E-"), T("0x1"), T("1_000"), T("1,000"), T("- 1"), T("--1"),
		T("1.2.3"), T("1e1.5"), T("1f"), T("[1e]"), T("[-]"),
		T("1234567890123456789012345678901234567890"
		  "123456789012345678901") };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		json_arena(&a);
		if (parse(cases[i].p, cases[i].n))
			fail_msg("taken: %s", cases[i].p);
	}
}

static void strings_that_are_broken_are_refused(void **state)
{
	static const struct text cases[] = {
		T("\""),
		T("\"a"),
		T("\"\\\""),
		T("\"\\"),
		T("\"\\x41\""),
		T("\"\\u\""),
		T("\"\\u12\""),
		T("\"\\u12G4\""),
		T("\"\\U0041\""),
		T("\"\\'\""),
		T("\"\\0\""),
		T("\"\n\""),
		T("\"\t\""),
		T("\"\x01\""),
		T("\"\x1F\""),
		T("\"a\0b\""),
		T("\"good\\u0000evil\""),
		T("{\"a\\u0000\":1}"),
		T("\"\\ud800\""),
		T("\"\\ud800x\""),
		T("\"\\ud800\\n\""),
		T("\"\\ud800\\u0041\""),
		T("\"\\ud800\\ud800\""),
		T("\"\\udc00\""),
		T("\"\\udc00\\ud800\""),
		T("\"\\udbff"),
		T("\"\xFF\""),
		T("\"\xC0\xAF\""),
		T("\"\xE0\x80\x80\""),
		T("\"\xED\xA0\x80\""),
		T("\"\xF4\x90\x80\x80\""),
		T("\"\xC3\""),
		T("\"\x80\""),
		T("{\"\xFF\":1}"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		json_arena(&a);
		if (parse(cases[i].p, cases[i].n))
			fail_msg("taken: %s", cases[i].p);
	}
}

static void escapes_and_text_of_all_planes_are_read(void **state)
{
	static const struct {
		const char *text;
		const char *wanted;
	} cases[] = {
		{ "\"\"", "" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
		{ "\"\\u0041\\u00e9\\u20AC\"", "A\xC3\xA9\xE2\x82\xAC" },
		{ "\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80" },
		{ "\"\\uDBFF\\uDFFF\"", "\xF4\x8F\xBF\xBF" },
		{ "\"\xF0\x9F\x98\x80\"", "\xF0\x9F\x98\x80" },
		{ "\"\x7F\"", "\x7F" },
		{ "\"\\u0001\"", "\x01" },
		{ "\"\\uFFFF\"", "\xEF\xBF\xBF" },
		{ " \r\n\t\"x\" \r\n\t", "x" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		json_arena(&a);

		const cJSON *json = parse(cases[i].text, strlen(cases[i].text));

		assert_non_null(json);
		assert_string_equal(json->valuestring, cases[i].wanted);
	}
}

static void equal_names_are_refused_at_any_depth(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "{\"a\":1,\"a\":1}", false },
		{ "{\"a\":1,\"b\":2,\"c\":3,\"a\":4}", false },
		{ "{\"a\":1,\"\\u0061\":2}", false },
		{ "{\"\":1,\"\":2}", false },
		{ "{\"x\":{\"a\":1,\"a\":2}}", false },
		{ "[1,[2,{\"y\":[{\"a\":1,\"a\":2}]}]]", false },
		{ "{\"x\":{},\"y\":{\"a\":1},\"z\":{\"a\":1,\"a\":2}}", false },
		{ "{\"a\":1,\"A\":2}", true },
		{ "{\"a\":{\"a\":{\"a\":1}}}", true },
		{ "[{\"a\":1},{\"a\":2}]", true },
		/* the same to the eye, composed and decomposed */
		{ "{\"\\u00e9\":1,\"e\\u0301\":2}", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		json_arena(&a);
		if ((parse(cases[i].text, strlen(cases[i].text)) != NULL) !=
		    cases[i].good)
			fail_msg("%s", cases[i].text);
	}
}

/* DEPTH times OPEN, a 1, DEPTH times CLOSE. */
static bool nests(const char *open, const char *close, int depth)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct buf b = buf_make(&a, 1 << 20);

	json_arena(&a);
	for (int i = 0; i < depth; i++)
		buf_text(&b, open);
	buf_text(&b, "1");
	for (int i = 0; i < depth; i++)
		buf_text(&b, close);
	return parse(buf_cstr(&b), b.n) != NULL;
}

static void more_than_32_levels_are_refused(void **state)
{
	(void)state;
	assert_true(nests("[", "]", 32));
	assert_false(nests("[", "]", 33));
	assert_true(nests("{\"a\":", "}", 32));
	assert_false(nests("{\"a\":", "}", 33));
	assert_false(nests("[", "", 32));
	assert_false(nests("[", "]", 100000));
	assert_false(nests("{\"a\":", "}", 20000));
	assert_true(nests("[[],", "]", 31));
}

static void a_number_keeps_its_spelling(void **state)
{
	static const char text[] = "[1,-0,9007199254740993,1e999,[0.10,[]],"
				   "{\"a\":12E+2,\"b\":\"7\",\"c\":-3}]";
	static const char *const wanted[] = { "1", "-0", "9007199254740993",
		"1e999" };
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);

	const cJSON *json = parse(text, sizeof(text) - 1);

	for (int i = 0; i < (int)COUNT(wanted); i++)
		assert_string_equal(
		    cJSON_GetArrayItem(json, i)->valuestring, wanted[i]);
	assert_string_equal(
	    cJSON_GetArrayItem(json, 4)->child->valuestring, "0.10");

	const cJSON *object = cJSON_GetArrayItem(json, 5);

	assert_string_equal(json_get(object, "a")->valuestring, "12E+2");
	assert_string_equal(json_get(object, "b")->valuestring, "7");
	assert_string_equal(json_get(object, "c")->valuestring, "-3");
}

static void integers_are_plain_or_digits_in_a_string(void **state)
{
	static const struct {
		const char *text;
		int64_t wanted; /* -99: refused */
	} cases[] = {
		{ "1", 1 },
		{ "\"1\"", 1 },
		{ "\"007\"", 7 },
		{ "-5", -5 },
		{ "9007199254740993", 9007199254740993 },
		{ "9223372036854775807", INT64_MAX },
		{ "\"9223372036854775807\"", INT64_MAX },
		{ "9223372036854775808", -99 },
		{ "\"-5\"", -99 },
		{ "-100", -99 },
		{ "1.0", -99 },
		{ "1e0", -99 },
		{ "1e999", -99 },
		{ "\"\"", -99 },
		{ "\" 1\"", -99 },
		{ "\"1 \"", -99 },
		{ "\"+1\"", -99 },
		{ "\"1.0\"", -99 },
		{ "\"one\"", -99 },
		{ "true", -99 },
		{ "null", -99 },
		{ "[]", -99 },
		{ "[1]", -99 },
		{ "{}", -99 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		int64_t out = -99;

		json_arena(&a);

		const cJSON *json = parse(cases[i].text, strlen(cases[i].text));
		bool good = json_int64(json, -10, INT64_MAX, &out);

		if (good != (cases[i].wanted != -99) || out != cases[i].wanted)
			fail_msg("%s", cases[i].text);
	}
}

static void a_member_is_found_by_its_exact_name(void **state)
{
	static const char text[] = "{\"Text\":\"no\",\"text\":\"yes\",\"n\":1}";
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);

	const cJSON *json = parse(text, sizeof(text) - 1);

	assert_string_equal(json_text(json, "text"), "yes");
	assert_null(json_get(json, "TEXT"));
	assert_null(json_text(json, "n"));
	assert_null(json_get(NULL, "text"));
	assert_null(json_get(json_array(), "text"));
}

static void what_is_written_reads_back_the_same(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	cJSON *json = NULL;

	(void)state;
	json_arena(&a);
	json = json_object();
	json_add_text(json, "t", "\"\\\x01\n\xE2\x80\xA8\xF0\x9F\x98\x80</");
	json_add_text(json, "null", NULL);
	json_add_int(json, "max", INT64_MAX);
	json_add_int(json, "min", INT64_MIN);
	json_add_bool(json, "yes", true);
	json_push(json_add(json, "list", json_array()), json_object());

	const char *text = json_print(json);

	assert_string_equal(text,
	    "{\"t\":\"\\\"\\\\\\u0001\\n\xE2\x80\xA8\xF0\x9F\x98\x80</\","
	    "\"null\":null,\"max\":9223372036854775807,"
	    "\"min\":-9223372036854775808,\"yes\":true,\"list\":[{}]}");

	const cJSON *again = parse(text, strlen(text));

	assert_string_equal(
	    json_text(again, "t"), "\"\\\x01\n\xE2\x80\xA8\xF0\x9F\x98\x80</");
	assert_string_equal(
	    json_get(again, "min")->valuestring, "-9223372036854775808");
}

/* Eight bytes are looked at in one step, and the last ones by themselves. */
static void what_needs_an_escape_is_found_wherever_it_stands(void **state)
{
	enum { LONGEST = 26 };
	static const char special[] = "\"\\\n";
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	for (size_t n = 1; n <= LONGEST; n++) {
		for (size_t i = 0; i < n * strlen(special); i++) {
			char text[LONGEST + 1] = "";
			const char *why = NULL;
			cJSON *json = json_object();

			memset(text, 'x', n);
			text[i / strlen(special)] =
			    special[i % strlen(special)];
			json_add_text(json, "t", text);

			const char *written = json_print(json);

			assert_int_equal(strlen(written), n + 9);
			json = json_parse(written, strlen(written), &why);
			assert_non_null(json);
			assert_string_equal(json_text(json, "t"), text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(numbers_that_json_does_not_know_are_refused),
		cmocka_unit_test(strings_that_are_broken_are_refused),
		cmocka_unit_test(escapes_and_text_of_all_planes_are_read),
		cmocka_unit_test(equal_names_are_refused_at_any_depth),
		cmocka_unit_test(more_than_32_levels_are_refused),
		cmocka_unit_test(a_number_keeps_its_spelling),
		cmocka_unit_test(integers_are_plain_or_digits_in_a_string),
		cmocka_unit_test(a_member_is_found_by_its_exact_name),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(
		    what_needs_an_escape_is_found_wherever_it_stands),
	};

	return RUN_TESTS(tests);
}
