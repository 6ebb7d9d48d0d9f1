/* test_lease.c - an account's lease: gone with its holder at once, whatever
 * ends the holder. */
#include "unit/test.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/lease.h"
#include "base/clock.h"
#include "base/log.h"
#include "unit/scratch.h"

enum { LIMIT = 1 << 24 };

static void add_accounts(struct app *app)
{
	scratch_sql(&app->db,
	    "INSERT INTO twitter_account(id, username, access_token)"
	    " VALUES(1, 'a', ''), (2, 'b', '')");
}

static bool takes(struct app *app, int64_t account)
{
	SCOPED(db_tx) tx = { 0 };
	bool taken = false;

	assert_int_equal(db_begin(&tx, &app->db), OK);
	assert_int_equal(lease_take(app, account, &taken), OK);
	assert_int_equal(db_commit(&tx), OK);
	return taken;
}

static bool held(struct app *app, int64_t account)
{
	bool is = false;

	assert_int_equal(lease_held(app, account, &is), OK);
	return is;
}

/* What a holder does after it has the lease, before it says so. */
typedef void then_fn(struct app *app, struct arena *a);

/* Starts a process that takes the lease of account 1 and lives on. */
static pid_t start_holder(const struct scratch *s, then_fn *then)
{
	int ready[2];
	char byte = 0;

	assert_int_equal(pipe(ready), 0);

	pid_t pid = fork();

	if (pid == 0) {
		struct arena a = arena_make(LIMIT);
		struct app app = { 0 };

		scratch_app(s, &a, &app);
		if (lease_open(&app) != OK || !takes(&app, 1))
			_exit(1);
		if (then)
			then(&app, &a);
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void end_holder(pid_t pid, int number)
{
	int status = 0;

	assert_int_equal(kill(pid, number), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void a_dead_process_holds_nothing(void **state)
{
	static const int signals[] = { SIGKILL, SIGTERM, SIGALRM };

	(void)state;
	for (size_t i = 0; i < COUNT(signals); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		SCOPED(app) app = { 0 };

		scratch_app(&s, &a, &app);
		add_accounts(&app);
		assert_int_equal(lease_open(&app), OK);

		pid_t pid = start_holder(&s, NULL);

		assert_true(held(&app, 1));
		assert_false(takes(&app, 1));
		assert_true(takes(&app, 2));
		end_holder(pid, signals[i]);
		assert_false(held(&app, 1)); /* at once, not in 30 seconds */
		assert_true(takes(&app, 1));
		assert_true(held(&app, 1));
	}
}

/* Opens and closes all that a run opens and closes. */
static void open_and_close_much(struct app *app, struct arena *a)
{
	struct db other;

	for (int i = 0; i < 5; i++) {
		if (db_open(&other, app->config.database, a, &app->fault) != OK)
			_exit(1);
		db_end(&other);
		LOG_CAUSE("nothing");
		lease_lives(app, app->holder, NULL);
		if (lease_open(app) != OK) /* another place in the same file */
			_exit(1);
	}
	db_end(&app->db);
	app->db.handle = NULL;
	if (app_open_store(app) != OK)
		_exit(1);
}

static void nothing_that_a_holder_closes_drops_its_lock(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_accounts(&app);
	assert_int_equal(lease_open(&app), OK);

	pid_t pid = start_holder(&s, open_and_close_much);

	assert_true(held(&app, 1));
	assert_false(takes(&app, 1));
	end_holder(pid, SIGKILL);
}

static void who_has_a_lease_takes_it_again(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_accounts(&app);
	assert_int_equal(lease_open(&app), OK);
	assert_false(held(&app, 1));
	assert_true(takes(&app, 1));
	assert_true(takes(&app, 1));
	assert_true(held(&app, 1));
	assert_int_equal(lease_release(&app, 1), OK);
	assert_false(held(&app, 1));
	assert_int_equal(lease_release(&app, 1), OK);
	assert_false(takes(&app, 99)); /* there is no such account */
}

static void nobody_gives_back_what_another_has(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_accounts(&app);
	assert_int_equal(lease_open(&app), OK);

	pid_t pid = start_holder(&s, NULL);

	assert_int_equal(lease_release(&app, 1), OK);
	assert_true(held(&app, 1));
	end_holder(pid, SIGKILL);
}

/* Marks account 1 as held by HOLDER until 100 seconds after 1,000,000. */
static void mark(struct app *app, const char *holder)
{
	SCOPED(db_query) q = { 0 };
	char until[CLOCK_TEXT];

	clock_sql(1000100, until);
	assert_int_equal(
	    db_prepare(&q, &app->db,
		"UPDATE twitter_account SET lease_holder = $1, lease_until = $2"
		" WHERE id = 1"),
	    OK);
	db_bind_text(&q, 1, holder);
	db_bind_text(&q, 2, until);
	assert_int_equal(db_run(&q, NULL), OK);
}

static void a_holder_elsewhere_is_believed_for_its_time(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_accounts(&app);
	assert_int_equal(lease_open(&app), OK);
	mark(&app, "11111111-2222-3333-4444-555555555555/7");
	clock_set(1000099);
	assert_true(held(&app, 1));
	assert_false(takes(&app, 1));
	clock_set(1000100);
	assert_false(held(&app, 1));
	assert_true(takes(&app, 1));
	clock_set(-1);
}

static void a_lease_lasts_30_seconds_for_who_cannot_look(void **state)
{
	SCOPED(scratch) s = scratch_make();
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(app) app = { 0 };

	(void)state;
	scratch_app(&s, &a, &app);
	add_accounts(&app);
	assert_int_equal(lease_open(&app), OK);
	clock_set(1000000);
	assert_true(takes(&app, 1));
	clock_set(-1);
	assert_int_equal(
	    scratch_number(&app.db,
		"SELECT strftime('%s', lease_until) FROM twitter_account"
		" WHERE id = 1"),
	    1000030);
}

static void a_mark_that_makes_no_sense_binds_nobody(void **state)
{
	static const char *const marks[] = { "", "nonsense", "1234" };

	(void)state;
	for (size_t i = 0; i < COUNT(marks); i++) {
		SCOPED(scratch) s = scratch_make();
		SCOPED(arena) a = arena_make(LIMIT);
		SCOPED(app) app = { 0 };

		scratch_app(&s, &a, &app);
		add_accounts(&app);
		assert_int_equal(lease_open(&app), OK);
		mark(&app, marks[i]);
		clock_set(1000000);
		assert_true(takes(&app, 1));
		clock_set(-1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dead_process_holds_nothing),
		cmocka_unit_test(nothing_that_a_holder_closes_drops_its_lock),
		cmocka_unit_test(who_has_a_lease_takes_it_again),
		cmocka_unit_test(nobody_gives_back_what_another_has),
		cmocka_unit_test(a_holder_elsewhere_is_believed_for_its_time),
		cmocka_unit_test(a_lease_lasts_30_seconds_for_who_cannot_look),
		cmocka_unit_test(a_mark_that_makes_no_sense_binds_nobody),
	};

	return RUN_TESTS(tests);
}
