/* test_success_rate.c - what counts as success, and in which windows. */
#include "unit/test.h"

#include <stdio.h>

#include "base/clock.h"
#include "unit/fixture.h"
#include "watch/success_rate.h"

enum { NOW = FIXTURE_NOW };

static const char rows[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x'), (2, 'b', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content)"
    " VALUES (1, 1, 'one'), (2, 2, 'two')";

static void attempt(
    struct fixture *f, int tweet, const char *outcome, int64_t ended_at)
{
	char sql[256], at[CLOCK_TEXT];

	clock_sql(ended_at, at);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO attempt(tweet_id, sent_at, ended_at, outcome)"
	    " VALUES (%d, '%s', '%s', '%s')",
	    tweet, at, at, outcome);
	scratch_sql(&f->app.db, sql);
}

/* Sums up the only account that has attempts. */
static struct success_row read_one(struct fixture *f)
{
	SCOPED(db_query) q = { 0 };
	struct success_row row = { 0 };
	bool more = false;

	assert_int_equal(success_rate_open(&q, &f->app.db, NOW), OK);
	assert_int_equal(db_step(&q, &more), OK);
	assert_int_equal(success_rate_next(&q, &more, &row), OK);
	assert_false(more);
	return row;
}

static void each_outcome_counts_as_what_it_is(void **state)
{
	static const struct {
		const char *outcome;
		enum success_kind kind; /* SUCCESS__COUNT: none */
	} cases[] = {
		{ "posted", SUCCESS_POSTED },
		{ "found", SUCCESS_POSTED },
		{ "refused", SUCCESS_FAILED },
		{ "unknown", SUCCESS_FAILED },
		{ "held_back", SUCCESS_PUT_OFF },
		{ "not_sent", SUCCESS_PUT_OFF },
		{ "unauthorized", SUCCESS_PUT_OFF },
		{ "resolved", SUCCESS__COUNT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct success_row row;

		fixture_open(&f, rows);
		attempt(&f, 1, cases[i].outcome, NOW - 1);
		row = read_one(&f);
		assert_int_equal(row.account, 1);
		for (int kind = 0; kind < SUCCESS__COUNT; kind++)
			assert_int_equal(
			    row.success.n[0][kind], kind == (int)cases[i].kind);
	}
}

static void an_hour_is_in_the_day_and_a_day_in_the_week(void **state)
{
	static const struct {
		int64_t ago, n[SUCCESS_WINDOWS];
	} cases[] = {
		{ 0, { 1, 1, 1 } },
		{ 3600, { 1, 1, 1 } },
		{ 3601, { 0, 1, 1 } },
		{ 86400, { 0, 1, 1 } },
		{ 86401, { 0, 0, 1 } },
		{ 604800, { 0, 0, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct success_row row;

		fixture_open(&f, rows);
		attempt(&f, 1, "posted", NOW - cases[i].ago);
		row = read_one(&f);
		for (int w = 0; w < SUCCESS_WINDOWS; w++)
			assert_int_equal(
			    row.success.n[w][SUCCESS_POSTED], cases[i].n[w]);
	}
}

static void accounts_are_summed_apart_and_older_ones_not_at_all(void **state)
{
	SCOPED(fixture) f;
	SCOPED(db_query) q = { 0 };
	struct success_row row = { 0 };
	bool more = false;

	(void)state;
	fixture_open(&f, rows);
	attempt(&f, 1, "posted", NOW - 10);
	attempt(&f, 1, "refused", NOW - 7200);
	attempt(&f, 1, "posted", NOW - 604801);
	attempt(&f, 2, "unknown", NOW - 20);
	assert_int_equal(success_rate_open(&q, &f.app.db, NOW), OK);
	assert_int_equal(db_step(&q, &more), OK);
	assert_int_equal(success_rate_next(&q, &more, &row), OK);
	assert_int_equal(row.account, 1);
	assert_int_equal(row.success.n[2][SUCCESS_POSTED], 1);
	assert_int_equal(row.success.n[0][SUCCESS_FAILED], 0);
	assert_int_equal(row.success.n[1][SUCCESS_FAILED], 1);
	assert_int_equal(success_rate_next(&q, &more, &row), OK);
	assert_int_equal(row.account, 2);
	assert_int_equal(row.success.n[0][SUCCESS_FAILED], 1);
	assert_int_equal(row.success.n[0][SUCCESS_POSTED], 0);
	assert_int_equal(success_rate_next(&q, &more, &row), OK);
	assert_int_equal(row.account, 0);
}

static void a_reply_is_valid_until_the_next_attempt_leaves_a_window(
    void **state)
{
	static const struct {
		int64_t ago, left; /* seconds */
	} cases[] = {
		{ 0, 3601 }, { 3600, 1 }, { 3601, 86400 - 3601 + 1 },
		{ 86401, 604800 - 86401 + 1 },
		{ 604801, -NOW }, /* valid for ever */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;

		fixture_open(&f, rows);
		f.app.opened_at = NOW;
		attempt(&f, 1, "posted", NOW - cases[i].ago);
		assert_int_equal(success_rate_valid_until(&f.app, NOW), OK);
		assert_int_equal(f.app.valid_until - NOW, cases[i].left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_outcome_counts_as_what_it_is),
		cmocka_unit_test(an_hour_is_in_the_day_and_a_day_in_the_week),
		cmocka_unit_test(
		    accounts_are_summed_apart_and_older_ones_not_at_all),
		cmocka_unit_test(
		    a_reply_is_valid_until_the_next_attempt_leaves_a_window),
	};

	return RUN_TESTS(tests);
}
