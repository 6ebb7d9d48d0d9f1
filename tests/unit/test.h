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

/* Runs an array of struct CMUnitTest as the whole program. Each test gets its
 * own row: cmocka_unit_test(an_early_return_rolls_back). */
#define RUN_TESTS(tests) cmocka_run_group_tests((tests), NULL, NULL)

#endif
