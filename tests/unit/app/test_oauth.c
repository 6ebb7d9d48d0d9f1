/* test_oauth.c - for how long, for what and how often a state is good. */
#include "unit/test.h"

#include "app/mock_mode.h"
#include "app/oauth.h"
#include "base/clock.h"
#include "unit/fixture.h"

enum { NOW = FIXTURE_NOW, LIFE = OAUTH_STATE_SECONDS };

static const char *start(struct fixture *f, int64_t account)
{
	const char *url = NULL, *state = NULL;

	assert_int_equal(oauth_start(&f->app, account, &url, &state), OK);
	assert_non_null(strstr(url, state));
	return state;
}

/* What a consent as USERNAME ends in. */
static enum err finish(struct fixture *f, const char *state,
    const char *username, struct oauth_linked *linked)
{
	const struct oauth_return back = { .state = state, .code = username };

	*linked = (struct oauth_linked){ 0 };
	return oauth_finish(&f->app, &back, linked);
}

static void a_state_is_good_for_ten_minutes(void **state)
{
	static const struct {
		int64_t later;
		enum err err;
	} cases[] = {
		{ 0, OK },
		{ LIFE, OK },
		{ LIFE + 1, ERR_EXPIRED_STATE },
		{ 86400, ERR_EXPIRED_STATE },
	};
	SCOPED(fixture) f;
	struct oauth_linked linked;

	(void)state;
	fixture_open(&f, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		clock_set(NOW);

		const char *one = start(&f, 0);

		clock_set(NOW + cases[i].later);
		assert_int_equal(
		    finish(&f, one, "somebody", &linked), cases[i].err);
	}
}

static void a_state_is_used_up_however_linking_ends(void **state)
{
	const struct oauth_return denied = { .error = "access_denied" };
	const struct oauth_return other = { .error = "server_error" };
	const struct oauth_return codeless = { 0 };
	const struct {
		const struct oauth_return *back;
		enum err err;
	} cases[] = {
		{ &denied, ERR_ACCESS_DENIED },
		{ &other, ERR_AUTHORIZE_FAILED },
		{ &codeless, ERR_MISSING_CODE },
	};
	SCOPED(fixture) f;
	struct oauth_linked linked;

	(void)state;
	fixture_open(&f, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct oauth_return back = *cases[i].back;

		back.state = start(&f, 0);
		assert_int_equal(
		    oauth_finish(&f.app, &back, &linked), cases[i].err);
		assert_int_equal(finish(&f, back.state, "somebody", &linked),
		    ERR_INVALID_STATE);
	}
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT count(*) FROM twitter_account"),
	    0);
}

static void a_state_that_worked_is_told_from_an_unknown_one(void **state)
{
	static const struct {
		int64_t later;
		enum err err;
	} cases[] = {
		{ 0, ERR_STATE_USED },
		{ LIFE, ERR_STATE_USED },
		{ LIFE + 1, ERR_INVALID_STATE },
	};
	SCOPED(fixture) f;
	struct oauth_linked linked, again;

	(void)state;
	fixture_open(&f, NULL);

	const char *one = start(&f, 0);

	assert_int_equal(finish(&f, one, "somebody", &linked), OK);
	assert_string_equal(linked.username, "somebody");
	for (size_t i = 0; i < COUNT(cases); i++) {
		clock_set(NOW + cases[i].later);
		assert_int_equal(
		    finish(&f, one, "somebody", &again), cases[i].err);
		assert_int_equal(
		    again.id, cases[i].err == ERR_STATE_USED ? linked.id : 0);
	}
	assert_int_equal(
	    finish(&f, "never-given", "somebody", &again), ERR_INVALID_STATE);
}

static void what_has_expired_is_removed_and_nothing_else(void **state)
{
	SCOPED(fixture) f;
	struct oauth_linked linked;

	(void)state;
	fixture_open(&f, NULL);
	assert_int_equal(finish(&f, start(&f, 0), "somebody", &linked), OK);
	start(&f, 0);
	scratch_sql(&f.app.db, "INSERT INTO kv VALUES('used', 'a'),"
			       " ('z', '0'), ('used_state;', '0')");
	clock_set(NOW + LIFE);
	assert_int_equal(oauth_remove_expired(&f.app), OK);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT count(*) FROM oauth_state"), 1);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT count(*) FROM kv"), 4);
	clock_set(NOW + LIFE + 1);
	assert_int_equal(oauth_remove_expired(&f.app), OK);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT count(*) FROM oauth_state"), 0);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT count(*) FROM kv"), 3);
}

