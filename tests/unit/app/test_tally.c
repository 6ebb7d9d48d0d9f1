/* test_tally.c - how many tweets there are, of whom and of which status. */
#include "unit/test.h"

#include "app/tally.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24, GONE = 9 };

static int64_t count(struct app *app, int64_t account, const char *status)
{
	const struct tally_filter filter = { .status = status };
	struct tally t;

	assert_int_equal(tally_read(app, account, &t), OK);
	return tally_sum(&t, &filter);
}

static void every_tweet_is_counted_whoever_wrote_it(void **state)
{
	static const struct {
		int64_t account;
		const char *status;
		int64_t n;
	} cases[] = {
		{ 0, "pending", 2 },
		{ 0, "posted", 1 },
		/* with two of a status that nobody knows, and one of none */
		{ 0, "failed", 5 },
		{ 0, NULL, 8 },
		{ 1, "pending", 2 },
		{ 1, "posted", 0 },
		{ 1, "failed", 2 },
		{ 1, NULL, 4 },
		{ 2, "posted", 1 },
		{ 2, "failed", 2 },
		{ 2, NULL, 3 },
		/* an account that is gone may have rows, too */
		{ GONE, "pending", 0 },
		{ GONE, "failed", 1 },
		{ GONE, NULL, 1 },
	};
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	scratch_sql(&app.db,
	    "PRAGMA foreign_keys = OFF;"
	    "INSERT INTO twitter_account(id, username, access_token)"
	    " VALUES (1, 'a', 'x'), (2, 'b', 'x');"
	    "INSERT INTO tweet(twitter_account_id, content, status) VALUES"
	    " (1, 't', 'pending'), (1, 't', 'pending'), (1, 't', 'failed'),"
	    " (1, 't', 'archived'), (2, 't', 'posted'), (2, 't', 'zzz'),"
	    " (2, 't', NULL), (9, 't', 'failed')");
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t n = count(&app, cases[i].account, cases[i].status);

		if (n != cases[i].n)
			fail_msg("case %zu: %d", i, (int)n);
	}
}

static void counts_follow_a_tweet_from_status_to_status(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	scratch_sql(&app.db,
	    "INSERT INTO twitter_account(id, username, access_token)"
	    " VALUES (1, 'a', 'x'), (2, 'b', 'x');"
	    "INSERT INTO tweet(id, twitter_account_id, content)"
	    " VALUES (1, 1, 't'), (2, 1, 't')");
	scratch_sql(&app.db, "UPDATE tweet SET status = 'failed' WHERE id = 1");
	assert_int_equal(count(&app, 1, "pending"), 1);
	assert_int_equal(count(&app, 1, "failed"), 1);
	scratch_sql(
	    &app.db, "UPDATE tweet SET twitter_account_id = 2 WHERE id = 1");
	assert_int_equal(count(&app, 1, "failed"), 0);
	assert_int_equal(count(&app, 2, "failed"), 1);
	assert_int_equal(count(&app, 0, "failed"), 1);
	scratch_sql(&app.db, "DELETE FROM tweet WHERE id = 2");
	assert_int_equal(count(&app, 0, "pending"), 0);
	assert_int_equal(count(&app, 0, NULL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tweet_is_counted_whoever_wrote_it),
		cmocka_unit_test(counts_follow_a_tweet_from_status_to_status),
	};

	return RUN_TESTS(tests);
}
