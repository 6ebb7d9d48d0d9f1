/* test_cursor.c - where a page of a list ended, as text and back. */
#include "unit/test.h"

#include "app/cursor.h"

enum { LIMIT = 1 << 20 };

static void a_cursor_is_read_back_in_its_own_order(void **state)
{
	static const struct {
		const char *sort;
		struct cursor cursor;
	} cases[] = {
		{ "-id", { 7, NULL } },
		{ "id", { INT64_MAX, NULL } },
		{ "posted_at", { 1, "2026-01-31 08:00:00" } },
		{ "-posted_at", { 2, "a.b.c=/+ \xC3\xA9" } },
		{ "status", { 3, "" } },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct cursor *wanted = &cases[i].cursor;
		const char *text = cursor_text(&a, cases[i].sort, wanted);

		for (size_t j = 0; j < COUNT(cases); j++) {
			struct cursor got;
			bool read = cursor_read(&a, text, cases[j].sort,
			    cases[j].cursor.value != NULL, &got);

			assert_int_equal(read, i == j);
			if (!read)
				continue;
			assert_int_equal(got.id, wanted->id);
			if (wanted->value)
				assert_string_equal(got.value, wanted->value);
			else
				assert_null(got.value);
		}
	}
}

static void what_is_no_cursor_is_refused(void **state)
{
	static const char *const texts[] = { "", ".", "x", "7", "posted_at",
		"posted_at.",
		"posted_at.0.YQ==", "posted_at.-1.YQ==", "posted_at.7",
		"posted_at.7.YQ",
		"posted_at.7.YQ==.YQ==", "posted_at.7.AA==" /* a NUL */,
		"posted_at.7x.YQ==", "posted_at.99999999999999999999.YQ==",
		"posted_at .7.YQ==" };
	SCOPED(arena) a = arena_make(LIMIT);
	struct cursor got;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (cursor_read(&a, texts[i], "posted_at", true, &got))
			fail_msg("taken: \"%s\"", texts[i]);
	}
	assert_false(cursor_read(&a, "id.7.YQ==", "id", false, &got));
	assert_false(cursor_read(&a, "-7", "-id", false, &got));
	assert_false(cursor_read(&a, "0", "-id", false, &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cursor_is_read_back_in_its_own_order),
		cmocka_unit_test(what_is_no_cursor_is_refused),
	};

	return RUN_TESTS(tests);
}
