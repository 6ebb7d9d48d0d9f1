/* test_buf.c - bytes that grow up to a ceiling. */
#include "unit/test.h"

#include <inttypes.h>
#include <sysexits.h>

#include "base/buf.h"
#include "unit/scratch.h"

static void an_empty_buffer_is_an_empty_text(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);
	struct buf b = buf_make(&a, 0);

	(void)state;
	assert_string_equal(buf_cstr(&b), "");
	assert_true(buf_text(&b, ""));
	assert_false(b.full);
}

static void what_is_added_stands_in_order(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);
	struct buf b = buf_make(&a, 1000);

	(void)state;
	assert_true(buf_text(&b, "a"));
	assert_true(buf_byte(&b, '-'));
	assert_true(buf_printf(&b, "%" PRId64, INT64_MIN));
	assert_true(buf_printf(&b, "%s%d", "|", 5));
	assert_true(buf_add(&b, "x\0y", 3));
	memcpy(buf_room(&b, 2), "()", 2);
	assert_int_equal(b.n, 29);
	assert_memory_equal(buf_cstr(&b), "a--9223372036854775808|5x\0y()", 30);
}

static void growing_keeps_what_was_there(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);
	struct buf b = buf_make(&a, 20000);

	(void)state;
	for (int i = 0; i < 20000; i++)
		assert_true(buf_byte(&b, (char)('a' + i % 26)));
	for (int i = 0; i < 20000; i++)
		assert_int_equal(buf_cstr(&b)[i], 'a' + i % 26);
	assert_int_equal(strlen(buf_cstr(&b)), 20000);
}

static void past_the_ceiling_nothing_more_is_taken(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);
	struct buf b = buf_make(&a, 4);

	(void)state;
	assert_true(buf_text(&b, "1234"));
	assert_false(b.full);
	assert_string_equal(buf_cstr(&b), "1234");
	assert_false(buf_byte(&b, '5'));
	assert_true(b.full);
	assert_int_equal(b.n, 4);

	struct buf c = buf_make(&a, 4);

	assert_false(buf_text(&c, "12345"));
	assert_null(buf_room(&c, 1));
	assert_false(buf_text(&c, "1")); /* it would fit, but order is kept */
	assert_int_equal(c.n, 0);
}

static void overfill(void *arg)
{
	struct arena a = arena_make(1 << 20);
	struct buf b = buf_make(&a, 2);

	(void)arg;
	buf_text(&b, "123");
	buf_cstr(&b);
}

static void a_full_buffer_is_no_text(void **state)
{
	(void)state;
	assert_int_equal(child_status(overfill, NULL), EX_SOFTWARE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_is_an_empty_text),
		cmocka_unit_test(what_is_added_stands_in_order),
		cmocka_unit_test(growing_keeps_what_was_there),
		cmocka_unit_test(past_the_ceiling_nothing_more_is_taken),
		cmocka_unit_test(a_full_buffer_is_no_text),
	};

	return RUN_TESTS(tests);
}
