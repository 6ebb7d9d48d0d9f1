/* test_price.c - what X charges for a post. */
#include "unit/test.h"

#include "app/price.h"

enum { LIMIT = 1 << 22 };

static void a_text_with_a_link_costs_more(void **state)
{
	static const struct {
		const char *text;
		bool link;
	} cases[] = {
		{ "hello", false },
		{ "", false },
		{ "see https://example.com/x", true },
		{ "see HTTP://EXAMPLE.COM", true },
		{ "see example.com", true },
		{ "see example.com.", true },
		{ "(example.com)", true },
		{ "\u898b\u3066 example.jp", true },
		{ "end of one.Start of two", false },
		{ "version 1.2.3", false },
		{ "ask someone@example.com", false },
		{ "http://", false },
		{ "caf\u00e9.notatld", false },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	for (size_t i = 0; i < COUNT(cases); i++) {
		cJSON *price = price_json(&a, cases[i].text);
		bool link = cases[i].link;

		if (strcmp(json_text(price, "kind"),
			link ? "post_with_url" : "post") != 0)
			fail_msg("%s", cases[i].text);
		assert_string_equal(json_print(json_get(price, "usd")),
		    link ? "0.200" : "0.015");
		assert_int_equal(strlen(json_text(price, "as_of")), 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_with_a_link_costs_more),
	};

	return RUN_TESTS(tests);
}
