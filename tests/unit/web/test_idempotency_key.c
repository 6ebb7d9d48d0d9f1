/* test_idempotency_key.c - which replies are given again, and to which requests
 * that are sent again. */
#include "unit/test.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "unit/scratch.h"
#include "web/idempotency_key.h"
#include "web/response.h"
#include "web/route.h"

enum { LIMIT = 1 << 24, NOW = 1772366400 };

/* What the handler below does, and what it has seen. */
static struct {
	enum err err;
	const char *reason;
	int runs;
	bool again;
} work;

static enum err run(struct call *c)
{
	cJSON *json = json_object();

	work.runs++;
	work.again = c->again;
	if (work.err != OK) {
		fail(c->app, work.err, "it failed");
		if (work.reason)
			fault_reason(&c->app->fault, work.reason);
		return work.err;
	}
	json_add_int(json, "run", work.runs);
	response_json(c, 201, json);
	response_header(c, "Location", "/made");
	return OK;
}

static const struct route once =
    ROUTE_BARE_FLAGS(SCOPE_WRITE, POST, "/once", run, ROUTE_ONCE);
static const struct route claim =
    ROUTE_BARE_FLAGS(SCOPE_WRITE, POST, "/claim", run, ROUTE_CLAIM);
static const struct route heedless =
    ROUTE_BARE(SCOPE_WRITE, POST, "/heedless", run);

struct fixture {
	struct scratch s;
	struct arena a;
	struct app app;
	struct call call; /* the latest */
};

static void fixture_open(struct fixture *f)
{
	*f = (struct fixture){ .s = scratch_make(), .a = arena_make(LIMIT) };
	clock_set(NOW);
	scratch_app(&f->s, &f->a, &f->app);
	f->app.key_id = 1;
	work.err = OK;
	work.reason = NULL;
	work.runs = 0;
}

static void fixture_end(struct fixture *f)
{
	unsetenv("HTTP_IDEMPOTENCY_KEY");
	app_end(&f->app);
	arena_end(&f->a);
	scratch_end(&f->s);
}

struct asked {
	const struct route *route;
	int64_t id;
	const char *query, *body;
};

static enum err ask(struct fixture *f, const char *key, const struct asked *as)
{
	const char *why = NULL;

	f->app.fault = (struct fault){ 0 };
	f->call = (struct call){
		.app = &f->app, .arena = &f->a, .route = as->route, .id = as->id
	};
	f->call.request.method_name = "POST";
	f->call.request.query = as->query ? as->query : "";
	if (as->body)
		f->call.body = json_parse(as->body, strlen(as->body), &why);
	setenv("HTTP_IDEMPOTENCY_KEY", key, 1);
	return idempotency_key_run(&f->call);
}

static const char *header(const struct call *c, const char *name)
{
	for (size_t i = 0; i < c->response.count; i++) {
		if (strcmp(c->response.headers[i].name, name) == 0)
			return c->response.headers[i].value;
	}
	return NULL;
}

static void a_request_sent_again_gets_the_first_reply(void **state)
{
	static const struct route *const routes[] = { &once, &claim };
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	for (size_t i = 0; i < COUNT(routes); i++) {
		const struct asked as = { .route = routes[i] };

		work.runs = 0;
		assert_int_equal(ask(&f, routes[i]->path, &as), OK);
		assert_null(header(&f.call, "Idempotent-Replayed"));
		assert_int_equal(ask(&f, routes[i]->path, &as), OK);
		assert_int_equal(work.runs, 1);
		assert_int_equal(f.call.response.status, 201);
		assert_string_equal(f.call.response.body, "{\"run\":1}");
		assert_string_equal(header(&f.call, "Location"), "/made");
		assert_string_equal(
		    header(&f.call, "Idempotent-Replayed"), "true");
	}
}

