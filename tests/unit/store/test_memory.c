/* test_memory.c - the memory that SQLite takes: whole, apart, and taken
 * again. */
#include "unit/test.h"

#include <limits.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store/memory.h"
#include "unit/scratch.h"

enum { MANY = 2000, LARGE = 1024 * 1024 };

static void *take(int n)
{
	void *p = memory_methods.xMalloc(n);

	assert_non_null(p);
	return p;
}

static void fill(void *p, int n, int with)
{
	memset(p, with, (size_t)n);
}

static void is_filled(const void *p, int n, int with)
{
	const unsigned char *bytes = p;

	for (int i = 0; i < n; i++) {
		if (bytes[i] != (unsigned char)with)
			fail_msg("byte %d of %d is another", i, n);
	}
}

/* Numbers that look random and are the same each time. */
static int next_of(uint32_t *seed, int below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (int)((*seed >> 8) % (uint32_t)below);
}

static void a_block_has_the_size_that_was_announced(void **state)
{
	(void)state;
	for (int n = 1; n < 20000; n++) {
		int whole = memory_methods.xRoundup(n);
		char *p = take(n);

		if (whole < n || whole > n + n / 16 + 16)
			fail_msg("%d bytes for %d", whole, n);
		assert_int_equal(memory_methods.xRoundup(whole), whole);
		assert_int_equal(memory_methods.xSize(p), whole);
		assert_int_equal((uintptr_t)p % 8, 0);
		fill(p, whole, n);
		memory_methods.xFree(p);
	}
	assert_true(memory_methods.xRoundup(INT_MAX - 255) >= INT_MAX - 255);
}

/* Any sizes, in any order, for long. */
static void blocks_keep_what_is_in_them(void **state)
{
	static const int most[] = { 40, 300, 1100, 9000, 40000 };
	static void *blocks[MANY];
	static int sizes[MANY];
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 20 * MANY; round++) {
		int i = next_of(&seed, MANY);
		int n = 1 + next_of(&seed, most[next_of(&seed, COUNT(most))]);

		if (blocks[i]) {
			is_filled(blocks[i], sizes[i], i);
			memory_methods.xFree(blocks[i]);
		}
		blocks[i] = take(n);
		sizes[i] = memory_methods.xSize(blocks[i]);
		fill(blocks[i], sizes[i], i);
	}
	for (int i = 0; i < MANY; i++) {
		if (!blocks[i])
			continue;
		is_filled(blocks[i], sizes[i], i);
		memory_methods.xFree(blocks[i]);
	}
}

static void a_resized_block_keeps_what_fits(void **state)
{
	static const int sizes[] = { 1, 8, 9, 16, 17, 1016, 1017, 1080, 1081,
		8184, 8185, 30000, LARGE };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		for (size_t j = 0; j < COUNT(sizes); j++) {
			void *before = take(sizes[i]);
			int whole = memory_methods.xSize(before);

			fill(before, sizes[i], 0x5A);

			void *p = memory_methods.xRealloc(before, sizes[j]);

			assert_non_null(p);
			assert_int_equal(memory_methods.xSize(p),
			    memory_methods.xRoundup(sizes[j]));
			if (whole == memory_methods.xSize(p))
				assert_ptr_equal(p, before);
			is_filled(p, i < j ? sizes[i] : sizes[j], 0x5A);
			fill(p, sizes[j], 0xA5);
			memory_methods.xFree(p);
		}
	}
}

static bool is_one_of(void *p, void *const *blocks, int count)
{
	for (int i = 0; i < count; i++) {
		if (blocks[i] == p)
			return true;
	}
	return false;
}

static void what_is_freed_is_taken_again(void **state)
{
	enum { SOME = 100 };
	static const int sizes[] = { 1, 24, 200, 1016, 1017, 4368, 8184 };

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++) {
		void *blocks[SOME];
		void *again[SOME];

		for (int i = 0; i < SOME; i++)
			blocks[i] = take(sizes[s]);
		for (int i = 0; i < SOME; i++)
			memory_methods.xFree(blocks[i]);
		for (int i = 0; i < SOME; i++) {
			again[i] = take(memory_methods.xRoundup(sizes[s]));
			assert_true(is_one_of(again[i], blocks, SOME));
			assert_false(is_one_of(again[i], again, i));
		}
		for (int i = 0; i < SOME; i++)
			memory_methods.xFree(again[i]);
	}
}

/* What the process has mapped, in MiB. */
static int64_t mapped(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &pages), 1);
	fclose(file);
	return (int64_t)pages * sysconf(_SC_PAGESIZE) / LARGE;
}

static void all_goes_back_when_sqlite_ends(void **state)
{
	enum { ROUNDS = 20, MIB = 64 };
	int64_t before = mapped();

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < MIB * 1024; i++)
			fill(take(1024), 1024, round);
		memory_methods.xShutdown(NULL);
	}
	/* sanitizers keep some for a while */
	assert_true(mapped() - before < 600);
}

static void a_large_block_goes_back_to_the_system(void **state)
{
	int64_t before = mapped();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		void *p = memory_methods.xRealloc(take(LARGE), 2 * LARGE);

		assert_non_null(p);
		memory_methods.xFree(p);
	}
	/* sanitizers keep some for a while */
	assert_true(mapped() - before < 600);
}

/* Exits with 0 if both kinds of blocks end in NULL, and what was there before
 * is whole. */
static void exhaust(void *unused)
{
	const struct rlimit little = { 4 * LARGE, 4 * LARGE };
	void *kept = take(100);
	int blocks = 0;

	(void)unused;
	fill(kept, 100, 7);
	if (setrlimit(RLIMIT_DATA, &little) != 0)
		_exit(1);
	if (memory_methods.xMalloc(8 * LARGE) ||
	    memory_methods.xRealloc(kept, 8 * LARGE))
		_exit(2);
	while (memory_methods.xMalloc(1000) && blocks < 8 * 1024)
		blocks++;
	if (blocks == 8 * 1024 || memory_methods.xRealloc(kept, 1000))
		_exit(3);
	is_filled(kept, 100, 7);
	_exit(0);
}

static void without_memory_there_is_null(void **state)
{
	(void)state;
	if (ARENA_CHUNK) /* sanitizers end the process instead */
		assert_int_equal(child_status(exhaust, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_has_the_size_that_was_announced),
		cmocka_unit_test(blocks_keep_what_is_in_them),
		cmocka_unit_test(a_resized_block_keeps_what_fits),
		cmocka_unit_test(what_is_freed_is_taken_again),
		cmocka_unit_test(a_large_block_goes_back_to_the_system),
		cmocka_unit_test(without_memory_there_is_null),
		cmocka_unit_test(all_goes_back_when_sqlite_ends),
	};

	return RUN_TESTS(tests);
}
