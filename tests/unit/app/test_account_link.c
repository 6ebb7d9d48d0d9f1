/* test_account_link.c - which row a consent is stored in. */
#include "unit/test.h"

#include "app/account_link.h"
#include "unit/fixture.h"

enum { NOW = FIXTURE_NOW };

/* With a real account 1, a mock one 2, and 3 and 4 of which X's id is not
 * known. */
static const char accounts[] =
    "INSERT INTO twitter_account(id, username, access_token,"
    " x_user_id, mock, status, code, hold_until, hold_count, failures,"
    " refusals, access_token_secret) VALUES"
    " (1, 'real', 'x', '10', 0, 'failed', 'needs_reauth', '2030', 3,"
    " 4, 2, 'secret'),"
    " (2, 'mock', 'x', '20', 1, 'active', NULL, NULL, 0, 0, 0, NULL),"
    " (3, 'old', 'x', NULL, NULL, 'active', NULL, NULL, 0, 0, 0, NULL),"
    " (4, '" ACCOUNT_UNNAMED "x', 'x', NULL, 0, 'active', NULL, NULL,"
    " 0, 0, 0, NULL)";

struct given {
	const char *x_user_id, *username;
	bool mock;
	int64_t only;
};

static enum err link(struct fixture *f, const struct given *given, int64_t *id)
{
	const struct x_tokens tokens = {
		.access = "a", .refresh = "r", .expires_at = NOW + 7200
	};
	const struct account_grant grant = { &tokens, given->x_user_id,
		given->username, given->mock, given->only };
	const char *username = NULL;

	*id = 0;
	return account_link(&f->app, &grant, id, &username);
}

static void a_consent_finds_its_row_by_id_then_by_name(void **state)
{
	static const struct {
		struct given given;
		enum err err;
		int64_t id;
	} cases[] = {
		{ { "10", "real", false, 0 }, OK, 1 },
		{ { "10", "renamed", false, 0 }, OK, 1 },
		{ { "20", "mock", true, 0 }, OK, 2 },
		/* the name is another account's by now */
		{ { "11", "real", false, 0 }, OK, 5 },
		/* of one that was linked by another program */
		{ { "30", "old", false, 0 }, OK, 3 },
		{ { "30", "OLD", false, 0 }, OK, 3 },
		{ { "99", "new", false, 0 }, OK, 5 },
		{ { NULL, NULL, false, 0 }, OK, 5 },
		{ { NULL, NULL, false, 1 }, OK, 5 },
		{ { "10", "real", false, 1 }, OK, 1 },
		{ { "10", "real", false, 3 }, ERR_WRONG_ACCOUNT, 0 },
		{ { "99", "new", false, 1 }, ERR_WRONG_ACCOUNT, 0 },
		{ { "10", "real", true, 0 }, ERR_MOCK_MISMATCH, 0 },
		{ { "20", "mock", false, 0 }, ERR_MOCK_MISMATCH, 0 },
		{ { "21", "mock", false, 0 }, ERR_MOCK_MISMATCH, 0 },
		{ { "mock_old", "old", true, 0 }, ERR_MOCK_MISMATCH, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(fixture) f;
		int64_t id = 0;

		fixture_open(&f, accounts);
		if (link(&f, &cases[i].given, &id) != cases[i].err)
			fail_msg("case %zu: %s", i, f.app.fault.words);
		if (cases[i].err == OK)
			assert_int_equal(id, cases[i].id);
		else
			assert_int_equal(
			    scratch_number(&f.app.db,
				"SELECT count(*) FROM twitter_account"
				" WHERE access_token = 'x'"),
			    4);
	}
}

static void a_name_that_moved_on_leaves_its_old_row(void **state)
{
	const struct given given = { "11", "REAL", false, 0 };
	SCOPED(fixture) f;
	int64_t id = 0;

	(void)state;
	fixture_open(&f, accounts);
	assert_int_equal(link(&f, &given, &id), OK);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT id FROM twitter_account"
				      " WHERE lower(username) = 'real'"),
	    id);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT id FROM twitter_account"
				      " WHERE x_user_id = '10'"
				      " AND username = 'real#1'"),
	    1);
}

static void a_linked_account_is_free_of_what_held_it(void **state)
{
	const struct given given = { "10", "real", false, 0 };
	SCOPED(fixture) f;
	int64_t id = 0;

	(void)state;
	fixture_open(&f, accounts);
	assert_int_equal(link(&f, &given, &id), OK);
	assert_int_equal(scratch_number(&f.app.db,
			     "SELECT count(*) FROM twitter_account WHERE id = 1"
			     " AND status = 'active' AND code IS NULL"
			     " AND hold_until IS NULL AND hold_count = 0"
			     " AND failures = 0 AND refusals = 0"
			     " AND access_token_secret IS NULL"
			     " AND expires_at = '2026-03-01 14:00:00'"),
	    1);
}

static void an_account_identified_later_keeps_its_row_or_joins_another(
    void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, accounts);
	assert_int_equal(account_identify(&f.app, 4, "40", "named"), OK);
	assert_int_equal(scratch_number(&f.app.db,
			     "SELECT id FROM twitter_account WHERE"
			     " x_user_id = '40' AND username = 'named'"),
	    4);
	scratch_sql(&f.app.db,
	    "INSERT INTO tweet(id, twitter_account_id, content)"
	    " VALUES (1, 3, 'one');"
	    "UPDATE twitter_account SET access_token = 'new' WHERE id = 3");
	assert_int_equal(account_identify(&f.app, 3, "10", "real"), OK);
	assert_int_equal(
	    scratch_number(
		&f.app.db, "SELECT count(*) FROM twitter_account WHERE id = 3"),
	    0);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT twitter_account_id FROM tweet"),
	    1);
	assert_int_equal(scratch_number(&f.app.db,
			     "SELECT count(*) FROM twitter_account WHERE id = 1"
			     " AND access_token = 'new' AND status = 'active'"
			     " AND access_token_secret IS NULL"),
	    1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_consent_finds_its_row_by_id_then_by_name),
		cmocka_unit_test(a_name_that_moved_on_leaves_its_old_row),
		cmocka_unit_test(a_linked_account_is_free_of_what_held_it),
		cmocka_unit_test(
		    an_account_identified_later_keeps_its_row_or_joins_another),
	};

	return RUN_TESTS(tests);
}
