/* test_random.c - bytes nobody can guess: all there is to check is that they
 * are there, differ and keep their bounds. */
#include "unit/test.h"

#include <sys/syscall.h>

#include "base/random.h"
#include "unit/old_system.h"

static void tokens_differ_and_fit_a_url(void **state)
{
	SCOPED(arena) a = arena_make(1 << 24);
	const char *tokens[200];

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++) {
		tokens[i] = random_token(&a, 32);
		assert_int_equal(strlen(tokens[i]), 43);
		assert_int_equal(strspn(tokens[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						   "abcdefghijklmnopqrstuvwxyz"
						   "0123456789-_"),
		    43);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(tokens[i], tokens[k]);
	}
	assert_int_equal(strlen(random_token(&a, 12)), 16);
}

/* How many places of a buffer stay zero however often it is filled. */
static int fill(void)
{
	unsigned char bytes[256];
	bool seen[256] = { false };
	int missing = 0;

	for (int round = 0; round < 32; round++) {
		memset(bytes, 0, sizeof(bytes));
		random_bytes(bytes, sizeof(bytes));
		for (size_t i = 0; i < sizeof(bytes); i++)
			seen[i] = seen[i] || bytes[i];
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		missing += !seen[i];
	return missing;
}

static void every_byte_of_a_buffer_is_filled(void **state)
{
	(void)state;
	assert_int_equal(fill(), 0);
}

static void numbers_keep_below_their_bound_and_reach_all(void **state)
{
	int seen[7] = { 0 };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		uint64_t value = random_below(COUNT(seen));

		assert_true(value < COUNT(seen));
		seen[value]++;
		assert_int_equal(random_below(1), 0);
		assert_true(random_below(UINT64_MAX) < UINT64_MAX);
	}
	for (size_t i = 0; i < COUNT(seen); i++)
		assert_in_range(seen[i], 150, 450);
}

static void a_system_without_the_call_has_random_bytes_too(void **state)
{
	(void)state;
	assert_int_equal(old_system_run(SYS_getrandom, fill), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_differ_and_fit_a_url),
		cmocka_unit_test(every_byte_of_a_buffer_is_filled),
		cmocka_unit_test(
		    a_system_without_the_call_has_random_bytes_too),
		cmocka_unit_test(numbers_keep_below_their_bound_and_reach_all),
	};

	return RUN_TESTS(tests);
}
