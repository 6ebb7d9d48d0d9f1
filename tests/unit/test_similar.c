/* test_similar.c - which texts are alike. */
#include "unit/test.h"

#include "app/similar.h"

enum { LIMIT = 1 << 22 };

static void texts_are_alike_but_for_case_blanks_and_spelling(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool alike;
	} cases[] = {
		{ "Hello World", "hello world", true },
		{ "hello world", "  hello \t\r\n world\n", true },
		{ "hello\nworld", "hello world", true },
		{ "helloworld", "hello world", false },
		{ "caf\u00e9", "cafe\u0301", true },
		{ "caf\u00e9", "cafe", false },
		{ "\u212b", "\u00c5", true },
		{ "hello", "hello!", false },
		{ "hello 1", "hello 2", false },
		{ "@[`{", "@[`{", true },
		{ "[", "{", false },
		{ "@", "`", false },
		{ "a", "", false },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool alike = strcmp(similar_hash(&a, cases[i].a),
				 similar_hash(&a, cases[i].b)) == 0;

		if (alike != cases[i].alike)
			fail_msg("%s / %s", cases[i].a, cases[i].b);
	}
}

static void the_longest_body_has_a_hash(void **state)
{
	enum { MOST = 65536 };
	SCOPED(arena) a = arena_make(LIMIT);
	char *text = arena_alloc(&a, MOST + 1);

	(void)state;
	/* each of these becomes three characters in normal form C */
	for (size_t i = 0; i + 3 <= MOST; i += 3)
		memcpy(text + i, "\u0958", 3);
	assert_int_equal(strlen(similar_hash(&a, text)), 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    texts_are_alike_but_for_case_blanks_and_spelling),
		cmocka_unit_test(the_longest_body_has_a_hash),
	};

	return RUN_TESTS(tests);
}
