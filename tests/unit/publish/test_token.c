/* test_token.c - when a token is renewed, and what X's answer to that does. */
#include "unit/test.h"

#include "app/lease.h"
#include "base/clock.h"
#include "publish/token.h"
#include "unit/fixture.h"
#include "x/x_verdict.h"

enum { NOW = FIXTURE_NOW };

static void a_token_is_renewed_five_minutes_before_its_end(void **state)
{
	static const struct {
		int64_t expires_at;
		const char *refresh;
		bool must, stale;
	} cases[] = {
		{ NOW + 300, "r", false, false },
		{ NOW + 299, "r", false, true },
		{ NOW - 1, "r", false, true },
		{ 0, "r", false, false }, /* its end is not known */
		{ NOW - 1, NULL, false, false },
		{ NOW + 7200, "r", true, true },
		{ NOW + 7200, NULL, true, true },
	};

	(void)state;
	clock_set(NOW);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct lane lane = {
			.account = { .expires_at = cases[i].expires_at,
			    .refresh_token = cases[i].refresh },
			.progress.must_refresh = cases[i].must,
		};

		if (token_stale(&lane) != cases[i].stale)
			fail_msg("case %zu", i);
	}
}

static const char *seal(struct fixture *f, const char *text)
{
	return keyring_encrypt(&f->app.keyring, &f->arena, text);
}

/* A lane of account 1, whose tokens are "access" and "refresh". */
static void lane_open(struct fixture *f, struct lane *lane, struct x_call *call)
{
	bool taken = false;

	fixture_open(f,
	    "INSERT INTO twitter_account(id, username, access_token)"
	    " VALUES (1, 'a', ''), (2, 'b', '')");
	*lane = (struct lane){ .state = LANE_IDLE, .call = call };
	lane->account.id = 1;
	lane->account.expires_at = NOW + 60;
	assert_int_equal(token_decrypt(&f->app, &lane->account,
			     seal(f, "access"), seal(f, "refresh")),
	    OK);
	fixture_sql(f,
	    "UPDATE twitter_account SET refresh_token = '%s' WHERE id = 1",
	    lane->account.encrypted_refresh_token);
	assert_int_equal(lease_open(&f->app), OK);
	assert_int_equal(lease_take(&f->app, 1, &taken), OK);
}

/* The account's tokens as they are stored, opened. */
static void stored(struct fixture *f, struct lane_account *out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	assert_int_equal(db_prepare(&q, &f->app.db,
			     "SELECT access_token, refresh_token"
			     " FROM twitter_account WHERE id = 1"),
	    OK);
	assert_int_equal(db_step(&q, &row), OK);
	*out = (struct lane_account){ .username = "a" };
	assert_int_equal(
	    token_decrypt(&f->app, out, db_text(&q, 0), db_text(&q, 1)), OK);
}

static void what_is_no_token_is_not_used(void **state)
{
	static const struct {
		const char *access, *refresh;
		enum err err;
	} cases[] = {
		{ "a", "r", OK },
		{ "a", "", OK },
		{ "a", NULL, OK },
		{ "", "r", ERR_TOKEN_UNREADABLE },
		{ " ", "r", ERR_TOKEN_UNREADABLE },
		{ "a\nb", "r", ERR_TOKEN_UNREADABLE },
		{ "a", "r\n", ERR_TOKEN_UNREADABLE },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lane_account a = { .username = "a" };
		const char *refresh = cases[i].refresh;
		enum err err =
		    token_decrypt(&f.app, &a, seal(&f, cases[i].access),
			refresh ? seal(&f, refresh) : NULL);

		assert_int_equal(err, cases[i].err);
		if (err == OK && (!refresh || !refresh[0]))
			assert_null(a.refresh_token);
	}
}

static void a_new_pair_is_stored_encrypted_and_used(void **state)
{
	static const char *const refreshes[] = { "refresh2", NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(refreshes); i++) {
		SCOPED(fixture) f;
		struct x_call call = { .tokens = { .access = "access2",
					   .refresh = refreshes[i],
					   .expires_at = NOW + 7200 } };
		struct lane lane;
		struct lane_account kept;

		lane_open(&f, &lane, &call);
		lane.progress.must_refresh = true;
		assert_int_equal(token_store(&f.app, &lane), OK);
		stored(&f, &kept);
		assert_string_equal(kept.access_token, "access2");
		/* X may leave the refresh token as it is */
		assert_string_equal(kept.refresh_token,
		    refreshes[i] ? refreshes[i] : "refresh");
		assert_string_equal(lane.account.access_token, "access2");
		assert_false(token_stale(&lane));
		assert_int_equal(fixture_number(&f,
				     "SELECT expires_at = '2026-03-01 14:00:00'"
				     " FROM twitter_account WHERE id = 1"),
		    1);
	}
}

