/* test_condition.c - when the scheduler is late, and when something is wrong
 * with X, the clock, the disk or the database. */
#include "unit/test.h"

#include <inttypes.h>

#include "base/clock.h"
#include "store/kv.h"
#include "unit/fixture.h"
#include "watch/condition.h"
#include "x/x_id.h"

enum { NOW = FIXTURE_NOW, HOUR = 3600, DAY = 24 * HOUR };

static const char rows[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x'), (2, 'b', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content)"
    " VALUES (1, 1, 'one')";

static bool is_found(struct fixture *f, enum condition_kind kind)
{
	const struct fault run = { 0 };
	struct condition conditions[CONDITION__COUNT] = { 0 };

	assert_int_equal(condition_check(&f->app, &run, conditions), OK);
	return conditions[kind].words != NULL;
}

/* FMT with a time of the database in it. */
static void run_at(struct fixture *f, const char *fmt, int64_t at)
{
	char text[CLOCK_TEXT];
	const char *place = strstr(fmt, "%s");

	clock_sql(at, text);
	scratch_sql(&f->app.db, arena_printf(&f->arena, "%.*s%s%s",
				    (int)(place - fmt), fmt, text, place + 2));
}

static void the_scheduler_may_come_an_interval_late(void **state)
{
	static const struct {
		int64_t interval_minutes, budget_seconds, ago;
		bool late;
	} cases[] = {
		{ 15, 240, 0, false },
		{ 15, 240, 1800, false },
		{ 15, 240, 1801, true },
		{ 1, 30, 120, false },
		{ 1, 30, 121, true },
		/* a run that takes its whole budget is not late */
		{ 1, 240, 300, false },
		{ 1, 240, 301, true },
		{ 60, 240, 7200, false },
		{ 60, 240, 7201, true },
		/* the clock was put back */
		{ 1, 30, -86400, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(1 << 16);
		struct app app = { .arena = &a };
		const char *words = NULL;

		app.config.tick_interval_minutes = cases[i].interval_minutes;
		app.config.tick_budget_seconds = cases[i].budget_seconds;
		assert_int_equal(
		    condition_tick(&app, NOW - cases[i].ago, NOW, &words), OK);
		if ((words != NULL) != cases[i].late)
			fail_msg("case %zu", i);
		/* until then a reply that says so is valid */
		assert_int_equal(app.valid_until - (NOW - cases[i].ago),
		    1 + cases[i].interval_minutes * 60 +
			(cases[i].interval_minutes * 60 >
				    cases[i].budget_seconds
				? cases[i].interval_minutes * 60
				: cases[i].budget_seconds));
	}
}

static void without_a_run_the_scheduler_is_late_when_a_tweet_waits(void **state)
{
	static const struct {
		const char *set;
		int64_t ago; /* its time */
		bool late;
	} cases[] = {
		{ "scheduled_at = '%s'", 1800, false },
		{ "scheduled_at = '%s'", 1801, true },
		{ "scheduled_at = '%s', draft = 1", 1801, false },
		{ "scheduled_at = '%s', status = 'posted'", 1801, false },
		{ "scheduled_at = NULL, posted_at = '%s'", 1801, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		const char *words = NULL;

		fixture_open(&f, rows);
		f.app.config.tick_interval_minutes = 15;
		run_at(&f,
		    arena_printf(&f.arena, "UPDATE tweet SET %s", cases[i].set),
		    NOW - cases[i].ago);
		assert_int_equal(condition_tick(&f.app, 0, NOW, &words), OK);
		if ((words != NULL) != cases[i].late)
			fail_msg("case %zu", i);
	}
}

static void two_intervals_without_a_run_are_too_many(void **state)
{
	static const struct {
		int64_t ago;
		bool missing;
	} cases[] = { { 0, false }, { 1800, false }, { 1801, true } };
	SCOPED(fixture) f;
	bool missing = false;
	int64_t last = 0;

	(void)state;
	fixture_open(&f, rows);
	f.app.config.tick_interval_minutes = 15;
	assert_int_equal(condition_no_tick(&f.app, &missing), OK);
	assert_true(missing);
	for (size_t i = 0; i < COUNT(cases); i++) {
		scratch_sql(&f.app.db, "DELETE FROM kv");
		run_at(&f,
		    "INSERT INTO kv VALUES('last_tick', '{\"at\":\"%s\"}')",
		    NOW - cases[i].ago);
		assert_int_equal(condition_no_tick(&f.app, &missing), OK);
		assert_int_equal(missing, cases[i].missing);
		assert_int_equal(condition_last_tick(&f.app, &last, NULL), OK);
		assert_int_equal(last, NOW - cases[i].ago);
	}
}

static void a_hold_of_the_app_lasts_until_x_has_taken_a_post(void **state)
{
	static const struct {
		const char *code;
		int64_t until;
		const char *outcome; /* of an attempt that ended at UNTIL */
		int mock;
		bool found;
	} cases[] = {
		{ "credits_depleted", NOW + 60, "posted", 0, true },
		{ "credits_depleted", NOW, "refused", 0, true },
		{ "credits_depleted", NOW, "posted", 1, true },
		{ "credits_depleted", NOW, "posted", 0, false },
		{ "app_not_enrolled", NOW - DAY, "refused", 0, true },
		{ "app_not_enrolled", NOW - DAY, "posted", 0, false },
		{ "rate_limited", NOW + 60, "refused", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		char until[CLOCK_TEXT];

		fixture_open(&f, rows);
		clock_sql(cases[i].until, until);
		assert_int_equal(
		    kv_set(&f.app.db, "app_hold",
			arena_printf(&f.arena, "%s %s", cases[i].code, until)),
		    OK);
		scratch_sql(&f.app.db,
		    arena_printf(&f.arena,
			"UPDATE tweet SET mock = %d; INSERT INTO attempt("
			"tweet_id, sent_at, ended_at, outcome)"
			" VALUES (1, '%s', '%s', '%s')",
			cases[i].mock, until, until, cases[i].outcome));
		if (is_found(&f, CONDITION_CREDITS) != cases[i].found)
			fail_msg("case %zu", i);
	}
}

static void x_is_in_trouble_when_calls_fail_in_a_row_and_lately(void **state)
{
	static const struct {
		const char *code, *status;
		int count;
		int64_t until;
		bool found;
	} cases[] = {
		{ "x_unavailable", "active", 3, NOW + 60, true },
		{ "x_timeout", "active", 4, NOW - 2 * HOUR + 1, true },
		{ "x_unreadable", "active", 3, NOW - 2 * HOUR, false },
		{ "app_refused", "active", 3, NOW, true },
		{ "x_unavailable", "active", 2, NOW + 60, false },
		{ "x_unavailable", "failed", 3, NOW + 60, false },
		{ "rate_limited", "active", 3, NOW + 60, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;

		fixture_open(&f, rows);
		f.app.config.alert_after = 3;
		run_at(&f,
		    arena_printf(&f.arena,
			"UPDATE twitter_account SET hold_code = '%s',"
			" status = '%s', hold_count = %d, hold_until = '%%s'"
			" WHERE id = 1",
			cases[i].code, cases[i].status, cases[i].count),
		    cases[i].until);
		if (is_found(&f, CONDITION_X) != cases[i].found)
			fail_msg("case %zu", i);
	}
}

static void a_clock_may_differ_from_xs_by_five_minutes(void **state)
{
	static const struct {
		int64_t ahead; /* of X's */
		const char *outcome;
		bool found;
	} cases[] = {
		{ 0, "posted", false },
		{ 300, "posted", false },
		{ 301, "posted", true },
		{ -300, "posted", false },
		{ -301, "posted", true },
		{ 301, "found", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;

		fixture_open(&f, rows);
		scratch_sql(&f.app.db, arena_printf(&f.arena,
					   "UPDATE tweet SET status = 'posted',"
					   " twitter_id = '%" PRId64 "'",
					   x_id_from(NOW - cases[i].ahead)));
		run_at(&f,
		    arena_printf(&f.arena,
			"INSERT INTO attempt(tweet_id, sent_at, ended_at,"
			" outcome) VALUES (1, '', '%%s', '%s')",
			cases[i].outcome),
		    NOW);
		if (is_found(&f, CONDITION_CLOCK) != cases[i].found)
			fail_msg("case %zu", i);
	}
}

static void a_disk_is_low_under_64_mib_or_2_percent_up_to_a_gib(void **state)
{
	static const uint64_t mib = 1024 * 1024, gib = 1024 * 1024 * 1024;
	const struct {
		uint64_t left, total;
		bool low;
	} cases[] = {
		{ 64 * mib, 64 * mib, false },
		{ 64 * mib - 1, 64 * mib, true },
		{ 200 * mib, 10 * gib, true },
		{ 205 * mib, 10 * gib, false },
		{ gib - 1, 1000 * gib, true },
		{ gib, 1000 * gib, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (condition_disk_low(cases[i].left, cases[i].total) !=
		    cases[i].low)
			fail_msg("case %zu", i);
	}
}

static void the_database_is_read_through_once_a_day(void **state)
{
	static const struct {
		int64_t checked;
		bool again;
	} cases[] = {
		{ NOW, false },
		{ NOW - DAY + 1, false },
		{ NOW - DAY, true },
		/* the clock was put back */
		{ NOW + 1, true },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, rows);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *kept = NULL;
		char before[CLOCK_TEXT], now[CLOCK_TEXT];

		clock_sql(cases[i].checked, before);
		clock_sql(NOW, now);
		assert_int_equal(
		    kv_set(&f.app.db, "database_checked", before), OK);
		assert_false(is_found(&f, CONDITION_DATABASE));
		assert_int_equal(
		    kv_find(&f.app.db, "database_checked", &kept), OK);
		assert_string_equal(kept, cases[i].again ? now : before);
	}
}

static void how_a_run_ended_is_a_condition_of_its_kind(void **state)
{
	static const struct {
		enum err err;
		enum condition_kind kind;
	} cases[] = {
		{ ERR_DISK_FULL, CONDITION_DISK },
		{ ERR_DATABASE, CONDITION_DATABASE },
		{ ERR_DATABASE_BUSY, CONDITION_DATABASE },
		{ ERR_X_TIMEOUT, CONDITION__COUNT },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, rows);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault run = { 0 };
		struct condition conditions[CONDITION__COUNT] = { 0 };

		FAULT(&run, cases[i].err, "it ended so");
		assert_int_equal(condition_check(&f.app, &run, conditions), OK);
		for (int k = 0; k < CONDITION__COUNT; k++)
			assert_int_equal(conditions[k].words != NULL,
			    k == (int)cases[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_scheduler_may_come_an_interval_late),
		cmocka_unit_test(
		    without_a_run_the_scheduler_is_late_when_a_tweet_waits),
		cmocka_unit_test(two_intervals_without_a_run_are_too_many),
		cmocka_unit_test(
		    a_hold_of_the_app_lasts_until_x_has_taken_a_post),
		cmocka_unit_test(
		    x_is_in_trouble_when_calls_fail_in_a_row_and_lately),
		cmocka_unit_test(a_clock_may_differ_from_xs_by_five_minutes),
		cmocka_unit_test(
		    a_disk_is_low_under_64_mib_or_2_percent_up_to_a_gib),
		cmocka_unit_test(the_database_is_read_through_once_a_day),
		cmocka_unit_test(how_a_run_ended_is_a_condition_of_its_kind),
	};

	return RUN_TESTS(tests);
}
