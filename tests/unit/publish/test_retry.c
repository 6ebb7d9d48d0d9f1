/* test_retry.c - which tweets a person can retry, and which resolve. */
#include "unit/test.h"

#include "app/lease.h"
#include "publish/backoff.h"
#include "publish/resolve.h"
#include "publish/retry.h"
#include "unit/fixture.h"

static const char tweets[] =
    "INSERT INTO twitter_account(id, username, access_token)"
    " VALUES (1, 'a', 'x'), (2, 'b', 'x');"
    "INSERT INTO tweet(id, twitter_account_id, content, status, code,"
    " twitter_id) VALUES"
    " (1, 1, 't', 'failed', 'account_suspended', NULL),"
    " (2, 2, 't', 'failed', 'account_suspended', NULL),"
    " (4, 1, 't', 'failed', 'rate_limited', NULL),"
    " (8, 1, 't', 'failed', 'tweet_refused', NULL),"
    " (16, 1, 't', 'failed', 'outcome_unknown', NULL),"
    " (32, 1, 't', 'failed', NULL, NULL),"
    " (64, 1, 't', 'pending', 'rate_limited', NULL),"
    " (128, 1, 't', 'posted', NULL, '700'),"
    " (256, 1, 't', 'archived', NULL, NULL),"
    " (512, 1, 't', 'pending', NULL, NULL),"
    " (1024, 2, 't', 'pending', NULL, NULL);"
    "INSERT INTO attempt(tweet_id, sent_at, look_at)"
    " VALUES (512, '2026-03-01 12:00:00', '2026-03-01 12:00:05'),"
    " (1024, '2026-03-01 12:00:00', NULL)";

static void only_what_may_succeed_now_is_retried(void **state)
{
	static const struct {
		int64_t account;
		const char *code;
		int64_t retried, ids;
	} cases[] = {
		{ 0, NULL, 3, 1 + 2 + 4 },
		{ 1, NULL, 2, 1 + 4 },
		{ 0, "account_suspended", 2, 1 + 2 },
		{ 2, "account_suspended", 1, 2 },
		{ 0, "tweet_refused", 0, 0 },
		{ 0, "outcome_unknown", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		int64_t retried = 0;

		fixture_open(&f, tweets);
		assert_int_equal(retry_failed(&f.app, cases[i].account,
				     cases[i].code, &retried),
		    OK);
		assert_int_equal(retried, cases[i].retried);
		assert_int_equal(
		    fixture_number(&f,
			"SELECT coalesce(sum(id), 0) FROM tweet WHERE"
			" status = 'pending' AND code IS NULL AND id < 64"),
		    cases[i].ids);
	}
}

static void retrying_ends_what_a_person_can_end(void **state)
{
	SCOPED(fixture) f;
	enum err why = OK;
	int64_t n = 0;

	(void)state;
	fixture_open(&f, tweets);
	assert_int_equal(backoff_app(&f.app, ERR_CREDITS_DEPLETED, 60), OK);
	assert_int_equal(retry_failed(&f.app, 0, NULL, &n), OK);
	assert_int_equal(backoff_of_app(&f.app, &why, &n), OK);
	assert_int_equal(why, OK);
}

static void one_tweet_is_retried_or_it_is_said_why_not(void **state)
{
	static const struct {
		int64_t id;
		enum err err;
	} cases[] = {
		{ 1, OK },
		{ 4, OK },
		{ 8, ERR_FAILED_FOR_GOOD },
		{ 16, ERR_OUTCOME_UNKNOWN },
		{ 32, ERR_OUTCOME_UNKNOWN },
		{ 256, ERR_OUTCOME_UNKNOWN },
		{ 64, ERR_NOT_FAILED },
		{ 128, ERR_NOT_FAILED },
		{ 99, ERR_TWEET_NOT_FOUND },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, tweets);
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (retry_tweet(&f.app, cases[i].id) != cases[i].err)
			fail_msg("tweet %d", (int)cases[i].id);
	}
	assert_int_equal(
	    fixture_number(
		&f, "SELECT sum(id) FROM tweet WHERE status = 'pending'"),
	    1 + 4 + 64 + 512 + 1024);
}

static void only_a_doubt_is_resolved(void **state)
{
	static const struct {
		int64_t id;
		enum err err;
	} cases[] = {
		{ 16, OK },
		{ 32, OK },
		{ 256, OK },
		{ 512, OK },
		/* X was not asked about it yet */
		{ 1024, ERR_BEING_POSTED },
		{ 1, ERR_NOT_UNKNOWN },
		{ 8, ERR_NOT_UNKNOWN },
		{ 64, ERR_NOT_UNKNOWN },
		{ 128, ERR_ALREADY_POSTED },
		{ 99, ERR_TWEET_NOT_FOUND },
	};
	static const char *const answers[] = { NULL, "900" };

	(void)state;
	for (size_t i = 0; i < COUNT(cases) * 2; i++) {
		const char *id = answers[i % 2];
		int64_t tweet = cases[i / 2].id;
		SCOPED(fixture) f;

		fixture_open(&f, tweets);
		if (resolve_tweet(&f.app, tweet, id) != cases[i / 2].err)
			fail_msg("tweet %d", (int)tweet);
		if (cases[i / 2].err != OK)
			continue;
		assert_int_equal(
		    fixture_number(&f,
			arena_printf(&f.arena,
			    "SELECT status = '%s' AND twitter_id IS %s AND"
			    " posted_at IS %s AND code IS NULL FROM tweet"
			    " WHERE id = %d",
			    id ? "posted" : "pending", id ? "'900'" : "NULL",
			    id ? "'2026-03-01 12:00:00'" : "NULL", (int)tweet)),
		    1);
		assert_int_equal(
		    fixture_number(&f,
			"SELECT count(*) FROM attempt WHERE"
			" outcome = 'resolved' AND ended_at IS NOT NULL"),
		    tweet == 512);
	}
}

static void another_tweets_post_resolves_nothing(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, tweets);
	assert_int_equal(resolve_tweet(&f.app, 16, "700"), ERR_ALREADY_POSTED);
	assert_int_equal(
	    fixture_number(
		&f, "SELECT status = 'failed' FROM tweet WHERE id = 16"),
	    1);
}

static void nothing_is_resolved_while_a_process_works_for_the_account(
    void **state)
{
	SCOPED(fixture) f;
	bool taken = false;

	(void)state;
	fixture_open(&f, tweets);
	assert_int_equal(lease_open(&f.app), OK);
	assert_int_equal(lease_take(&f.app, 1, &taken), OK);
	assert_true(taken);
	assert_int_equal(resolve_tweet(&f.app, 512, NULL), ERR_BEING_POSTED);
	assert_int_equal(lease_release(&f.app, 1), OK);
	assert_int_equal(resolve_tweet(&f.app, 512, NULL), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_may_succeed_now_is_retried),
		cmocka_unit_test(retrying_ends_what_a_person_can_end),
		cmocka_unit_test(one_tweet_is_retried_or_it_is_said_why_not),
		cmocka_unit_test(only_a_doubt_is_resolved),
		cmocka_unit_test(another_tweets_post_resolves_nothing),
		cmocka_unit_test(
		    nothing_is_resolved_while_a_process_works_for_the_account),
	};

	return RUN_TESTS(tests);
}