static void another_key_or_a_route_that_heeds_none_runs_again(void **state)
{
	const struct asked to_once = { .route = &once };
	const struct asked to_heedless = { .route = &heedless };
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	assert_int_equal(ask(&f, "a", &to_once), OK);
	assert_int_equal(ask(&f, "b", &to_once), OK);
	f.app.key_id = 2; /* another caller's names are its own */
	assert_int_equal(ask(&f, "a", &to_once), OK);
	assert_int_equal(ask(&f, "a", &to_heedless), OK);
	assert_int_equal(ask(&f, "a", &to_heedless), OK);
	assert_int_equal(work.runs, 5);
}

static void a_key_stands_for_one_request_however_it_is_spelt(void **state)
{
	const struct asked first = { &claim, 7, "x=1&y=2", "{\"a\":[1]}" };
	const struct {
		struct asked as;
		bool same;
	} cases[] = {
		{ first, true },
		{ { &claim, 7, "api_key=k&x=1&&y=2", "{ \"a\": [ 1 ] }" },
		    true },
		{ { &claim, 8, "x=1&y=2", "{\"a\":[1]}" }, false },
		{ { &once, 7, "x=1&y=2", "{\"a\":[1]}" }, false },
		{ { &claim, 7, "x=1&y=3", "{\"a\":[1]}" }, false },
		{ { &claim, 7, "x=1", "{\"a\":[1]}" }, false },
		{ { &claim, 7, "x=1&y=2", "{\"a\":[2]}" }, false },
		{ { &claim, 7, "x=1&y=2", NULL }, false },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	assert_int_equal(ask(&f, "a", &first), OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum err err = ask(&f, "a", &cases[i].as);

		if (err != (cases[i].same ? OK : ERR_IDEMPOTENCY_MISMATCH))
			fail_msg("case %zu: %s", i, err_name(err));
	}
	assert_int_equal(work.runs, 1);
}

/* Whether the handler runs again after it has failed in this way. */
static bool runs_again(struct fixture *f, enum err err, const char *reason)
{
	const struct asked as = { .route = &claim };
	char name[32] = { 'k', (char)('0' + err / 10), (char)('0' + err % 10),
		reason ? reason[0] : '-' };

	work.runs = 0;
	work.err = err;
	work.reason = reason;
	if (ask(f, name, &as) == OK)
		assert_int_equal(f->call.response.status, err_status(err));
	work.err = OK;
	assert_int_equal(ask(f, name, &as), OK);
	return work.runs == 2;
}

static void only_what_would_always_fail_is_remembered(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	for (int i = OK + 1; i < ERR__COUNT; i++) {
		enum err err = (enum err)i;
		bool final = err == ERR_ALREADY_POSTED || err == ERR_DUPLICATE;

		if (runs_again(&f, err, NULL) == final)
			fail_msg("%s", err_name(err));
	}
	assert_false(runs_again(&f, ERR_TWEET_REFUSED, "no cashtags"));
	/* a row of these may turn out to be about the account */
	assert_true(runs_again(&f, ERR_TWEET_REFUSED, "Forbidden"));
}

static void a_run_that_did_something_is_known_to_the_next(void **state)
{
	static const struct {
		enum err err;
		bool again;
	} cases[] = {
		{ ERR_X_TIMEOUT, true },
		{ ERR_RATE_LIMITED, true },
		{ ERR_NEEDS_REAUTH, true },
		{ ERR_INVALID_INPUT, false },
		{ ERR_TWEET_NOT_FOUND, false },
	};
	const struct asked as = { .route = &claim };
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	for (size_t i = 0; i < COUNT(cases); i++) {
		runs_again(&f, cases[i].err, NULL);
		if (work.again != cases[i].again)
			fail_msg("%s", err_name(cases[i].err));
	}
	assert_int_equal(ask(&f, "fresh", &as), OK);
	assert_false(work.again);
}

static void a_name_that_did_nothing_is_free_for_another_request(void **state)
{
	const struct asked one = { .route = &claim, .id = 1 };
	const struct asked two = { .route = &claim, .id = 2 };
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	work.err = ERR_INVALID_INPUT;
	assert_int_equal(ask(&f, "a", &one), ERR_INVALID_INPUT);
	work.err = ERR_X_TIMEOUT;
	assert_int_equal(ask(&f, "a", &two), ERR_X_TIMEOUT);
	assert_int_equal(ask(&f, "a", &one), ERR_IDEMPOTENCY_MISMATCH);
}

static void a_failed_transaction_leaves_nothing(void **state)
{
	const struct asked as = { .route = &once };
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	work.err = ERR_ALREADY_POSTED;
	assert_int_equal(ask(&f, "a", &as), ERR_ALREADY_POSTED);
	assert_int_equal(f.call.response.status, 0);
	assert_int_equal(
	    scratch_number(&f.app.db, "SELECT count(*) FROM idempotency"), 0);
}

static void an_error_given_again_has_the_id_of_its_own_request(void **state)
{
	const struct asked as = { .route = &claim };
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	work.err = ERR_ALREADY_POSTED;
	assert_int_equal(ask(&f, "a", &as), OK);
	assert_non_null(
	    strstr(f.call.response.body, "\"request_id\":\"test\""));
	log_open(f.s.path, 1, "second");
	assert_int_equal(ask(&f, "a", &as), OK);
	assert_int_equal(work.runs, 1);
	assert_int_equal(f.call.response.status, 409);
	assert_non_null(
	    strstr(f.call.response.body, "\"request_id\":\"second\""));
}

#define FIFTY    "12345678901234567890123456789012345678901234567890"
#define NAME_255 FIFTY FIFTY FIFTY FIFTY FIFTY "12345"

static void a_name_is_a_token_or_a_string(void **state)
{
	static const struct {
		const char *header;
		const char *name; /* NULL: refused */
	} cases[] = {
		{ "a", "a" },
		{ " a\t", "a" },
		{ "\"a\"", "a" },
		{ "\"a,b\"", "a,b" },
		{ "\"a\\\"b\\\\\"", "a\"b\\" },
		{ "a\\b", "a\\b" },
		{ NAME_255, NAME_255 },
		{ NAME_255 "6", NULL },
		{ "a,b", NULL },
		{ "a b", NULL },
		{ "\"a b\"", NULL },
		{ "a\"b", NULL },
		{ "\"", NULL },
		{ "\"\"", NULL },
		{ "\"a", NULL },
		{ "\"a\\x\"", NULL },
		{ "\"a\\\"", NULL },
		{ "a\x7F", NULL },
		{ "caf\u00e9", NULL },
	};
	const struct asked as = { .route = &once };
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(db_query) q = { 0 };
		bool row = false;

		scratch_sql(&f.app.db, "DELETE FROM idempotency");
		if (ask(&f, cases[i].header, &as) !=
		    (cases[i].name ? OK : ERR_IDEMPOTENCY_KEY))
			fail_msg("case %zu", i);
		assert_int_equal(
		    db_prepare(&q, &f.app.db, "SELECT name FROM idempotency"),
		    OK);
		assert_int_equal(db_step(&q, &row), OK);
		assert_int_equal(row, cases[i].name != NULL);
		if (row)
			assert_string_equal(db_peek(&q, 0), cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_sent_again_gets_the_first_reply),
		cmocka_unit_test(
		    another_key_or_a_route_that_heeds_none_runs_again),
		cmocka_unit_test(
		    a_key_stands_for_one_request_however_it_is_spelt),
		cmocka_unit_test(only_what_would_always_fail_is_remembered),
		cmocka_unit_test(a_run_that_did_something_is_known_to_the_next),
		cmocka_unit_test(
		    a_name_that_did_nothing_is_free_for_another_request),
		cmocka_unit_test(a_failed_transaction_leaves_nothing),
		cmocka_unit_test(
		    an_error_given_again_has_the_id_of_its_own_request),
		cmocka_unit_test(a_name_is_a_token_or_a_string),
	};

	return RUN_TESTS(tests);
}
