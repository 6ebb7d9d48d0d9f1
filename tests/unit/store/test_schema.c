/* test_schema.c - a database of another program taken over, and counts that
 * triggers keep. */
#include "unit/test.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/db.h"
#include "store/schema.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 26 };

/* As design.md has the four tables, in another program's spelling. */
static const char foreign_tables[] =
    "CREATE TABLE api_key (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,"
    " key_hash VARCHAR(64) UNIQUE NOT NULL,"
    " created_at DATETIME DEFAULT CURRENT_TIMESTAMP,"
    " is_active BOOLEAN DEFAULT 1);"
    "CREATE TABLE twitter_account (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " username TEXT UNIQUE NOT NULL, access_token TEXT NOT NULL,"
    " access_token_secret TEXT, refresh_token TEXT,"
    " status TEXT DEFAULT 'active',"
    " created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME);"
    "CREATE TABLE tweet (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " twitter_account_id INTEGER NOT NULL REFERENCES twitter_account(id),"
    " content TEXT NOT NULL, status TEXT DEFAULT 'pending',"
    " twitter_id TEXT, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,"
    " posted_at DATETIME);"
    "CREATE TABLE oauth_state (state TEXT PRIMARY KEY,"
    " code_verifier TEXT NOT NULL, created_at DATETIME NOT NULL);";

static const char foreign_rows[] =
    "INSERT INTO twitter_account(id, username, access_token, status) VALUES"
    "(1, 'a', 't', 'active'), (2, 'b', 't', 'failed'), (3, 'c', 't', NULL),"
    "(719162, 'd', 't', 'odd');"
    "INSERT INTO tweet(twitter_account_id, content, status, created_at,"
    " posted_at) VALUES"
    "(1, 'x', 'pending', '2024-01-01 00:00:00', NULL),"
    "(1, 'x', 'posted', '2024-01-01 00:00:00', '2024-01-02 00:00:00'),"
    "(1, 'x', 'posted', '2024-01-01T00:00:00Z', '2024-01-02 00:00:00.5'),"
    "(2, 'x', NULL, NULL, NULL),"
    "(2, 'x', 'odd', 'yesterday', 'nonsense'),"
    "(2, 'x', 'failed', 'yesterday', NULL),"
    /* dates that stand for none elsewhere */
    "(3, 'x', 'posted', '1970-01-01 00:00:00', '1970-01-01 00:00:00'),"
    "(3, 'x', 'failed', '1970-01-02 00:00:00', '1970-01-02 00:00:00'),"
    "(719162, 'x', 'posted', '0001-01-01 00:00:00', '0001-01-01 00:00:00'),"
    "(1, 'x', 'posted', 0, 5);";

