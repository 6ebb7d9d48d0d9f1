/* test_overdue.c - which scheduled tweets an alert speaks of. */
#include "unit/test.h"

#include <stdio.h>

#include "base/clock.h"
#include "unit/fixture.h"
#include "watch/overdue.h"

enum { NOW = FIXTURE_NOW, DAY = 86400, MONTH = 30 * DAY };

/* Accounts 1 and 2 can be used; the others have a status, or tokens, with which
 * they cannot. */
static const char accounts[] =
    "INSERT INTO twitter_account(id, username, access_token, status,"
    " access_token_secret) VALUES (1, 'a', 'x', 'active', NULL),"
    " (2, 'b', 'x', NULL, ''), (3, 'failed', 'x', 'failed', NULL),"
    " (4, 'oauth1', 'x', 'active', 'secret')";

struct tweet {
	int account;
	const char *status;
	int64_t scheduled_ago; /* INT64_MIN: no time */
	const char *late, *code;
	bool draft;
	int64_t ended_ago; /* of an attempt; 0: none */
};

static void add_tweet(struct fixture *f, const struct tweet *t)
{
	char sql[512], scheduled[CLOCK_TEXT], ended[CLOCK_TEXT];
	bool timed = t->scheduled_ago != INT64_MIN;

	clock_sql(timed ? NOW - t->scheduled_ago : 0, scheduled);
	clock_sql(NOW - t->ended_ago, ended);
	snprintf(sql, sizeof(sql),
	    "INSERT INTO tweet(twitter_account_id, content, status,"
	    " scheduled_at, late, code, draft) VALUES (%d, 't', '%s', %s%s%s,"
	    " nullif('%s', ''), nullif('%s', ''), %d)",
	    t->account, t->status, timed ? "'" : "", timed ? scheduled : "NULL",
	    timed ? "'" : "", t->late ? t->late : "", t->code ? t->code : "",
	    t->draft);
	scratch_sql(&f->app.db, sql);
	if (!t->ended_ago)
		return;
	snprintf(sql, sizeof(sql),
	    "INSERT INTO attempt(tweet_id, sent_at, ended_at, outcome)"
	    " VALUES (last_insert_rowid(), '%s', '%s', 'refused')",
	    ended, ended);
	scratch_sql(&f->app.db, sql);
}

static void each_tweet_is_in_the_alert_that_it_belongs_to(void **state)
{
	enum { NONE = CONDITION__COUNT };
	static const struct {
		struct tweet tweet;
		int kind;
	} cases[] = {
		{ { 1, "pending", 60, NULL, NULL, false, 0 }, NONE },
		{ { 1, "pending", 60, "held", NULL, false, 0 },
		    CONDITION_MISSED },
		{ { 2, "pending", 60, "held", NULL, false, 0 },
		    CONDITION_MISSED },
		{ { 1, "pending", 60, "released", NULL, false, 0 }, NONE },
		{ { 1, "pending", 60, "held", NULL, true, 0 }, NONE },
		{ { 3, "pending", 0, NULL, NULL, false, 0 },
		    CONDITION_UNUSABLE },
		{ { 3, "pending", 60, "held", NULL, false, 0 },
		    CONDITION_UNUSABLE },
		{ { 4, "pending", 60, NULL, NULL, false, 0 },
		    CONDITION_UNUSABLE },
		{ { 3, "pending", -1, NULL, NULL, false, 0 }, NONE },
		{ { 3, "pending", INT64_MIN, NULL, NULL, false, 0 }, NONE },
		{ { 3, "pending", 60, NULL, NULL, true, 0 }, NONE },
		{ { 3, "posted", 60, NULL, NULL, false, 60 }, NONE },
		{ { 1, "failed", MONTH, NULL, "tweet_refused", false, 0 },
		    CONDITION_REJECTED },
		{ { 1, "failed", MONTH + 1, NULL, "tweet_refused", false, 0 },
		    NONE },
		{ { 1, "failed", 2 * MONTH, NULL, "tweet_refused", false,
		      MONTH },
		    CONDITION_REJECTED },
		{ { 1, "failed", 2 * MONTH, NULL, "tweet_refused", false,
		      MONTH + 1 },
		    NONE },
		{ { 1, "failed", INT64_MIN, NULL, "tweet_refused", false, 60 },
		    NONE },
		{ { 1, "failed", 60, NULL, NULL, false, 0 },
		    CONDITION_REJECTED },
		{ { 1, "failed", 60, NULL, "outcome_unknown", false, 0 },
		    CONDITION_UNCONFIRMED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct condition conditions[CONDITION__COUNT] = { 0 };

		fixture_open(&f, accounts);
		add_tweet(&f, &cases[i].tweet);
		assert_int_equal(overdue_check(&f.app, conditions), OK);
		for (int k = 0; k < CONDITION__COUNT; k++) {
			if ((conditions[k].words != NULL) !=
			    (k == cases[i].kind))
				fail_msg("case %zu, kind %d", i, k);
		}
	}
}

static void an_alert_says_how_many_it_is_about(void **state)
{
	static const struct tweet tweets[] = {
		{ 1, "pending", 60, "held", NULL, false, 0 },
		{ 2, "pending", 60, "held", NULL, false, 0 },
		{ 3, "pending", 60, NULL, NULL, false, 0 },
		{ 4, "pending", 60, NULL, NULL, false, 0 },
		{ 3, "pending", 60, NULL, NULL, false, 0 },
		{ 1, "failed", 60, NULL, "tweet_refused", false, 0 },
		{ 1, "failed", 60, NULL, "outcome_unknown", false, 0 },
		{ 1, "failed", 60, NULL, "outcome_unknown", false, 0 },
	};
	static const struct {
		int kind;
		const char *begins, *holds;
	} wanted[] = {
		{ CONDITION_MISSED, "2 scheduled tweets were", "" },
		{ CONDITION_UNUSABLE, "3 scheduled tweets ", "2 accounts" },
		{ CONDITION_REJECTED, "1 scheduled tweet was", "" },
		{ CONDITION_UNCONFIRMED, "", "2 scheduled tweets were" },
	};
	SCOPED(fixture) f;
	struct condition conditions[CONDITION__COUNT] = { 0 };

	(void)state;
	fixture_open(&f, accounts);
	for (size_t i = 0; i < COUNT(tweets); i++)
		add_tweet(&f, &tweets[i]);
	assert_int_equal(overdue_check(&f.app, conditions), OK);
	for (size_t i = 0; i < COUNT(wanted); i++) {
		const char *words = conditions[wanted[i].kind].words;

		assert_non_null(words);
		if (strncmp(words, wanted[i].begins,
			strlen(wanted[i].begins)) != 0 ||
		    !strstr(words, wanted[i].holds))
			fail_msg("%s", words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_tweet_is_in_the_alert_that_it_belongs_to),
		cmocka_unit_test(an_alert_says_how_many_it_is_about),
	};

	return RUN_TESTS(tests);
}
