/* test_db.c - the database file: made by many at once, transactions that roll
 * back by themselves, files of other versions and other programs. */
#include "unit/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/db.h"
#include "store/kv.h"
#include "store/schema.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24 };

static void open_db(
    struct db *db, const char *path, struct arena *a, struct fault *f)
{
	if (db_open(db, path, a, f) != OK)
		fail_msg("%s", f->words);
}

/* Inserts a row and returns without a commit. */
static enum err insert_and_fail(struct db *db)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };

	TRY(db_begin(&tx, db));
	TRY(db_prepare(&q, db, "INSERT INTO kv(name, value) VALUES($1, $2)"));
	db_bind_text(&q, 1, "a");
	db_bind_text(&q, 2, "b");
	TRY(db_run(&q, NULL));
	return FAULT(db->fault, ERR_INTERNAL, "something went wrong");
}

static void an_early_return_rolls_back(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	assert_int_equal(insert_and_fail(&db), ERR_INTERNAL);
	assert_int_equal(scratch_number(&db, "SELECT count(*) FROM kv"), 0);

	/* and the next transaction begins as if nothing had been */
	SCOPED(db_tx) tx = { 0 };

	assert_int_equal(db_begin(&tx, &db), OK);
	assert_int_equal(kv_set(&db, "a", "c"), OK);
	assert_int_equal(db_commit(&tx), OK);
	assert_int_equal(scratch_number(&db, "SELECT count(*) FROM kv"), 1);
}

static void die_in_a_transaction(void *path)
{
	struct arena a = arena_make(LIMIT);
	struct fault f = { 0 };
	struct db db;
	struct db_tx tx = { 0 };

	if (db_open(&db, path, &a, &f) != OK || db_begin(&tx, &db) != OK ||
	    kv_set(&db, "lost", "x") != OK)
		_exit(1);
	raise(SIGKILL); /* no end of anything runs */
}

static void a_process_that_dies_in_a_transaction_leaves_no_row(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/x.db", s.path);
	assert_int_equal(child_status(die_in_a_transaction, path), -1);
	open_db(&db, path, &a, &f);
	assert_int_equal(scratch_number(&db, "SELECT count(*) FROM kv"), 0);
}

static void a_part_that_fails_takes_only_itself_back(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	SCOPED(db_tx) whole = { 0 };
	struct fault f = { 0 };

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	assert_int_equal(db_begin(&whole, &db), OK);
	assert_int_equal(kv_set(&db, "before", "x"), OK);
	assert_int_equal(insert_and_fail(&db), ERR_INTERNAL);
	{
		SCOPED(db_tx) part = { 0 };

		assert_int_equal(db_begin(&part, &db), OK);
		assert_int_equal(kv_set(&db, "part", "x"), OK);
		assert_int_equal(insert_and_fail(&db), ERR_INTERNAL);
		assert_int_equal(db_commit(&part), OK);
	}
	assert_int_equal(kv_set(&db, "after", "x"), OK);
	assert_int_equal(db_commit(&whole), OK);
	assert_int_equal(
	    scratch_number(&db, "SELECT count(*) FROM kv WHERE value = 'x'"),
	    3);
	assert_int_equal(scratch_number(&db, "SELECT count(*) FROM kv"), 3);
}

static void a_part_goes_with_the_whole(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	{
		SCOPED(db_tx) whole = { 0 };
		SCOPED(db_tx) part = { 0 };

		assert_int_equal(db_begin(&whole, &db), OK);
		assert_int_equal(db_begin(&part, &db), OK);
		assert_int_equal(kv_set(&db, "a", "x"), OK);
		assert_int_equal(db_commit(&part), OK);
	}
	assert_int_equal(scratch_number(&db, "SELECT count(*) FROM kv"), 0);
}

static void values_are_bound_by_number_and_copied(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	SCOPED(db_query) q = { 0 };
	struct fault f = { 0 };
	bool row = false;

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	assert_int_equal(
	    db_prepare(&q, &db, "SELECT $3, $1, $2, $1, $4, typeof($3)"), OK);
	db_bind_text(&q, 1, "one");
	db_bind_int(&q, 2, INT64_MIN);
	db_bind_null(&q, 3);
	db_bind_text(&q, 4, NULL);
	assert_int_equal(db_step(&q, &row), OK);
	assert_true(row);
	assert_true(db_null(&q, 0));
	assert_null(db_text(&q, 0));
	assert_int_equal(db_int(&q, 0), 0);

	const char *kept = db_text(&q, 1);

	assert_string_equal(db_peek(&q, 3), "one");
	assert_true(db_int(&q, 2) == INT64_MIN);
	assert_true(db_null(&q, 4));
	assert_string_equal(db_peek(&q, 5), "null");
	assert_int_equal(db_step(&q, &row), OK);
	assert_false(row);
	assert_string_equal(kept, "one");
}

