/* test_http_date.c - times as HTTP writes them. */
#include "unit/test.h"

#include "base/clock.h"
#include "net/http_date.h"

/* 2026-03-01 00:00:00 */
static const int64_t now = 1772323200;

static const struct {
	const char *text;
	int64_t t;
} dates[] = {
	{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
	{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
	{ "Sun Nov  6 08:49:37 1994", 784111777 },
	{ "Sun Nov 16 08:49:37 1994", 784975777 },
	{ "Sun, 01 Mar 2026 00:00:00 GMT", 1772323200 },
	{ "Sunday, 01-Mar-26 00:00:00 GMT", 1772323200 },
	{ "Thu, 29 Feb 2024 23:59:59 GMT", 1709251199 },
	/* two digits: not more than fifty years ahead */
	{ "Sunday, 01-Mar-75 00:00:00 GMT", 3318624000 },
	{ "Saturday, 01-Mar-80 00:00:00 GMT", 320716800 },

	{ "Tue, 31 Feb 2026 00:00:00 GMT", 0 },
	{ "Sun, 06 Nob 1994 08:49:37 GMT", 0 },
	{ "Sun, 06 Nov 1994 25:49:37 GMT", 0 },
	{ "Sun, 06 Nov 1994 08:49:37 CET", 0 },
	{ "Sun, 06 Nov 1994 08:49:37", 0 },
	{ "Sun, 06 Nov 1994 08:49:37 GMT GMT", 0 },
	{ "Sun, 06 Nov 994 08:49:37 GMT", 0 },
	{ "Sun, 06 Nov 1994 8:49:37 GMT", 0 },
	{ "Sun 06 Nov 1994 08:49:37 GMT", 0 },
	{ "1994-11-06 08:49:37", 0 },
	{ "-----------------------------", 0 },
	{ "     ", 0 },
	{ "", 0 },
	{ NULL, 0 },
};

static void all_three_forms_are_read(void **state)
{
	(void)state;
	clock_set(now);
	for (size_t i = 0; i < COUNT(dates); i++) {
		if (http_date(dates[i].text) != dates[i].t)
			fail_msg("%s: %lld", dates[i].text,
			    (long long)http_date(dates[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_three_forms_are_read),
	};

	return RUN_TESTS(tests);
}
