/* test_reconcile.c - when a tweet with a lost answer is looked for. */
#include "unit/test.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "publish/reconcile.h"
#include "unit/fixture.h"
#include "x/x_id.h"

enum { SENT = 1700000000, NOW = FIXTURE_NOW };

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
		    reconcile_next_check(SENT, cases[i].done, cases[i].now),
		    cases[i].next);
}

static void a_clock_put_back_adds_no_looks_and_drops_none(void **state)
{
	const int64_t now = SENT - 3600;

	(void)state;
	assert_int_equal(reconcile_next_check(SENT, 0, now), now + 10);
	assert_int_equal(reconcile_next_check(SENT, 1, now), now + 15);
	assert_int_equal(reconcile_next_check(SENT, 2, now), now + 90);
	assert_int_equal(reconcile_next_check(SENT, 3, now), 0);
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

/* Tweets 1 and 2 of account 1, with the same text, and 3 have no known end; 4
 * is another account's. 7 was posted. */
static const char unknown[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x'), (2, 'b', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content, status, twitter_id)"
    " VALUES (1, 1, 'same', 'pending', NULL),"
    " (2, 1, 'same', 'pending', NULL), (3, 1, 'other', 'pending', NULL),"
    " (4, 2, 'same', 'pending', NULL), (7, 1, 'same', 'posted', '700');"
    "INSERT INTO attempt(id, tweet_id, sent_at, look_at, since_id, looks)"
    " VALUES (1, 1, '2026-03-01 11:59:55', '2026-03-01 12:00:00', '500', 0),"
    " (2, 2, '2026-03-01 11:59:55', '2026-03-01 12:00:00', '400', 0),"
    " (3, 3, '2026-03-01 11:58:00', '2026-03-01 12:00:00', NULL, 3),"
    " (4, 4, '2026-03-01 11:00:00', '2026-03-01 12:00:00', '100', 0)";

static void unknown_tweets_are_looked_for_when_their_time_has_come(void **state)
{
	static const struct {
		const char *sql;
		bool due;
		const char *since;
	} cases[] = {
		{ "SELECT 1", true, NULL }, /* one begins at the start */
		{ "DELETE FROM attempt WHERE id = 3", true, "400" },
		{ "DELETE FROM attempt WHERE id = 3;"
		  "UPDATE attempt SET look_at = '2026-03-01 12:00:01'"
		  " WHERE id = 2",
		    true, "500" },
		{ "UPDATE attempt SET look_at = '2026-03-01 12:00:01'", false,
		    NULL },
		{ "UPDATE attempt SET look_at = '2026-03-01 12:02:00'", false,
		    NULL },
		/* the clock was put back */
		{ "DELETE FROM attempt WHERE id = 3;"
		  "UPDATE attempt SET look_at = '2026-03-01 12:02:01'",
		    true, "400" },
		{ "UPDATE attempt SET ended_at = sent_at", false, NULL },
		{ "UPDATE tweet SET status = 'failed'", false, NULL },
	};
	const struct lane lane = { .account.id = 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		const char *since = NULL;
		bool due = false;

		fixture_open(&f, unknown);
		fixture_sql(&f, "%s", cases[i].sql);
		assert_int_equal(
		    reconcile_due(&f.app, &lane, &due, &since), OK);
		if (due != cases[i].due || !since != !cases[i].since)
			fail_msg("case %zu", i);
		if (since)
			assert_string_equal(since, cases[i].since);
	}
}

/* Compares account 1 with posts of these ids and texts, newest first. */
static void compare(struct fixture *f, struct lane *lane,
    const char *const *posts, bool complete)
{
	struct x_post list[4] = { 0 };
	struct x_call call = { 0 };

	for (size_t i = 0; posts[2 * i]; i++) {
		list[i].id = posts[2 * i];
		list[i].text = list[i].raw = posts[2 * i + 1];
		if (i)
			list[i - 1].next = &list[i];
		else
			call.posts = list;
	}
	*lane = (struct lane){ .account.id = 1, .call = &call };
	assert_int_equal(reconcile_compare(&f->app, lane, complete), OK);
	lane->call = NULL;
}

static void the_oldest_post_is_the_oldest_attempts_and_none_is_twice(
    void **state)
{
	static const char *const posts[] = { "902", "same", "901", "same",
		"700", "same", NULL };
	SCOPED(fixture) f;
	struct lane lane;

	(void)state;
	fixture_open(&f, unknown);
	compare(&f, &lane, posts, false);
	assert_int_equal(lane.tally.settled, 2);
	assert_int_equal(fixture_number(&f,
			     "SELECT group_concat(id || '=' || twitter_id) ="
			     " '1=901,2=902' FROM tweet WHERE status = 'posted'"
			     " AND id < 7"),
	    1);
	assert_int_equal(
	    fixture_number(&f, "SELECT count(*) FROM attempt"
			       " WHERE outcome = 'found' AND tweet_id < 3"),
	    2);
	/* tweet 3 may be on a page to come */
	assert_int_equal(
	    fixture_number(&f, "SELECT looks FROM attempt WHERE id = 3"), 3);
}

static void a_tweet_that_is_absent_is_looked_for_again_or_given_up(void **state)
{
	static const char *const none[] = { NULL };
	SCOPED(fixture) f;
	struct lane lane;

	(void)state;
	fixture_open(&f, unknown);
	compare(&f, &lane, none, true);
	assert_int_equal(lane.tally.settled, 1);
	assert_int_equal(
	    fixture_number(&f,
		"SELECT count(*) FROM attempt WHERE looks = 1 AND"
		" look_at = '2026-03-01 12:00:10' AND ended_at IS NULL"),
	    2);
	assert_int_equal(
	    fixture_number(&f,
		"SELECT t.status = 'failed' AND t.code = 'outcome_unknown'"
		" AND p.outcome = 'unknown' FROM tweet t JOIN attempt p"
		" ON p.tweet_id = t.id WHERE t.id = 3"),
	    1);
	/* not before their time, unless the clock was put back */
	compare(&f, &lane, none, true);
	assert_int_equal(
	    fixture_number(&f, "SELECT max(looks) FROM attempt WHERE id < 3"),
	    1);
	clock_set(NOW - 86400);
	compare(&f, &lane, none, true);
	assert_int_equal(
	    fixture_number(&f, "SELECT min(looks) FROM attempt WHERE id < 3"),
	    2);
}

static void where_nothing_can_be_read_a_tweet_is_given_up_in_an_hour(
    void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, unknown);
	fixture_sql(&f, "UPDATE attempt SET sent_at = '2026-03-01 11:00:01'"
			" WHERE id = 1;"
			"UPDATE attempt SET sent_at = '2026-03-01 11:00:00'"
			" WHERE id = 2");
	assert_int_equal(reconcile_give_up(&f.app, 1), OK);
	assert_int_equal(
	    fixture_number(
		&f, "SELECT sum(id) FROM tweet WHERE status = 'failed'"),
	    2);
}

static void a_later_post_has_a_higher_id_than_what_is_known(void **state)
{
	const struct lane posted = { .account.id = 1 };
	const struct lane silent = { .account.id = 2 };
	SCOPED(fixture) f;
	const char *since = NULL;

	(void)state;
	fixture_open(&f, unknown);
	assert_int_equal(reconcile_since_id(&f.app, &posted, NOW, &since), OK);
	assert_string_equal(since, "700");
	assert_int_equal(reconcile_since_id(&f.app, &silent, NOW, &since), OK);
	assert_int_equal(x_id_time(since), NOW - 300);
	assert_int_equal(reconcile_since_id(&f.app, &silent, 0, &since), OK);
	assert_null(since);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_come_at_5_15_30_and_120_seconds),
		cmocka_unit_test(a_clock_put_back_adds_no_looks_and_drops_none),
		cmocka_unit_test(ids_carry_the_time_at_which_x_made_them),
		cmocka_unit_test(the_lowest_id_of_a_second_carries_that_second),
		cmocka_unit_test(
		    unknown_tweets_are_looked_for_when_their_time_has_come),
		cmocka_unit_test(
		    the_oldest_post_is_the_oldest_attempts_and_none_is_twice),
		cmocka_unit_test(
		    a_tweet_that_is_absent_is_looked_for_again_or_given_up),
		cmocka_unit_test(
		    where_nothing_can_be_read_a_tweet_is_given_up_in_an_hour),
		cmocka_unit_test(
		    a_later_post_has_a_higher_id_than_what_is_known),
	};

	return RUN_TESTS(tests);
}
