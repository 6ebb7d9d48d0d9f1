/* test_doubt.c - refusals in a row: how long an account rests, and which tweets
 * are taken back. */
#include "unit/test.h"

#include "publish/doubt.h"
#include "unit/fixture.h"

enum { HOUR = 3600, DAY = 86400 };

static void a_rest_doubles_from_an_hour_to_a_day(void **state)
{
	static const struct {
		int64_t refusals, seconds;
	} cases[] = {
		{ 0, HOUR },
		{ DOUBT_RESTING, HOUR },
		{ DOUBT_RESTING + 1, 2 * HOUR },
		{ DOUBT_RESTING + 2, 4 * HOUR },
		{ DOUBT_RESTING + 4, 16 * HOUR },
		{ DOUBT_RESTING + 5, DAY },
		{ DOUBT_RESTING + 6, DAY },
		{ INT64_MAX, DAY },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    doubt_seconds(cases[i].refusals), cases[i].seconds);
}

/* Tweets 1 to 3 were refused with no word after 9 was posted, and 4 before. X
 * gave a reason for 5, and 6 is another account's. */
static const char refused[] =
    "INSERT INTO twitter_account(id, username, access_token, failures)"
    " VALUES (1, 'a', 'x', 5), (2, 'b', 'x', 1);"
    "INSERT INTO tweet(id, twitter_account_id, content, status, code,"
    " posted_at) VALUES"
    " (1, 1, 't', 'failed', 'tweet_refused', NULL),"
    " (2, 1, 't', 'failed', 'tweet_refused', NULL),"
    " (3, 1, 't', 'failed', 'tweet_refused', NULL),"
    " (4, 1, 't', 'failed', 'tweet_refused', NULL),"
    " (5, 1, 't', 'failed', 'tweet_refused', NULL),"
    " (6, 2, 't', 'failed', 'tweet_refused', NULL),"
    " (9, 1, 't', 'posted', NULL, '2026-03-01 11:00:00');"
    "INSERT INTO attempt(id, tweet_id, sent_at, ended_at, outcome, reason)"
    " VALUES (4, 4, '', '2026-03-01 10:59:59', 'refused', 'Forbidden'),"
    " (9, 9, '', '2026-03-01 11:00:00', 'posted', NULL),"
    " (1, 1, '', '2026-03-01 11:00:00', 'refused', 'Forbidden'),"
    " (5, 5, '', '2026-03-01 11:01:00', 'refused', 'no cashtags'),"
    " (2, 2, '', '2026-03-01 11:02:00', 'refused', NULL),"
    " (3, 3, '', '2026-03-01 11:03:00', 'refused', ''),"
    " (6, 6, '', '2026-03-01 11:04:00', 'refused', 'Forbidden')";

static void a_row_is_taken_back_newest_first_since_the_last_post(void **state)
{
	static const struct {
		int64_t most, taken, ids; /* the sum of them */
	} cases[] = {
		{ 0, 0, 0 },
		{ 1, 1, 3 },
		{ 2, 2, 3 + 2 },
		{ 3, 3, 3 + 2 + 1 },
		{ 99, 3, 3 + 2 + 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct lane lane = { .account.id = 1 };

		fixture_open(&f, refused);
		assert_int_equal(
		    doubt_take_back(&f.app, &lane, cases[i].most, HOUR), OK);
		assert_int_equal(
		    fixture_number(&f,
			"SELECT coalesce(sum(id), 0) FROM tweet WHERE status"
			" = 'pending' AND code = 'account_held_back'"
			" AND retry_at = '2026-03-01 13:00:00'"),
		    cases[i].ids);
		assert_int_equal(
		    fixture_number(&f,
			"SELECT count(*) FROM attempt WHERE outcome"
			" = 'held_back' AND code = 'account_held_back'"),
		    cases[i].taken);
		assert_int_equal(
		    fixture_number(&f,
			"SELECT failures FROM twitter_account WHERE id = 1"),
		    5 - cases[i].taken);
	}
}

static void refusals_are_counted_in_the_lane_and_its_row(void **state)
{
	SCOPED(fixture) f;
	struct lane lane = { .account.id = 1 };

	(void)state;
	fixture_open(&f, refused);
	assert_int_equal(doubt_count(&f.app, &lane, 4), OK);
	assert_int_equal(lane.account.refusals, 4);
	assert_int_equal(
	    fixture_number(&f, "SELECT sum(refusals) FROM twitter_account"), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rest_doubles_from_an_hour_to_a_day),
		cmocka_unit_test(
		    a_row_is_taken_back_newest_first_since_the_last_post),
		cmocka_unit_test(refusals_are_counted_in_the_lane_and_its_row),
	};

	return RUN_TESTS(tests);
}
