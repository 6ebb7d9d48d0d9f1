/* test_lane.c - which states of a lane may follow each other. */
#include "unit/test.h"

#include <assert.h>

#include "publish/lane.h"
#include "unit/scratch.h"

static const struct {
	enum lane_state from, to;
} allowed[] = {
	{ LANE_FREE, LANE_WAITING },
	{ LANE_WAITING, LANE_IDLE },
	{ LANE_WAITING, LANE_FREE },
	{ LANE_IDLE, LANE_BEGUN },
	{ LANE_IDLE, LANE_DONE },
	{ LANE_BEGUN, LANE_CALLING },
	{ LANE_CALLING, LANE_CALLED },
	{ LANE_CALLED, LANE_IDLE },
	{ LANE_DONE, LANE_FREE },
};

static bool is_allowed(int from, int to)
{
	for (size_t i = 0; i < COUNT(allowed); i++) {
		if ((int)allowed[i].from == from && (int)allowed[i].to == to)
			return true;
	}
	return false;
}

struct move {
	enum lane_state from, to;
};

static void make(void *arg)
{
	const struct move *move = arg;
	struct lane lane = { .state = move->from };

	lane_set_state(&lane, move->to);
	assert(lane.state == move->to);
}

static void a_state_follows_only_those_that_it_may(void **state)
{
	(void)state;
	for (int from = 0; from < LANE__COUNT; from++) {
		for (int to = 0; to < LANE__COUNT; to++) {
			struct move move = { (enum lane_state)from,
				(enum lane_state)to };

			assert_int_equal(child_status(make, &move),
			    is_allowed(from, to) ? 0 : -1);
		}
	}
}

static void an_account_that_is_admitted_finds_a_clean_lane(void **state)
{
	struct lane lane = { .progress.refreshed = true,
		.tweet.id = 4,
		.end.err = ERR_X_TIMEOUT };

	(void)state;
	lane_admit(&lane, 7);
	assert_int_equal(lane.state, LANE_WAITING);
	assert_int_equal(lane.account.id, 7);
	assert_int_equal(lane.tweet.id, 0);
	assert_int_equal(lane.end.err, OK);
	assert_false(lane.progress.refreshed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_follows_only_those_that_it_may),
		cmocka_unit_test(
		    an_account_that_is_admitted_finds_a_clean_lane),
	};

	return RUN_TESTS(tests);
}
