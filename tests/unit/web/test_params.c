/* test_params.c - what a route declares is checked, typed and, where wrong,
 * named; what it does not declare is ignored. */
#include "unit/test.h"

#include <stdlib.h>

#include "unit/scratch.h"
#include "web/params.h"
#include "web/request.h"
#include "web/route.h"

enum { LIMIT = 1 << 24 };

static const char *const colours[] = { "red", "green", NULL };

enum { NUMBER, TEXT, FLAG, WORD, WORDS, WHERE, QUERIED, WHEN, IDS };
static const struct param params[] = {
	[NUMBER] = INT_IN(BODY, "number", OPTIONAL, 1, 100),
	[TEXT] = TEXT_IN(BODY, "text", OPTIONAL, 1, 5),
	[FLAG] = BOOL_IN(BODY, "flag", OPTIONAL),
	[WORD] = WORD_IN(BODY, "word", OPTIONAL, colours),
	[WORDS] = WORDS_IN(BODY, "words", OPTIONAL, colours),
	[WHERE] = TEXT_IN(EITHER, "where", OPTIONAL, 0, 5),
	[QUERIED] = INT_IN(QUERY, "queried", OPTIONAL, 0, INT64_MAX),
	[WHEN] = TIME_IN(BODY, "when", OPTIONAL),
	[IDS] = IDS_IN(BODY, "ids", OPTIONAL, 3),
};
static const struct param needed_params[] = {
	INT_IN(BODY, "one", REQUIRED, 1, INT64_MAX),
	TEXT_IN(QUERY, "two", REQUIRED, 1, 5),
};

static enum err none(struct call *c)
{
	(void)c;
	return OK;
}

static const struct route route = ROUTE(SCOPE_READ, POST, "/x", none, params);
static const struct route needing =
    ROUTE(SCOPE_READ, POST, "/x", none, needed_params);

struct asked {
	struct arena arena;
	struct app app;
	struct call call;
	enum err err;
};

static void asked_end(struct asked *a)
{
	arena_end(&a->arena);
}

/* Reads the parameters of a body (NULL: none) and a query. */
static void ask(struct asked *a, const struct route *of, const char *body,
    const char *query)
{
	const char *why = NULL;
	const cJSON *json = NULL;

	*a = (struct asked){ .arena = arena_make(LIMIT) };
	a->call.app = &a->app;
	a->call.arena = &a->arena;
	a->call.route = of;
	a->call.request.query = query;
	json_arena(&a->arena);
	if (body) {
		json = json_parse(body, strlen(body), &why);
		assert_non_null(json);
	}
	a->err = params_read(&a->call, json);
}

static const struct {
	const char *body, *query, *pointer;
} wrong_kinds[] = {
	{ "{\"number\":0}", "", "/number" },
	{ "{\"number\":101}", "", "/number" },
	{ "{\"number\":1.5}", "", "/number" },
	{ "{\"number\":1e1}", "", "/number" },
	{ "{\"number\":\"x\"}", "", "/number" },
	{ "{\"number\":\"\"}", "", "/number" },
	{ "{\"number\":true}", "", "/number" },
	{ "{\"number\":[1]}", "", "/number" },
	{ "{\"number\":{}}", "", "/number" },
	{ "{\"number\":99999999999999999999}", "", "/number" },
	{ "{\"text\":1}", "", "/text" },
	{ "{\"text\":\"\"}", "", "/text" },
	{ "{\"text\":\"123456\"}", "", "/text" },
	{ "{\"text\":[]}", "", "/text" },
	{ "{\"text\":false}", "", "/text" },
	{ "{\"flag\":1}", "", "/flag" },
	{ "{\"flag\":0}", "", "/flag" },
	{ "{\"flag\":\"true\"}", "", "/flag" },
	{ "{\"flag\":[]}", "", "/flag" },
	{ "{\"word\":\"blue\"}", "", "/word" },
	{ "{\"word\":\"Red\"}", "", "/word" },
	{ "{\"word\":\"\"}", "", "/word" },
	{ "{\"word\":[\"red\"]}", "", "/word" },
	{ "{\"words\":\"red\"}", "", "/words" },
	{ "{\"words\":[\"red\",\"blue\"]}", "", "/words" },
	{ "{\"words\":[1]}", "", "/words" },
	{ "{\"words\":[null]}", "", "/words" },
	{ "{\"words\":[[\"red\"]]}", "", "/words" },
	{ "{\"words\":{\"red\":1}}", "", "/words" },
	{ "{\"where\":7}", "", "/where" },
	{ NULL, "where=123456", "/where" },
	{ NULL, "where=%zz", "/where" },
	{ NULL, "where=a&where=b", "/where" },
	{ NULL, "queried=x", "/queried" },
	{ NULL, "queried=-1", "/queried" },
	{ NULL, "queried=1&queried=1", "/queried" },
	{ NULL, "queried=%00", "/queried" },
	{ NULL, "queried=1+", "/queried" },
	{ NULL, "queried=99999999999999999999", "/queried" },
	{ "{\"when\":\"2026-01-31 09:00:00Z\"}", "", "/when" },
	{ "{\"when\":\"2026-01-31T09:00:00\"}", "", "/when" },
	{ "{\"when\":\"2026-01-31\"}", "", "/when" },
	{ "{\"when\":\"2026-02-30T09:00:00Z\"}", "", "/when" },
	{ "{\"when\":\"tomorrow\"}", "", "/when" },
	{ "{\"when\":\"\"}", "", "/when" },
	{ "{\"when\":1769850000}", "", "/when" },
	{ "{\"ids\":[]}", "", "/ids" },
	{ "{\"ids\":[1,2,3,4]}", "", "/ids" },
	{ "{\"ids\":[0]}", "", "/ids" },
	{ "{\"ids\":[1,null]}", "", "/ids" },
	{ "{\"ids\":[1.5]}", "", "/ids" },
	{ "{\"ids\":1}", "", "/ids" },
	{ "{\"ids\":\"1\"}", "", "/ids" },
	{ "{\"ids\":{\"a\":1}}", "", "/ids" },
};