/* Makes a database with another program's hands. */
static void make_foreign(const char *path, const char *rows)
{
	sqlite3 *handle = NULL;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(handle, foreign_tables, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(handle, rows, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(handle);
}

/* Every count that the tally holds or lacks, against the rows themselves:
 * those of all tweets, and of each account's tweets. */
static void tallies_are_right(struct db *db)
{
	static const char wrong[] =
	    "WITH kept AS (SELECT owner, kind, n FROM tally"
	    "  WHERE owner >= 0 AND n <> 0),"
	    " counted AS ("
	    "  SELECT 0, kind, count(*) FROM tweet GROUP BY 2"
	    "  UNION ALL SELECT twitter_account_id, kind, count(*)"
	    "   FROM tweet GROUP BY 1, 2)"
	    " SELECT (SELECT count(*) FROM (SELECT * FROM kept EXCEPT"
	    "  SELECT * FROM counted)) + (SELECT count(*) FROM"
	    "  (SELECT * FROM counted EXCEPT SELECT * FROM kept))";

	assert_int_equal(scratch_number(db, wrong), 0);
	assert_int_equal(
	    scratch_number(db, "SELECT count(*) FROM tally WHERE n < 0"), 0);
}

static void a_foreign_database_is_taken_over_with_its_rows(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	const char *path = scratch_path(&s, &a, "x.db");

	(void)state;
	make_foreign(path, foreign_rows);
	if (db_open(&db, path, &a, &f) != OK)
		fail_msg("%s", f.words);
	assert_int_equal(
	    scratch_number(&db, "PRAGMA user_version"), schema_version());
	assert_int_equal(scratch_number(&db, "SELECT count(*) FROM tweet"), 10);
	assert_int_equal(
	    scratch_number(&db, "SELECT count(*) FROM twitter_account"), 4);
	tallies_are_right(&db);
}

static void a_state_that_is_none_can_be_mended(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	const char *path = scratch_path(&s, &a, "x.db");

	(void)state;
	make_foreign(path, foreign_rows);
	assert_int_equal(db_open(&db, path, &a, &f), OK);
	scratch_sql(&db,
	    "UPDATE tweet SET status = 'pending' WHERE status IS NULL;"
	    "UPDATE tweet SET status = 'failed' WHERE status = 'odd';"
	    "UPDATE tweet SET status = NULL WHERE status = 'posted';"
	    "DELETE FROM tweet WHERE status IS NULL");
	tallies_are_right(&db);
}

static void an_empty_foreign_database_is_taken_over(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	const char *path = scratch_path(&s, &a, "x.db");

	(void)state;
	make_foreign(path, "");
	assert_int_equal(db_open(&db, path, &a, &f), OK);
	tallies_are_right(&db);
}

static void many_processes_take_one_foreign_database_over(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	const char *path = scratch_path(&s, &a, "x.db");
	int good = 0;
	int status = 0;

	(void)state;
	make_foreign(path, foreign_rows);
	for (int i = 0; i < 20; i++) {
		if (fork() == 0) {
			bool opened = db_open(&db, path, &a, &f) == OK;

			db_end(&db);
			_exit(opened ? 0 : 1);
		}
	}
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	assert_int_equal(good, 20);
	assert_int_equal(db_open(&db, path, &a, &f), OK);
	tallies_are_right(&db);
}

static void a_step_that_fails_leaves_the_database_as_it_was(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct fault f = { 0 };
	struct db db;
	const char *path = scratch_path(&s, &a, "x.db");

	(void)state;
	make_foreign(path, "CREATE TABLE tally(mine TEXT)");
	assert_int_equal(db_open(&db, path, &a, &f), ERR_DATABASE);
	assert_int_equal(scratch_number(&db, "PRAGMA user_version"), 0);
	assert_int_equal(
	    scratch_number(&db,
		"SELECT count(*) FROM pragma_table_info('twitter_account')"),
	    8);
	db_end(&db);
}

/* Numbers that come the same every time. */
static unsigned long next(unsigned long *seed)
{
	*seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
	return *seed >> 33;
}

static const char *random_change(struct arena *a, unsigned long *seed)
{
	static const char *const statuses[] = { "'pending'", "'posted'",
		"'failed'", "'active'", "'suspended'", "NULL", "''" };
	static const char *const ways[] = { "", "", " OR IGNORE", " OR FAIL",
		" OR ABORT" };
	const char *status = statuses[next(seed) % COUNT(statuses)];
	const char *way = ways[next(seed) % COUNT(ways)];
	int account = (int)(next(seed) % 6) + 1;
	int tweet = (int)(next(seed) % 300) + 1;

	switch (next(seed) % 9) {
	case 0:
		return arena_printf(a,
		    "INSERT%s INTO twitter_account(id, username, access_token,"
		    " status) VALUES(%d, 'u%d', 't', %s)",
		    way, account, account, status);
	case 1:
	case 2:
		return arena_printf(a,
		    "INSERT%s INTO tweet(twitter_account_id, content, status)"
		    " VALUES(%d, 'x', %s), (%d, 'y', 'pending')",
		    way, account, status, account);
	case 3:
		return arena_printf(a,
		    "UPDATE%s tweet SET status = %s WHERE id = %d", way, status,
		    tweet);
	case 4:
		return arena_printf(a,
		    "UPDATE%s tweet SET status = %s, twitter_account_id = %d"
		    " WHERE id %% 7 = %d",
		    way, status, account, tweet % 7);
	case 5:
		return arena_printf(
		    a, "DELETE FROM tweet WHERE id %% 11 = %d", tweet % 11);
	case 6:
		return arena_printf(a,
		    "DELETE FROM tweet WHERE twitter_account_id = %d;"
		    "DELETE FROM twitter_account WHERE id = %d",
		    account, account);
	case 7:
		return arena_printf(a,
		    "UPDATE%s twitter_account SET status = %s WHERE id = %d",
		    way, status, account);
	default:
		return arena_printf(a,
		    "INSERT INTO twitter_account(id, username, access_token)"
		    " VALUES(%d, 'u%d', 't') ON CONFLICT(username) DO UPDATE"
		    " SET status = %s, access_token = 'n'",
		    account, account, status);
	}
}

static void counts_stay_right_whatever_is_written(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	unsigned long seed = 20261122;
	int taken = 0;

	(void)state;
	assert_int_equal(
	    db_open(&db, scratch_path(&s, &a, "x.db"), &a, &f), OK);
	scratch_sql(&db, "PRAGMA synchronous = OFF");
	for (int i = 0; i < 600; i++) {
		const char *sql = random_change(&a, &seed);

		taken += db_script(&db, sql) == OK; /* others are refused */
		tallies_are_right(&db);
	}
	assert_true(taken > 300);
}

static void counts_of_a_change_that_rolls_back_do_so_too(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(
	    db_open(&db, scratch_path(&s, &a, "x.db"), &a, &f), OK);
	{
		SCOPED(db_tx) tx = { 0 };

		assert_int_equal(db_begin(&tx, &db), OK);
		scratch_sql(&db,
		    "INSERT INTO twitter_account(username, access_token)"
		    " VALUES('u', 't')");
	}
	tallies_are_right(&db);
	assert_int_equal(
	    scratch_number(&db, "SELECT coalesce(sum(n), 0) FROM tally"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_foreign_database_is_taken_over_with_its_rows),
		cmocka_unit_test(a_state_that_is_none_can_be_mended),
		cmocka_unit_test(an_empty_foreign_database_is_taken_over),
		cmocka_unit_test(many_processes_take_one_foreign_database_over),
		cmocka_unit_test(
		    a_step_that_fails_leaves_the_database_as_it_was),
		cmocka_unit_test(counts_stay_right_whatever_is_written),
		cmocka_unit_test(counts_of_a_change_that_rolls_back_do_so_too),
	};

	return RUN_TESTS(tests);
}
