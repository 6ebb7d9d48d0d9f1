/* test_attempt.c - the words for how attempts end, and who closes which. */
#include "unit/test.h"

#include "app/attempt.h"
#include "base/clock.h"
#include "unit/fixture.h"

enum { NOW = FIXTURE_NOW };

static const char rows[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content)"
    " VALUES (1, 1, 'one'), (2, 1, 'two')";

static void each_outcome_is_found_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < ATTEMPT__COUNT; i++) {
		enum attempt_outcome outcome = (enum attempt_outcome)i;
		const char *name = attempt_outcome_name(outcome);

		assert_non_null(name);
		assert_int_equal(attempt_outcome_named(name), outcome);
	}
	assert_int_equal(attempt_outcome_named(NULL), ATTEMPT__COUNT);
	assert_int_equal(attempt_outcome_named(""), ATTEMPT__COUNT);
	assert_int_equal(attempt_outcome_named("Posted"), ATTEMPT__COUNT);
	assert_int_equal(attempt_outcome_named("sent"), ATTEMPT__COUNT);
}

static void a_tweet_has_one_open_attempt_at_a_time(void **state)
{
	SCOPED(fixture) f;
	struct x_call call = { .status = 201, .request_id = "r1" };
	int64_t id = 0, other = 0;

	(void)state;
	fixture_open(&f, rows);
	assert_int_equal(attempt_open(&f.app, 1, NULL, &id), OK);
	assert_int_not_equal(attempt_open(&f.app, 1, NULL, &other), OK);
	assert_int_equal(attempt_open(&f.app, 2, NULL, &other), OK);
	assert_int_equal(attempt_close(&f.app, id, ATTEMPT_POSTED, &call), OK);
	assert_int_equal(attempt_open(&f.app, 1, "7", &other), OK);
	assert_int_equal(
	    scratch_number(&f.app.db,
		"SELECT count(*) FROM attempt WHERE outcome = 'posted'"
		" AND http_status = 201 AND code IS NULL"
		" AND x_request_id = 'r1'"
		" AND ended_at = '2026-03-01 12:00:00'"),
	    1);
}

static void what_X_said_stays_while_the_attempt_does(void **state)
{
	SCOPED(fixture) f;
	struct x_call call = { .err = ERR_X_TIMEOUT, .reason = "why" };
	int64_t id = 0;

	(void)state;
	fixture_open(&f, rows);
	assert_int_equal(attempt_open(&f.app, 1, NULL, &id), OK);
	assert_int_equal(attempt_keep_open(&f.app, id, &call, NOW + 5), OK);
	assert_int_equal(
	    scratch_number(&f.app.db,
		"SELECT count(*) FROM attempt WHERE ended_at IS NULL"
		" AND outcome IS NULL AND http_status IS NULL"
		" AND code = 'x_timeout' AND reason = 'why'"
		" AND look_at = '2026-03-01 12:00:05'"),
	    1);
	assert_int_equal(attempt_conclude(&f.app, 1, ATTEMPT_FOUND, OK), OK);
	assert_int_equal(attempt_conclude(&f.app, 1, ATTEMPT_UNKNOWN, OK), OK);
	assert_int_equal(
	    scratch_number(&f.app.db,
		"SELECT count(*) FROM attempt WHERE outcome = 'found'"
		" AND code = 'x_timeout' AND reason = 'why'"),
	    1);
}

static void attempts_of_a_dead_process_are_looked_for(void **state)
{
	static const struct {
		int64_t sent_at;
		const char *look_at;
	} cases[] = {
		{ NOW - 60, "2026-03-01 11:59:05" },
		{ NOW, "2026-03-01 12:00:05" },
		/* the clock was put back */
		{ NOW + 3600, "2026-03-01 12:00:05" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		SCOPED(db_query) q = { 0 };
		int64_t id = 0;
		bool row = false;

		fixture_open(&f, rows);
		clock_set(cases[i].sent_at);
		assert_int_equal(attempt_open(&f.app, 1, NULL, &id), OK);
		clock_set(NOW);
		assert_int_equal(attempt_adopt(&f.app, 1, 5), OK);
		assert_int_equal(db_prepare(&q, &f.app.db,
				     "SELECT look_at FROM attempt"
				     " WHERE code = 'outcome_unknown'"),
		    OK);
		assert_int_equal(db_step(&q, &row), OK);
		assert_true(row);
		assert_string_equal(db_peek(&q, 0), cases[i].look_at);
	}
}

static void only_open_attempts_of_the_account_are_adopted(void **state)
{
	static const char *const kept[] = {
		"UPDATE attempt SET look_at = '2026-03-01 13:00:00'",
		"UPDATE attempt SET ended_at = sent_at",
		"UPDATE tweet SET status = 'failed'",
		"UPDATE tweet SET twitter_account_id = 2",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(kept); i++) {
		SCOPED(fixture) f;
		int64_t id = 0;

		fixture_open(&f, rows);
		scratch_sql(&f.app.db,
		    "INSERT INTO twitter_account(id, username, access_token)"
		    " VALUES (2, 'other', 'x')");
		assert_int_equal(attempt_open(&f.app, 1, NULL, &id), OK);
		scratch_sql(&f.app.db, kept[i]);
		assert_int_equal(attempt_adopt(&f.app, 1, 5), OK);
		if (scratch_number(&f.app.db,
			"SELECT count(*) FROM attempt WHERE code IS NOT NULL"))
			fail_msg("%s", kept[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_outcome_is_found_by_its_name),
		cmocka_unit_test(a_tweet_has_one_open_attempt_at_a_time),
		cmocka_unit_test(what_X_said_stays_while_the_attempt_does),
		cmocka_unit_test(attempts_of_a_dead_process_are_looked_for),
		cmocka_unit_test(only_open_attempts_of_the_account_are_adopted),
	};

	return RUN_TESTS(tests);
}
