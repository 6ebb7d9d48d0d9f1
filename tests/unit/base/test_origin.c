/* test_origin.c - lists of origins. */
#include "unit/test.h"

#include "base/arena.h"
#include "base/origin.h"

enum { LIMIT = 1 << 20 };

static void a_list_is_read_in_order_without_blanks(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	const char **list = origin_list(
	    &a, " https://a.example ,http://localhost:3000\t,app://x");

	(void)state;
	assert_non_null(list);
	assert_string_equal(list[0], "https://a.example");
	assert_string_equal(list[1], "http://localhost:3000");
	assert_string_equal(list[2], "app://x");
	assert_null(list[3]);
}

static void what_no_browser_sends_is_refused(void **state)
{
	static const char *const cases[] = { "", " ", ",", "*", "null", "https",
		"https:", "https:/", "https://", "://a", "//a", "1https://a",
		"a.example", "https://a/", "https://a/x", "https://a?x",
		"https://a#x", "https://A", "Https://a", "https://a,",
		",https://a", "https://a https://b", "https://*.a",
		"https://u@a", "https://a:", "https://a:0", "https://a:00",
		"https://a:0443", "https://a:65536", "https://a:443",
		"http://a:80", "https://a:8443x", "https://[::1", "https://[]",
		"https://[::1]x", "https://[::G]", "https://\xC3\xA4.example",
		"https://a\"", "https://a;b" };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		if (origin_list(&a, cases[i]))
			fail_msg("accepted: %s", cases[i]);
	}
}

static void every_form_of_a_browser_is_taken(void **state)
{
	static const char *const cases[] = { "https://a.example",
		"http://127.0.0.1", "http://127.0.0.1:443", "https://a:80",
		"https://a:65535", "http://[::1]:3000", "https://[2001:db8::1]",
		"chrome-extension://abcdef", "https://xn--bcher-kva.example",
		"https://a_b.example" };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		const char **list = origin_list(&a, cases[i]);

		assert_non_null(list);
		assert_string_equal(list[0], cases[i]);
	}
}

static void an_origin_has_a_longest_length(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	char *text = arena_alloc(&a, ORIGIN_MAX + 2);

	(void)state;
	memset(text, 'a', ORIGIN_MAX + 1);
	memcpy(text, "https://", 8);
	assert_null(origin_list(&a, text));
	text[ORIGIN_MAX] = '\0';
	assert_non_null(origin_list(&a, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_read_in_order_without_blanks),
		cmocka_unit_test(what_no_browser_sends_is_refused),
		cmocka_unit_test(every_form_of_a_browser_is_taken),
		cmocka_unit_test(an_origin_has_a_longest_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
