/* test_tag.c - for how long, and of what, a reply's tag holds. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "unit/scratch.h"
#include "web/response.h"
#include "web/route.h"
#include "web/tag.h"

enum { LIMIT = 1 << 24, NOW = 1772366400 };

/* What the handler below answers. */
static struct {
	int status;
	int64_t until; /* 0: for ever */
	int runs;
} work;

static enum err run(struct call *c)
{
	work.runs++;
	if (work.until)
		app_valid_until(c->app, work.until);
	response_text(c, work.status, "{}");
	return OK;
}

static const struct route tagged =
    ROUTE_BARE_FLAGS(SCOPE_READ, GET, "/tagged", run, ROUTE_TAGGED);
static const struct route plain = ROUTE_BARE(SCOPE_READ, GET, "/plain", run);

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
	work.status = 200;
	work.until = 0;
	work.runs = 0;
}

static void fixture_end(struct fixture *f)
{
	unsetenv("HTTP_IF_NONE_MATCH");
	app_end(&f->app);
	arena_end(&f->a);
	scratch_end(&f->s);
}

/* Asks with If-None-Match (NULL: without); gives the reply's tag. */
static const char *ask(struct fixture *f, const struct route *route, int64_t id,
    const char *query, const char *match)
{
	f->app.valid_until = 0;
	f->app.opened_at = clock_now();
	f->call = (struct call){
		.app = &f->app, .arena = &f->a, .route = route, .id = id
	};
	f->call.request.query = query;
	if (match)
		setenv("HTTP_IF_NONE_MATCH", match, 1);
	else
		unsetenv("HTTP_IF_NONE_MATCH");
	assert_int_equal(tag_run(&f->call), OK);
	for (size_t i = 0; i < f->call.response.count; i++) {
		if (strcmp(f->call.response.headers[i].name, "ETag") == 0)
			return f->call.response.headers[i].value;
	}
	return NULL;
}

static bool is_same(struct fixture *f, const char *match)
{
	ask(f, &tagged, 0, "", match);
	return f->call.response.status == 304;
}

static void a_tag_holds_for_as_long_as_its_reply(void **state)
{
	static const struct {
		int64_t until, later;
		bool holds;
	} cases[] = {
		{ 0, 0, true },
		{ 0, 86400, true },
		{ NOW + 60, 0, true },
		{ NOW + 60, 59, true },
		{ NOW + 60, 60, false },
		{ NOW + 60, 61, false },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	for (size_t i = 0; i < COUNT(cases); i++) {
		clock_set(NOW);
		work.until = cases[i].until;

		const char *tag = ask(&f, &tagged, 0, "", NULL);

		clock_set(NOW + cases[i].later);
		if (is_same(&f, tag) != cases[i].holds)
			fail_msg("case %zu: %s", i, tag);
	}
}

static enum err run_slowly(struct call *c)
{
	app_valid_until(c->app, NOW + 1);
	clock_set(NOW + 1);
	response_text(c, 200, "{}");
	return OK;
}

static void a_reply_that_is_out_of_date_already_has_no_tag(void **state)
{
	static const struct route slow = ROUTE_BARE_FLAGS(
	    SCOPE_READ, GET, "/slow", run_slowly, ROUTE_TAGGED);
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	assert_null(ask(&f, &slow, 0, "", NULL));
	assert_int_equal(f.call.response.status, 200);
}

static void a_same_reply_is_not_made(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);

	const char *tag = ask(&f, &tagged, 0, "", NULL);

	assert_true(is_same(&f, tag));
	assert_null(f.call.response.body);
	assert_int_equal(work.runs, 1);
}

static void a_tag_is_of_one_question_caller_and_state(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);

	const char *tag = ask(&f, &tagged, 1, "a=1", NULL);

	assert_string_equal(ask(&f, &tagged, 1, "api_key=x&a=1", NULL), tag);
	assert_string_not_equal(ask(&f, &tagged, 2, "a=1", NULL), tag);
	assert_string_not_equal(ask(&f, &tagged, 1, "a=2", NULL), tag);
	f.app.config.tick_interval_minutes++;
	assert_string_not_equal(ask(&f, &tagged, 1, "a=1", NULL), tag);
	f.app.config.tick_interval_minutes--;
	f.app.key_id = 2;
	assert_string_not_equal(ask(&f, &tagged, 1, "a=1", NULL), tag);
	f.app.key_id = 1;
	assert_string_equal(ask(&f, &tagged, 1, "a=1", NULL), tag);
	scratch_sql(&f.app.db, "INSERT INTO kv VALUES('a', 'b')");
	assert_string_not_equal(ask(&f, &tagged, 1, "a=1", NULL), tag);
}

static void a_tag_is_found_in_any_list(void **state)
{
	static const struct {
		const char *form; /* of If-None-Match around the tag */
		bool same;
	} cases[] = {
		{ "W/\"%s\"", true },
		{ "\"%s\"", true },
		{ "\"%s-gzip\"", true },
		{ "\"a\", \"%s\"", true },
		{ "W/\"a\",W/\"%s\" , \"b\"", true },
		{ "*", true },
		{ " * ", true },
		{ "%s", false },
		{ "\"x%s\"", false },
		{ "\"%sx\"", false },
		{ "\"a\"", false },
		{ "a, \"%s\"", false },
	};
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);

	const char *tag = ask(&f, &tagged, 0, "", NULL);
	char bare[64] = "";

	memcpy(bare, tag + 3, strlen(tag) - 4);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *at = strstr(cases[i].form, "%s");
		size_t n = at ? (size_t)(at - cases[i].form) : 0;
		char text[128];

		snprintf(text, sizeof(text), "%.*s%s%s", (int)n, cases[i].form,
		    at ? bare : "", at ? at + 2 : cases[i].form);
		if (is_same(&f, text) != cases[i].same)
			fail_msg("%s", text);
	}
}

static void errors_and_other_routes_have_no_tag(void **state)
{
	SCOPED(fixture) f;

	(void)state;
	fixture_open(&f);
	assert_null(ask(&f, &plain, 0, "", "*"));
	assert_int_equal(f.call.response.status, 200);
	work.status = 404;
	assert_null(ask(&f, &tagged, 0, "", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tag_holds_for_as_long_as_its_reply),
		cmocka_unit_test(
		    a_reply_that_is_out_of_date_already_has_no_tag),
		cmocka_unit_test(a_same_reply_is_not_made),
		cmocka_unit_test(a_tag_is_of_one_question_caller_and_state),
		cmocka_unit_test(a_tag_is_found_in_any_list),
		cmocka_unit_test(errors_and_other_routes_have_no_tag),
	};

	return RUN_TESTS(tests);
}