static void a_state_links_its_account_alone(void **state)
{
	const char *url = NULL, *none = NULL;
	SCOPED(fixture) f;
	struct oauth_linked first, linked;

	(void)state;
	fixture_open(&f, NULL);
	assert_int_equal(finish(&f, start(&f, 0), "somebody", &first), OK);
	assert_int_equal(finish(&f, start(&f, first.id), "another", &linked),
	    ERR_WRONG_ACCOUNT);
	assert_int_equal(
	    finish(&f, start(&f, first.id), "somebody", &linked), OK);
	assert_int_equal(linked.id, first.id);
	assert_int_equal(
	    oauth_start(&f.app, 99, &url, &none), ERR_ACCOUNT_NOT_FOUND);
}

static void a_link_of_one_mode_is_none_in_the_other(void **state)
{
	SCOPED(fixture) f;
	struct oauth_linked linked;
	bool good = false;

	(void)state;
	fixture_open(&f, NULL);
	f.app.config.client_id = "id";

	const char *mock = start(&f, 0);

	assert_int_equal(oauth_mock_state(&f.app, mock, &good), OK);
	assert_true(good);
	assert_int_equal(mock_mode_set(&f.app, false), OK);

	const char *real = start(&f, 0);

	assert_int_equal(oauth_mock_state(&f.app, real, &good), OK);
	assert_false(good);
	assert_int_equal(
	    finish(&f, mock, "somebody", &linked), ERR_MOCK_MISMATCH);
	assert_int_equal(mock_mode_set(&f.app, true), OK);
	assert_int_equal(
	    finish(&f, real, "somebody", &linked), ERR_MOCK_MISMATCH);
}

static void a_mock_state_is_good_as_long_as_others(void **state)
{
	SCOPED(fixture) f;
	bool good = false;

	(void)state;
	fixture_open(&f, NULL);

	const char *mock = start(&f, 0);

	clock_set(NOW + LIFE);
	assert_int_equal(oauth_mock_state(&f.app, mock, &good), OK);
	assert_true(good);
	clock_set(NOW + LIFE + 1);
	assert_int_equal(oauth_mock_state(&f.app, mock, &good), OK);
	assert_false(good);
}

static void mock_mode_is_what_was_set_last_and_on_without_an_app(void **state)
{
	SCOPED(fixture) f;
	bool on = false;

	(void)state;
	fixture_open(&f, NULL);
	assert_int_equal(mock_mode_set(&f.app, false), ERR_APP_MISSING);
	f.app.config.mock_mode = false;
	assert_int_equal(mock_mode_is_on(&f.app, &on), OK);
	assert_false(on);
	assert_int_equal(mock_mode_set(&f.app, true), OK);
	assert_int_equal(mock_mode_is_on(&f.app, &on), OK);
	assert_true(on);
	f.app.config.mock_mode = true;
	f.app.config.client_id = "id";
	assert_int_equal(mock_mode_set(&f.app, false), OK);
	assert_int_equal(mock_mode_is_on(&f.app, &on), OK);
	assert_false(on);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_is_good_for_ten_minutes),
		cmocka_unit_test(a_state_is_used_up_however_linking_ends),
		cmocka_unit_test(
		    a_state_that_worked_is_told_from_an_unknown_one),
		cmocka_unit_test(what_has_expired_is_removed_and_nothing_else),
		cmocka_unit_test(a_state_links_its_account_alone),
		cmocka_unit_test(a_link_of_one_mode_is_none_in_the_other),
		cmocka_unit_test(a_mock_state_is_good_as_long_as_others),
		cmocka_unit_test(
		    mock_mode_is_what_was_set_last_and_on_without_an_app),
	};

	return RUN_TESTS(tests);
}
