/* test_idempotency.c - what is remembered of a request, for whom and for how
 * long. */
#include "unit/test.h"

#include <unistd.h>

#include "app/idempotency.h"
#include "app/lease.h"
#include "base/clock.h"
#include "unit/fixture.h"

enum { LIMIT = 1 << 22, NOW = FIXTURE_NOW, KEPT = IDEMPOTENCY_HOURS * 3600 };

static void keep(struct fixture *f, const char *name, const char *request)
{
	const struct idempotency id = { .name = name, .request = request };
	const struct idempotency_answer answer = { 201, "/1", "{}" };

	assert_int_equal(idempotency_keep(&f->app, &id, &answer), OK);
}

/* The status of the answer that is kept, 0 for none; *ERR tells. */
static int find(
    struct fixture *f, const char *name, const char *request, enum err *err)
{
	struct idempotency id = { .name = name, .request = request };
	struct idempotency_answer kept = { 0 };

	*err = idempotency_find(&f->app, &id, &kept);
	return kept.status;
}

static void an_answer_is_kept_for_its_key_name_and_request(void **state)
{
	static const struct {
		int64_t key;
		const char *name, *request;
		enum err err;
		int status;
	} cases[] = {
		{ 1, "a", "one", OK, 201 },
		{ 1, "a", "two", ERR_IDEMPOTENCY_MISMATCH, 0 },
		{ 1, "A", "one", OK, 0 },
		{ 2, "a", "one", OK, 0 },
		{ 2, "a", "two", OK, 0 },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, NULL);
	f.app.key_id = 1;
	keep(&f, "a", "one");
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum err err = OK;

		f.app.key_id = cases[i].key;
		assert_int_equal(
		    find(&f, cases[i].name, cases[i].request, &err),
		    cases[i].status);
		assert_int_equal(err, cases[i].err);
	}
}

static void an_answer_is_kept_for_a_day(void **state)
{
	static const struct {
		int64_t later;
		int status;
	} cases[] = {
		{ 0, 201 },
		{ KEPT - 1, 201 },
		{ KEPT, 0 },
		{ KEPT + 1, 0 },
	};
	SCOPED(fixture) f;
	enum err err = OK;

	(void)state;
	fixture_open(&f, NULL);
	f.app.key_id = 1;
	keep(&f, "a", "one");
	for (size_t i = 0; i < COUNT(cases); i++) {
		clock_set(NOW + cases[i].later);
		assert_int_equal(find(&f, "a", "one", &err), cases[i].status);
		assert_int_equal(err, OK);
	}
}

static void what_is_kept_no_longer_is_removed_and_nothing_else(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, NULL);
	f.app.key_id = 1;
	keep(&f, "old", "one");
	clock_set(NOW + 1);
	keep(&f, "new", "one");
	clock_set(NOW + KEPT);
	assert_int_equal(idempotency_remove_expired(&f.app), OK);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT count(*) FROM idempotency"), 1);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT name = 'new' FROM idempotency"),
	    1);
}

static void a_claim_from_another_machine_is_believed_for_a_lease(void **state)
{
	static const struct {
		int64_t later;
		enum err err;
	} cases[] = {
		{ 0, ERR_IDEMPOTENCY_IN_FLIGHT },
		{ LEASE_SECONDS - 1, ERR_IDEMPOTENCY_IN_FLIGHT },
		{ LEASE_SECONDS, OK },
	};
	SCOPED(fixture) f;
	enum err err = OK;

	(void)state;
	fixture_open(&f, NULL);
	f.app.key_id = 1;
	keep(&f, "a", "one");
	scratch_sql(&f.app.db,
	    "UPDATE idempotency SET holder = 'another-boot/7', status = 0");
	for (size_t i = 0; i < COUNT(cases); i++) {
		clock_set(NOW + cases[i].later);
		assert_int_equal(find(&f, "a", "one", &err), 0);
		assert_int_equal(err, cases[i].err);
	}
}

/* What a process of its own is told when it claims the request. */
struct copy {
	const struct scratch *s;
	enum err err;
	bool again;
};

static void claim(void *arg)
{
	const struct copy *wanted = arg;
	struct arena a = arena_make(LIMIT);
	struct app app = { 0 };
	struct idempotency id = { .name = "a", .request = "one" };
	struct idempotency_answer kept = { 0 };

	clock_set(NOW);
	scratch_app(wanted->s, &a, &app);
	app.key_id = 1;
	if (idempotency_claim(&app, &id, &kept) != wanted->err ||
	    id.again != wanted->again || kept.status)
		_exit(1);
}

static void a_claim_ends_with_its_process_and_the_next_knows_of_it(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f, NULL);
	f.app.key_id = 1;
	for (int i = 0; i < 3; i++) {
		struct copy copy = { &f.folder, OK, i > 0 };

		assert_int_equal(child_status(claim, &copy), 0);
		assert_int_equal(scratch_number(&f.app.db,
				     "SELECT holder IS NOT NULL AND status = 0"
				     " FROM idempotency"),
		    1);
	}
}

static void a_claim_keeps_others_out_until_it_is_released(void **state)
{
	SCOPED(fixture) f;
	struct idempotency id = { .name = "a", .request = "one" };
	struct idempotency_answer kept = { 0 };

	(void)state;
	fixture_open(&f, NULL);
	f.app.key_id = 1;

	struct copy copy = { &f.folder, ERR_IDEMPOTENCY_IN_FLIGHT, false };

	assert_int_equal(idempotency_claim(&f.app, &id, &kept), OK);
	assert_false(id.again);
	assert_int_equal(child_status(claim, &copy), 0);
	assert_int_equal(idempotency_release(&f.app, &id), OK);
	copy = (struct copy){ &f.folder, OK, true };
	assert_int_equal(child_status(claim, &copy), 0);
}

static void a_forgotten_name_may_stand_for_another_request(void **state)
{
	const struct idempotency id = { .name = "a", .request = "one" };
	SCOPED(fixture) f;
	enum err err = OK;

	(void)state;
	fixture_open(&f, NULL);
	f.app.key_id = 1;
	keep(&f, "a", "one");
	keep(&f, "b", "one");
	f.app.key_id = 2;
	keep(&f, "a", "three");
	f.app.key_id = 1;
	assert_int_equal(idempotency_forget(&f.app, &id), OK);
	assert_int_equal(find(&f, "a", "two", &err), 0);
	assert_int_equal(err, OK);
	assert_int_equal(find(&f, "b", "one", &err), 201);
	f.app.key_id = 2;
	assert_int_equal(find(&f, "a", "three", &err), 201);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_answer_is_kept_for_its_key_name_and_request),
		cmocka_unit_test(an_answer_is_kept_for_a_day),
		cmocka_unit_test(
		    what_is_kept_no_longer_is_removed_and_nothing_else),
		cmocka_unit_test(
		    a_claim_from_another_machine_is_believed_for_a_lease),
		cmocka_unit_test(
		    a_claim_ends_with_its_process_and_the_next_knows_of_it),
		cmocka_unit_test(a_claim_keeps_others_out_until_it_is_released),
		cmocka_unit_test(
		    a_forgotten_name_may_stand_for_another_request),
	};

	return RUN_TESTS(tests);
}