static void wrong_kinds_are_named_with_a_pointer(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong_kinds); i++) {
		SCOPED(asked) a;

		ask(&a, &route, wrong_kinds[i].body, wrong_kinds[i].query);
		if (a.err != ERR_INVALID_INPUT)
			fail_msg("taken: %s %s",
			    wrong_kinds[i].body ? wrong_kinds[i].body : "-",
			    wrong_kinds[i].query);
		assert_non_null(a.call.faults);
		assert_int_equal(cJSON_GetArraySize(a.call.faults), 1);
		assert_string_equal(json_text(a.call.faults->child, "pointer"),
		    wrong_kinds[i].pointer);
		assert_non_null(json_text(a.call.faults->child, "detail"));
	}
}

static void good_ones_arrive_typed(void **state)
{
	SCOPED(asked) a;

	(void)state;
	ask(&a, &route,
	    "{\"number\":\"100\",\"text\":\"12345\",\"flag\":false,"
	    "\"word\":\"green\",\"words\":[\"red\",\"red\"],\"where\":\"here\","
	    "\"when\":\"2026-01-31T09:00:00+01:00\",\"ids\":[3,\"4\"],"
	    "\"queried\":5,\"other\":{\"x\":[]}}",
	    "queried=0&where=there&number=7&other=1");
	assert_int_equal(a.err, OK);

	const struct arg *args = a.call.args;

	assert_int_equal(args[NUMBER].number, 100);
	assert_string_equal(args[TEXT].text, "12345");
	assert_true(args[FLAG].given);
	assert_false(args[FLAG].truth);
	assert_string_equal(args[WORD].text, "green");
	assert_string_equal(args[WORDS].list[1], "red");
	assert_null(args[WORDS].list[2]);
	assert_string_equal(args[WHERE].text, "here");
	assert_int_equal(args[QUERIED].number, 0);
	assert_int_equal(args[WHEN].number, 1769846400);
	assert_int_equal(args[IDS].ids[0], 3);
	assert_int_equal(args[IDS].ids[1], 4);
	assert_int_equal(args[IDS].ids[2], 0);
}

static void what_is_absent_null_or_empty_is_not_given(void **state)
{
	static const struct {
		const char *body, *query;
	} cases[] = {
		{ NULL, "" },
		{ "{}", "queried&where=" },
		/* in the query, where it does not belong */
		{ NULL, "number=7&text=x&flag=true&when=x&ids=1" },
		{ "{\"queried\":1}", "" },
		{ "{\"number\":null,\"text\":null,\"flag\":null,\"word\":null,"
		  "\"words\":null,\"where\":null,\"when\":null,\"ids\":null}",
		    "queried=" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(asked) a;

		ask(&a, &route, cases[i].body, cases[i].query);
		assert_int_equal(a.err, OK);
		for (size_t k = 0; k < COUNT(params); k++)
			assert_false(a.call.args[k].given);
	}
}

static void empty_lists_are_given(void **state)
{
	SCOPED(asked) a;

	(void)state;
	ask(&a, &route, "{\"words\":[]}", "");
	assert_int_equal(a.err, OK);
	assert_true(a.call.args[WORDS].given);
	assert_null(a.call.args[WORDS].list[0]);
}

static void all_complaints_come_in_one_answer(void **state)
{
	SCOPED(asked) a;

	(void)state;
	ask(&a, &route,
	    "{\"number\":0,\"text\":1,\"flag\":2,\"word\":3,\"words\":4,"
	    "\"where\":5,\"when\":6,\"ids\":7}",
	    "queried=x");
	assert_int_equal(a.err, ERR_INVALID_INPUT);
	assert_int_equal(cJSON_GetArraySize(a.call.faults), (int)COUNT(params));
	assert_non_null(strstr(a.app.fault.words, "number: "));
}

static void what_is_required_is_missed(void **state)
{
	static const struct {
		const char *body, *query;
		int faults;
	} cases[] = {
		{ NULL, "", 2 },
		{ "{}", "two", 2 },
		{ "{\"one\":null,\"two\":\"x\"}", "one=1", 2 },
		{ "{\"one\":1}", "", 1 },
		{ "{\"ONE\":1}", "two=x", 1 },
		{ "{\"one\":1}", "two=x", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(asked) a;

		ask(&a, &needing, cases[i].body, cases[i].query);
		assert_int_equal(
		    a.err, cases[i].faults ? ERR_INVALID_INPUT : OK);
		assert_int_equal(
		    cJSON_GetArraySize(a.call.faults), cases[i].faults);
	}
}

static void a_handler_can_complain_too(void **state)
{
	SCOPED(asked) a;

	(void)state;
	ask(&a, &route, NULL, "");
	assert_int_equal(params_refuse(&a.call, "text", "is %d too long", 5),
	    ERR_INVALID_INPUT);
	assert_string_equal(a.app.fault.words, "text: is 5 too long");
	assert_string_equal(
	    json_text(a.call.faults->child, "pointer"), "/text");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_kinds_are_named_with_a_pointer),
		cmocka_unit_test(good_ones_arrive_typed),
		cmocka_unit_test(what_is_absent_null_or_empty_is_not_given),
		cmocka_unit_test(empty_lists_are_given),
		cmocka_unit_test(all_complaints_come_in_one_answer),
		cmocka_unit_test(what_is_required_is_missed),
		cmocka_unit_test(a_handler_can_complain_too),
	};

	return RUN_TESTS(tests);
}
