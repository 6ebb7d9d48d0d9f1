/* test_late.c - when a late tweet may follow another, and what is late. */
#include "unit/test.h"

#include "base/clock.h"
#include "publish/late.h"
#include "unit/fixture.h"

static void late_tweets_of_an_account_keep_their_distance(void **state)
{
	static const struct {
		const char *last;
		int64_t spread;
		bool may;
	} cases[] = {
		{ NULL, 60, true },
		{ "2026-03-01 12:00:00", 60, false },
		{ "2026-03-01 11:59:01", 60, false },
		{ "2026-03-01 11:59:00", 60, true },
		{ "2026-02-01 12:00:00", 60, true },
		{ "2026-03-01 12:00:00", 0, true },
		{ "2026-03-01 00:00:00", 86400, false },
		{ "2026-02-28 12:00:00", 86400, true },
		/* the clock was put back: nothing waits for years */
		{ "2027-03-01 12:00:00", 60, true },
		{ "never", 60, true },
		{ "", 60, true },
	};
	struct app app = { 0 };

	(void)state;
	clock_set(1772366400); /* 2026-03-01 12:00:00 */
	for (size_t i = 0; i < COUNT(cases); i++) {
		app.config.late_spread_seconds = cases[i].spread;
		if (late_may_go(&app, cases[i].last) != cases[i].may)
			fail_msg("case %zu", i);
	}
}

static void late_is_by_minutes_of_the_settings(void **state)
{
	static const struct {
		int64_t minutes;
		const char *before;
	} cases[] = {
		{ 1, "2026-03-01 11:59:00" },
		{ 60, "2026-03-01 11:00:00" },
		{ 1440, "2026-02-28 12:00:00" },
		{ 525600, "2025-03-01 12:00:00" },
	};
	struct app app = { 0 };

	(void)state;
	clock_set(1772366400);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char before[CLOCK_TEXT];

		app.config.late_limit_minutes = cases[i].minutes;
		late_before(&app, before);
		assert_string_equal(before, cases[i].before);
	}
}

/* Each is scheduled at 11:00:00 or 10:59:59, an hour before the clock. */
static const char tweets[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content, status, scheduled_at,"
    " late, draft) VALUES"
    " (1, 1, 't', 'pending', '2026-03-01 11:00:00', NULL, 0),"
    " (2, 1, 't', 'pending', '2026-03-01 10:59:59', NULL, 0),"
    " (4, 1, 't', 'pending', '2026-03-01 10:59:59', 'released', 0),"
    " (8, 1, 't', 'pending', '2026-03-01 10:59:59', NULL, 1),"
    " (16, 1, 't', 'failed', '2026-03-01 10:59:59', NULL, 0),"
    " (32, 1, 't', 'pending', NULL, NULL, NULL),"
    " (64, 1, 't', 'pending', '2026-03-01 10:59:59', NULL, NULL),"
    " (128, 1, 't', 'pending', '2026-03-01 10:59:59', 'held', NULL);"
    "INSERT INTO attempt(tweet_id, sent_at) VALUES (64, '')";

static void what_is_late_and_not_on_its_way_is_held(void **state)
{
	static const struct {
		bool post; /* LATE_POLICY */
		int64_t held, ids;
	} cases[] = { { false, 1, 2 + 128 }, { true, 0, 128 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		int64_t held = 9;

		fixture_open(&f, tweets);
		f.app.config.late_limit_minutes = 60;
		f.app.config.late_post = cases[i].post;
		assert_int_equal(late_hold(&f.app, &held), OK);
		assert_int_equal(held, cases[i].held);
		assert_int_equal(
		    fixture_number(
			&f, "SELECT sum(id) FROM tweet WHERE late = 'held'"),
		    cases[i].ids);
	}
}

static void only_a_tweet_that_is_held_can_be_released(void **state)
{
	static const struct {
		int64_t id;
		enum err err;
	} cases[] = {
		{ 128, OK },
		{ 128, ERR_NOT_HELD },
		{ 1, ERR_NOT_HELD },
		{ 4, ERR_NOT_HELD },
		{ 99, ERR_TWEET_NOT_FOUND },
	};
	SCOPED(fixture) f;
	int64_t held = 9;

	(void)state;
	fixture_open(&f, tweets);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    late_release(&f.app, cases[i].id), cases[i].err);
	assert_int_equal(late_hold(&f.app, &held), OK);
	assert_int_equal(
	    fixture_number(
		&f, "SELECT late = 'released' FROM tweet WHERE id = 128"),
	    1);
}

static void the_time_of_a_late_tweet_is_noted(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, tweets);
	assert_int_equal(late_mark_sent(&f.app, 1), OK);
	assert_int_equal(
	    fixture_number(&f,
		"SELECT late_at = '2026-03-01 12:00:00' FROM twitter_account"),
	    1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_tweets_of_an_account_keep_their_distance),
		cmocka_unit_test(late_is_by_minutes_of_the_settings),
		cmocka_unit_test(what_is_late_and_not_on_its_way_is_held),
		cmocka_unit_test(only_a_tweet_that_is_held_can_be_released),
		cmocka_unit_test(the_time_of_a_late_tweet_is_noted),
	};

	return RUN_TESTS(tests);
}