static const struct x_verdict ends = { .account = X_ACCOUNT_FAILED };
static const struct x_verdict waits = { .account = X_ACCOUNT_WAITS };
static const struct x_verdict app_waits = { .account = X_APP_WAITS };

static void a_pair_that_another_process_stored_is_used_instead(void **state)
{
	SCOPED(fixture) f;
	struct x_call call = { .err = ERR_NEEDS_REAUTH, .verdict = &ends };
	struct lane lane;

	(void)state;
	lane_open(&f, &lane, &call);
	fixture_sql(&f,
	    "UPDATE twitter_account SET access_token = '%s',"
	    " refresh_token = '%s', expires_at = '2026-03-01 14:00:00'"
	    " WHERE id = 1",
	    seal(&f, "access2"), seal(&f, "refresh2"));
	assert_int_equal(token_store(&f.app, &lane), OK);
	assert_int_equal(lane.state, LANE_IDLE);
	assert_string_equal(lane.account.access_token, "access2");
	assert_int_equal(lane.account.expires_at, NOW + 7200);
	assert_int_equal(
	    fixture_number(&f, "SELECT count(*) FROM twitter_account WHERE"
			       " status = 'active'"),
	    2);
}

static void a_refused_pair_ends_the_use_of_its_account(void **state)
{
	static const struct {
		enum err err;
		const char *status;
	} cases[] = {
		{ ERR_NEEDS_REAUTH, "failed" },
		{ ERR_ACCOUNT_SUSPENDED, "suspended" },
		{ ERR_ACCOUNT_LOCKED, "suspended" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct x_call call = { .err = cases[i].err, .verdict = &ends };
		struct lane lane;

		lane_open(&f, &lane, &call);
		assert_int_equal(token_store(&f.app, &lane), OK);
		assert_int_equal(lane.state, LANE_DONE);
		assert_int_equal(lane.end.err, cases[i].err);
		assert_int_equal(
		    fixture_number(
			&f, arena_printf(&f.arena,
				"SELECT count(*) FROM twitter_account WHERE"
				" status = '%s' AND code = '%s' AND id = 1",
				cases[i].status, err_name(cases[i].err))),
		    1);
	}
}

static void without_a_new_pair_the_old_one_does_for_a_while(void **state)
{
	static const struct {
		int64_t left; /* seconds of the token in hand */
		bool must, goes_on;
	} cases[] = {
		{ 31, false, true },
		{ 30, false, false },
		{ -1, false, false },
		{ 300, true, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		struct x_call call = { .err = ERR_X_UNAVAILABLE,
			.verdict = &waits };
		struct lane lane;

		lane_open(&f, &lane, &call);
		lane.account.expires_at = NOW + cases[i].left;
		lane.progress.must_refresh = cases[i].must;
		assert_int_equal(token_store(&f.app, &lane), OK);
		assert_int_equal(lane.state == LANE_IDLE, cases[i].goes_on);
		if (cases[i].goes_on) /* and is not renewed again */
			assert_false(token_stale(&lane));
		assert_int_equal(
		    fixture_number(&f, "SELECT hold_until IS NOT NULL FROM"
				       " twitter_account WHERE id = 1"),
		    !cases[i].goes_on);
	}
}

static void trouble_of_the_app_holds_back_all_accounts(void **state)
{
	SCOPED(fixture) f;
	struct x_call call = { .err = ERR_APP_REFUSED, .verdict = &app_waits };
	struct lane lane;

	(void)state;
	lane_open(&f, &lane, &call);
	lane.account.expires_at = NOW;
	assert_int_equal(token_store(&f.app, &lane), OK);
	assert_int_equal(lane.end.retry_after, 3600);
	assert_int_equal(
	    fixture_number(&f,
		"SELECT value = 'app_refused 2026-03-01 13:00:00' FROM kv"
		" WHERE name = 'app_hold'"),
	    1);
	assert_int_equal(
	    fixture_number(&f,
		"SELECT count(*) FROM twitter_account WHERE hold_until"
		" IS NULL"),
	    2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_token_is_renewed_five_minutes_before_its_end),
		cmocka_unit_test(what_is_no_token_is_not_used),
		cmocka_unit_test(a_new_pair_is_stored_encrypted_and_used),
		cmocka_unit_test(
		    a_pair_that_another_process_stored_is_used_instead),
		cmocka_unit_test(a_refused_pair_ends_the_use_of_its_account),
		cmocka_unit_test(
		    without_a_new_pair_the_old_one_does_for_a_while),
		cmocka_unit_test(trouble_of_the_app_holds_back_all_accounts),
	};

	return RUN_TESTS(tests);
}
