/* test_tweet_state.c - a tweet's state, and whether the tweet may be sent. */
#include "unit/test.h"

#include "app/tweet_state.h"
#include "base/clock.h"
#include "unit/fixture.h"

#define BEFORE "'2026-03-01 11:59:59'"
#define NOW    "'2026-03-01 12:00:00'"
#define AFTER  "'2026-03-01 12:00:01'"

static const char one_tweet[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content) VALUES (1, 1, 't')";

#define ATTEMPT(columns, values)                             \
	";INSERT INTO attempt(tweet_id, sent_at" columns ")" \
	" VALUES (1, " NOW values ")"
#define LEASED(until) ";UPDATE twitter_account SET lease_until = " until

static const struct {
	const char *set; /* of the tweet, and what follows */
	const char *state;
} states[] = {
	{ "status = 'posted'", "posted" },
	{ "status = 'posted', draft = 1, late = 'held'", "posted" },
	{ "status = 'failed'", "failed" },
	{ "status = 'failed', code = 'tweet_refused'", "failed" },
	{ "status = 'failed', code = 'outcome_unknown'", "unconfirmed" },
	{ "status = 'archived'", "unconfirmed" },
	{ "status = NULL", "unconfirmed" },
	{ "draft = NULL" ATTEMPT("", "") LEASED(AFTER), "sending" },
	{ "draft = NULL" ATTEMPT("", "") LEASED(NOW), "unknown" },
	{ "draft = NULL" ATTEMPT("", "") LEASED("NULL"), "unknown" },
	{ "draft = NULL" ATTEMPT(", look_at", "," AFTER) LEASED(AFTER),
	    "unknown" },
	/* an attempt that has ended is history */
	{ "draft = NULL" ATTEMPT(", ended_at", "," NOW) LEASED(AFTER),
	    "pending" },
	{ "draft = 1, late = 'held', scheduled_at = " BEFORE, "draft" },
	{ "late = 'held', scheduled_at = " BEFORE, "held" },
	{ "late = 'held', retry_at = " AFTER, "held" },
	{ "late = 'released', scheduled_at = " BEFORE, "due" },
	{ "retry_at = " AFTER, "held_back" },
	{ "retry_at = " AFTER ", scheduled_at = " AFTER, "held_back" },
	{ "retry_at = " NOW, "pending" },
	{ "retry_at = " NOW ", scheduled_at = " BEFORE, "due" },
	{ "draft = NULL", "pending" },
	{ "draft = 0", "pending" },
	{ "scheduled_at = " AFTER, "scheduled" },
	{ "scheduled_at = " NOW, "due" },
};

static void a_tweet_is_in_the_first_state_that_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(states); i++) {
		SCOPED(fixture) f;
		SCOPED(db_query) q = { 0 };
		bool row = false;

		fixture_open(&f, one_tweet);
		fixture_sql(&f, "UPDATE tweet SET %s", states[i].set);
		assert_int_equal(
		    db_prepare(&q, &f.app.db,
			"SELECT " TWEET_STATE " FROM " TWEET_TABLES),
		    OK);
		db_bind_text(&q, 1, fixture_time(&f, 0));
		assert_int_equal(db_step(&q, &row), OK);
		assert_true(row);
		if (strcmp(db_peek(&q, 0), states[i].state) != 0)
			fail_msg("%s: %s", states[i].set, db_peek(&q, 0));
	}
}

static void every_state_is_met(void **state)
{
	(void)state;
	for (size_t k = 0; k < TWEET_STATE__COUNT; k++) {
		size_t i = 0;

		while (i < COUNT(states) &&
		       strcmp(states[i].state, tweet_states[k]) != 0)
			i++;
		if (i == COUNT(states))
			fail_msg("%s has no row in this test", tweet_states[k]);
	}
}

/* By a person, by a tick, or chosen by its id. */
struct may {
	bool person, tick, chosen;
};

static const struct {
	const char *set;
	struct may may;
} ready[] = {
	{ "draft = NULL", { true, false, true } },
	{ "draft = 1", { false, false, false } },
	{ "status = 'failed'", { false, false, false } },
	{ "status = 'posted'", { false, false, false } },
	{ "scheduled_at = " NOW, { true, true, true } },
	{ "scheduled_at = " AFTER, { false, false, true } },
	{ "retry_at = " NOW, { true, true, true } },
	{ "retry_at = " AFTER, { false, false, true } },
	{ "scheduled_at = " NOW ", retry_at = " AFTER, { false, false, true } },
	{ "scheduled_at = " NOW ", late = 'held'", { false, false, true } },
	{ "scheduled_at = " NOW ", late = 'released'", { true, true, true } },
	{ "draft = NULL" ATTEMPT("", ""), { false, false, false } },
	{ "draft = NULL" ATTEMPT(", ended_at", "," NOW),
	    { true, false, true } },
};

static bool is_ready(struct fixture *f, bool tick, const char *ids)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	assert_int_equal(db_prepare(&q, &f->app.db,
			     "SELECT count(*) FROM tweet t WHERE " TWEET_READY),
	    OK);
	db_bind_text(&q, 1, fixture_time(f, 0));
	db_bind_int(&q, 2, tick);
	db_bind_text(&q, 3, ids);
	assert_int_equal(db_step(&q, &row), OK);
	return db_int(&q, 0) == 1;
}

static void a_tweet_is_sent_by_those_who_may(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ready); i++) {
		SCOPED(fixture) f;
		const struct may *may = &ready[i].may;

		fixture_open(&f, one_tweet);
		fixture_sql(&f, "UPDATE tweet SET %s", ready[i].set);
		if (is_ready(&f, false, NULL) != may->person ||
		    is_ready(&f, true, NULL) != may->tick ||
		    is_ready(&f, false, "[7, 1]") != may->chosen ||
		    is_ready(&f, false, "[7]"))
			fail_msg("%s", ready[i].set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tweet_is_in_the_first_state_that_fits),
		cmocka_unit_test(every_state_is_met),
		cmocka_unit_test(a_tweet_is_sent_by_those_who_may),
	};

	return RUN_TESTS(tests);
}
