/* test_arena.c - memory that is zeroed, aligned, limited and freed at once. */
#include "unit/test.h"

#include <sysexits.h>

#include "base/arena.h"
#include "unit/scratch.h"

static void every_piece_is_zeroed_and_aligned(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);

	(void)state;
	for (size_t size = 0; size < 300; size++) {
		unsigned char *p = arena_alloc(&a, size);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++) {
			assert_int_equal(p[i], 0);
			p[i] = 0xAA;
		}
	}
}

static void pieces_do_not_overlap(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);
	unsigned char *pieces[64];

	(void)state;
	for (unsigned i = 0; i < COUNT(pieces); i++) {
		pieces[i] = arena_alloc(&a, i * 37);
		memset(pieces[i], (int)i, i * 37);
	}
	for (unsigned i = 0; i < COUNT(pieces); i++) {
		for (unsigned k = 0; k < i * 37; k++)
			assert_int_equal(pieces[i][k], i);
	}
}

static void a_piece_larger_than_a_chunk_is_whole(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);
	char *small = arena_text(&a, "small");
	char *large = arena_alloc(&a, 500000);

	(void)state;
	memset(large, 'x', 500000);
	assert_string_equal(small, "small");
	assert_string_equal(arena_text(&a, "after"), "after");
}

static void copies_end_with_nul(void **state)
{
	SCOPED(arena) a = arena_make(1 << 20);

	(void)state;
	assert_string_equal(arena_copy(&a, "hello", 4), "hell");
	assert_string_equal(arena_copy(&a, NULL, 0), "");
	assert_null(arena_text(&a, NULL));
	assert_string_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
	assert_int_equal(strlen(arena_printf(&a, "%5000d", 1)), 5000);
}

static void the_limit_counts_what_is_handed_out(void **state)
{
	SCOPED(arena) a = arena_make(1000);

	(void)state;
	assert_non_null(arena_alloc(&a, 600));
	assert_non_null(arena_alloc(&a, 400));
	assert_int_equal(a.used, 1000);
	arena_end(&a);
	assert_non_null(arena_alloc(&a, 1000));
}

static void the_last_piece_may_grow_where_it_is(void **state)
{
	SCOPED(arena) a = arena_make(1000);
	char *first = arena_alloc(&a, 10);
	char *last = arena_alloc(&a, 10);

	(void)state;
	memset(first, 'a', 10);
	memset(last, 'b', 10);
	assert_false(arena_extend(&a, first, 10, 20));
	if (arena_extend(&a, last, 10, 100)) { /* never in debug builds */
		assert_int_equal(a.used, 110);
		for (size_t i = 0; i < 100; i++)
			assert_int_equal(last[i], i < 10 ? 'b' : 0);
		assert_false(arena_extend(&a, last, 100, 991)); /* the limit */
		assert_int_equal(a.used, 110);
		memset(last, 'b', 100);
	}

	char *next = arena_alloc(&a, 10);

	memset(next, 'c', 10);
	assert_int_equal(first[9], 'a');
	assert_int_equal(last[9], 'b');
}

static void take(void *size)
{
	struct arena a = arena_make(1000);

	arena_alloc(&a, 500);
	arena_alloc(&a, *(const size_t *)size);
	arena_end(&a);
}

static void a_full_array_grows_with_what_is_in_it(void **state)
{
	enum { FULL = 5 };
	SCOPED(arena) a = arena_make(1 << 20);
	int64_t *list = arena_array(&a, FULL, sizeof(*list));

	(void)state;
	for (int i = 0; i < FULL; i++)
		list[i] = i + 1;
	list = arena_grow(&a, list, FULL, sizeof(*list));
	for (int i = 0; i < 2 * FULL; i++)
		assert_int_equal(list[i], i < FULL ? i + 1 : 0);
}

static void one_byte_past_the_limit_ends_the_process(void **state)
{
	size_t fits = 500;
	size_t too_many = 501;
	size_t wraps = SIZE_MAX;

	(void)state;
	assert_int_equal(child_status(take, &fits), 0);
	assert_int_equal(child_status(take, &too_many), EX_SOFTWARE);
	assert_int_equal(child_status(take, &wraps), EX_SOFTWARE);
}

static void take_product(void *arg)
{
	struct arena a = arena_make(SIZE_MAX);

	(void)arg;
	arena_array(&a, SIZE_MAX / 4, 8);
}

static void a_product_that_wraps_ends_the_process(void **state)
{
	(void)state;
	assert_int_equal(child_status(take_product, NULL), EX_SOFTWARE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_piece_is_zeroed_and_aligned),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(a_piece_larger_than_a_chunk_is_whole),
		cmocka_unit_test(copies_end_with_nul),
		cmocka_unit_test(the_limit_counts_what_is_handed_out),
		cmocka_unit_test(the_last_piece_may_grow_where_it_is),
		cmocka_unit_test(a_full_array_grows_with_what_is_in_it),
		cmocka_unit_test(one_byte_past_the_limit_ends_the_process),
		cmocka_unit_test(a_product_that_wraps_ends_the_process),
	};

	return RUN_TESTS(tests);
}
