/* test.h - cmocka, which wants four headers before it, for every unit test. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include <stdbool.h>
#include <string.h>

#include "base/attr.h"

/* app.h has a fail of its own, so cmocka's goes by its longer name alone. */
#undef fail
#undef fail_msg
#define fail_msg(...)                               \
	do {                                        \
		print_error("ERROR: " __VA_ARGS__); \
		print_error("\n");                  \
		_fail(__FILE__, __LINE__);          \
	} while (0)

/* Runs an array of struct CMUnitTest as the whole program. Each test gets its
 * own row: cmocka_unit_test(an_early_return_rolls_back). */
#define RUN_TESTS(tests) cmocka_run_group_tests((tests), NULL, NULL)

#endif
