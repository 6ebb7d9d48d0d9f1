/* test_settle.c - when a tweet with a lost answer is looked for. */
#include "unit/test.h"

#include <inttypes.h>
#include <stdio.h>

#include "publish/settle.h"
#include "x/x_id.h"

enum { SENT = 1700000000 };

static void looks_come_at_5_15_30_and_120_seconds(void **state)
{
	static const struct {
		int64_t done, now, next;
	} cases[] = {
		{ 0, SENT, SENT + 5 },
		{ 0, SENT + 4, SENT + 5 },
		{ 0, SENT + 5, SENT + 15 },
		{ 1, SENT + 15, SENT + 30 },
		{ 2, SENT + 30, SENT + 120 },
		{ 2, SENT + 119, SENT + 120 },
		{ 3, SENT + 120, 0 },
		/* a late run makes up for the looks it has missed */
		{ 0, SENT + 20, SENT + 30 },
		{ 0, SENT + 100, SENT + 120 },
		{ 0, SENT + 121, 0 },
		{ 0, SENT + 86400, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    settle_next_look(SENT, cases[i].done, cases[i].now),
		    cases[i].next);
}

static void a_clock_put_back_adds_no_looks_and_drops_none(void **state)
{
	const int64_t now = SENT - 3600;

	(void)state;
	assert_int_equal(settle_next_look(SENT, 0, now), now + 10);
	assert_int_equal(settle_next_look(SENT, 1, now), now + 15);
	assert_int_equal(settle_next_look(SENT, 2, now), now + 90);
	assert_int_equal(settle_next_look(SENT, 3, now), 0);
}

static void ids_carry_the_time_at_which_x_made_them(void **state)
{
	(void)state;
	assert_int_equal(x_id_time("1541815603606036480"), 1656432460);
	/* a post of 2019 is none that we have sent */
	assert_int_equal(x_id_time("1212092628029698048"), 0);
	assert_int_equal(x_id_time("20"), 0);
	assert_int_equal(x_id_time("mock_1"), 0);
	assert_int_equal(x_id_time(""), 0);
	assert_int_equal(x_id_time(NULL), 0);
	assert_int_equal(x_id_time("99999999999999999999"), 0);
}

static void the_lowest_id_of_a_second_carries_that_second(void **state)
{
	char text[32];

	(void)state;
	snprintf(text, sizeof(text), "%" PRId64, x_id_from(SENT));
	assert_int_equal(x_id_time(text), SENT);
	snprintf(text, sizeof(text), "%" PRId64, x_id_from(SENT) - 1);
	assert_int_equal(x_id_time(text), SENT - 1);
	assert_int_equal(x_id_from(0), 0);
	assert_int_equal(x_id_from(-300), 0);
	assert_int_equal(x_id_from(1288834974), 0);
	assert_int_equal(x_id_from(INT64_MAX / 1000), 0);
	assert_int_equal(x_id_from(INT64_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_come_at_5_15_30_and_120_seconds),
		cmocka_unit_test(a_clock_put_back_adds_no_looks_and_drops_none),
		cmocka_unit_test(ids_carry_the_time_at_which_x_made_them),
		cmocka_unit_test(the_lowest_id_of_a_second_carries_that_second),
	};

	return RUN_TESTS(tests);
}