static void constraints_are_told_and_change_nothing(void **state)
{
	static const char *const cases[] = {
		"INSERT INTO tweet(twitter_account_id, content) VALUES(7, 'x')",
		"INSERT INTO twitter_account(username) VALUES('x')",
		"INSERT INTO twitter_account(username, access_token)"
		" VALUES(NULL, '')",
		"INSERT INTO twitter_account(username, access_token)"
		" VALUES('same', '')",
		"INSERT INTO api_key(key_hash) VALUES(NULL)",
		"DELETE FROM twitter_account WHERE username = 'same'",
		"UPDATE tweet SET twitter_account_id = 99",
		"UPDATE tweet SET content = NULL",
		"SELECT nonsense",
		"PRAGMA writable_schema = 1;"
		" UPDATE sqlite_schema SET sql = 'x'",
	};
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	scratch_sql(&db,
	    "INSERT INTO twitter_account(id, username, access_token)"
	    " VALUES(1, 'same', '');"
	    "INSERT INTO tweet(twitter_account_id, content) VALUES(1, 'x')");
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (db_script(&db, cases[i]) != ERR_DATABASE)
			fail_msg("taken: %s", cases[i]);
		assert_true(strlen(f.words) > 20);
	}
	assert_int_equal(
	    scratch_number(&db, "SELECT count(*) FROM twitter_account"), 1);
}

/* Opens the database as one of many and adds a row. */
static void open_and_write(const char *path, int number)
{
	struct arena a = arena_make(LIMIT);
	struct fault f = { 0 };
	struct db db;
	char name[16];

	snprintf(name, sizeof(name), "%d", number);
	if (db_open(&db, path, &a, &f) != OK || kv_set(&db, name, "x") != OK) {
		fprintf(stderr, "%d: %s\n", number, f.words);
		_exit(1);
	}
	db_end(&db);
	_exit(0);
}

/* Runs COUNT processes at once on PATH; gives how many succeeded. */
static int many_at_once(const char *path, int count)
{
	int gate[2];
	int good = 0;
	int status = 0;

	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < count; i++) {
		if (fork() == 0) {
			char byte;

			close(gate[1]);
			if (read(gate[0], &byte, 1) != 0)
				_exit(2);
			open_and_write(path, i);
		}
	}
	close(gate[0]);
	close(gate[1]); /* and off they go */
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return good;
}

static void fifty_processes_at_once_make_one_database(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	const char *path = scratch_path(&s, &a, "new/folder/x.db");

	(void)state;
	assert_int_equal(many_at_once(path, 50), 50);
	open_db(&db, path, &a, &f);
	assert_int_equal(scratch_number(&db, "SELECT count(*) FROM kv"), 50);
	assert_int_equal(
	    scratch_number(&db, "PRAGMA user_version"), schema_version());
}

static void a_newer_database_is_refused_and_left_alone(void **state)
{
	static const int64_t versions[] = { 1000, -1 };

	(void)state;
	for (size_t i = 0; i < COUNT(versions); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		const char *path = scratch_path(&s, &a, "x.db");
		struct fault f = { 0 };
		struct db db;

		open_db(&db, path, &a, &f);
		scratch_sql(&db, versions[i] > 0 ? "PRAGMA user_version = 1000"
						 : "PRAGMA user_version = -1");
		db_end(&db);
		assert_int_equal(
		    db_open(&db, path, &a, &f), ERR_DATABASE_NEWER);
		assert_int_equal(
		    scratch_number(&db, "PRAGMA user_version"), versions[i]);
		db_end(&db);
	}
}

static void a_database_that_is_up_to_date_is_not_written_to(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	const char *path = scratch_path(&s, &a, "x.db");
	struct fault f = { 0 };
	struct db db;
	int64_t changes = 0;

	(void)state;
	open_db(&db, path, &a, &f);
	changes = scratch_number(&db, "PRAGMA data_version");
	for (int i = 0; i < 3; i++) {
		struct db other;

		open_db(&other, path, &a, &f);
		db_end(&other);
	}
	assert_int_equal(scratch_number(&db, "PRAGMA data_version"), changes);
	db_end(&db);
}

static void a_path_is_a_path_and_no_uri(void **state)
{
	static const char *const names[] = { "file:x.db?mode=memory", "a b.db",
		"%41.db", "a?b#c.db", "\xC3\xA4 \xF0\x9F\x98\x80.db", "a\\b.db",
		":memory:" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		SCOPED(db) db = { 0 };
		struct fault f = { 0 };
		const char *path = scratch_path(&s, &a, names[i]);

		open_db(&db, path, &a, &f);
		assert_int_equal(access(path, F_OK), 0);
	}
}

static void what_is_no_database_is_told_and_left_alone(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	struct fault f = { 0 };
	struct db db;
	const char *path = scratch_path(&s, &a, "x.db");
	const char *text = "This is a letter, and not a database at all.\n";

	(void)state;
	scratch_write(path, text);
	assert_int_equal(db_open(&db, path, &a, &f), ERR_DATABASE);
	db_end(&db);
	assert_string_equal(scratch_read(&a, path), text);
	assert_int_equal(db_open(&db, s.path, &a, &f), ERR_DATABASE);
	db_end(&db);
	assert_int_equal(
	    db_open(&db, scratch_path(&s, &a, "x.db/below"), &a, &f),
	    ERR_DATABASE);
	db_end(&db);
}

static void small_values_are_kept_by_name(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	const char *value = "x";

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	assert_int_equal(kv_find(&db, "none", &value), OK);
	assert_null(value);
	assert_int_equal(kv_set(&db, "none", NULL), OK);
	assert_int_equal(kv_set(&db, "a", "1"), OK);
	assert_int_equal(kv_set(&db, "a", ""), OK);
	assert_int_equal(kv_set(&db, "A", "other"), OK);
	assert_int_equal(kv_find(&db, "a", &value), OK);
	assert_string_equal(value, "");
	assert_int_equal(kv_set(&db, "a", NULL), OK);
	assert_int_equal(kv_find(&db, "a", &value), OK);
	assert_null(value);
	assert_int_equal(kv_find(&db, "A", &value), OK);
	assert_string_equal(value, "other");
}

/* What each writer, reader and tidier does to the name of what is stored. */
static void a_state_has_one_name_and_another_state_another(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	SCOPED(db) other = { 0 };
	struct fault f = { 0 };
	const char *path = scratch_path(&s, &a, "x.db");
	char before[DB_STATE], after[DB_STATE];

	(void)state;
	open_db(&db, path, &a, &f);
	open_db(&other, path, &a, &f);
	for (int i = 0; i < 20; i++) {
		assert_true(db_state(&db, before));
		assert_true(db_state(&other, after));
		assert_string_equal(before, after);
		assert_int_equal(kv_set(&other, "a", i % 2 ? "b" : "c"), OK);
		if (i % 3 == 0)
			assert_int_equal(db_checkpoint(&other), OK);
		assert_true(db_state(&db, after));
		assert_string_not_equal(before, after);
	}
}

/* A journal that is rolled back, and one of DELETE mode. */
static void what_is_rolled_back_changes_no_name(void **state)
{
	static const char *const modes[] = { "PRAGMA journal_mode = WAL",
		"PRAGMA journal_mode = DELETE" };
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	struct fault f = { 0 };
	char before[DB_STATE], after[DB_STATE];

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	for (size_t i = 0; i < COUNT(modes); i++) {
		assert_int_equal(db_script(&db, modes[i]), OK);
		assert_int_equal(kv_set(&db, "k", "b"), OK);
		assert_true(db_state(&db, before));
		assert_int_equal(insert_and_fail(&db), ERR_INTERNAL);
		assert_true(db_state(&db, after));
		assert_string_equal(before, after);
		assert_int_equal(kv_set(&db, "k", "c"), OK);
		assert_true(db_state(&db, after));
		assert_string_not_equal(before, after);
	}
}

static void text_that_is_none_is_shown_and_told(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(db) db = { 0 };
	SCOPED(db_query) q = { 0 };
	struct fault f = { 0 };
	bool row = false;

	(void)state;
	open_db(&db, scratch_path(&s, &a, "x.db"), &a, &f);
	assert_int_equal(db_prepare(&q, &db,
			     "SELECT CAST(x'41ff' AS TEXT), 'a' || char(0)"
			     " || 'b', 'good', x'c3a9', 7, NULL"),
	    OK);
	assert_int_equal(db_step(&q, &row), OK);
	assert_string_equal(db_text(&q, 0), "A\xEF\xBF\xBD");
	assert_string_equal(db_peek(&q, 1), "a\xEF\xBF\xBD"
					    "b");
	assert_string_equal(db_peek(&q, 3), "\xC3\xA9");
	for (int i = 0; i < 6; i++)
		assert_int_equal(db_readable(&q, i), i >= 2 && i <= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_early_return_rolls_back),
		cmocka_unit_test(
		    a_process_that_dies_in_a_transaction_leaves_no_row),
		cmocka_unit_test(a_part_that_fails_takes_only_itself_back),
		cmocka_unit_test(a_part_goes_with_the_whole),
		cmocka_unit_test(values_are_bound_by_number_and_copied),
		cmocka_unit_test(constraints_are_told_and_change_nothing),
		cmocka_unit_test(fifty_processes_at_once_make_one_database),
		cmocka_unit_test(a_newer_database_is_refused_and_left_alone),
		cmocka_unit_test(
		    a_database_that_is_up_to_date_is_not_written_to),
		cmocka_unit_test(a_path_is_a_path_and_no_uri),
		cmocka_unit_test(what_is_no_database_is_told_and_left_alone),
		cmocka_unit_test(small_values_are_kept_by_name),
		cmocka_unit_test(
		    a_state_has_one_name_and_another_state_another),
		cmocka_unit_test(what_is_rolled_back_changes_no_name),
		cmocka_unit_test(text_that_is_none_is_shown_and_told),
	};

	return RUN_TESTS(tests);
}
