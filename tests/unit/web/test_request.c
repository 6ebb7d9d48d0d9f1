/* test_request.c - what the variables of a request are taken for. */
#include "unit/test.h"

#include <stdlib.h>

#include "unit/scratch.h"
#include "web/request.h"

enum { LIMIT = 1 << 24 };

static const char *const variables[] = { "REQUEST_METHOD", "SCRIPT_NAME",
	"PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "CONTENT_TYPE",
	"HTTP_CONTENT_TYPE", "HTTP_TRANSFER_ENCODING", "HTTP_X_API_KEY",
	"HTTP_AUTHORIZATION", "REDIRECT_HTTP_AUTHORIZATION",
	"HTTP_X_REQUEST_ID", "REMOTE_USER", "AUTH_TYPE" };

static int forget(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	setenv("REQUEST_METHOD", "GET", 1);
	setenv("SCRIPT_NAME", "/api/v1/stats", 1);
	return 0;
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static const struct {
	const char *header, *bearer, *redirected, *query;
	const char *wanted; /* NULL: none */
} keys[] = {
	{ "a", "Bearer b", "Bearer c", "api_key=d", "a" },
	{ NULL, "Bearer b", "Bearer c", "api_key=d", "b" },
	{ "", "Bearer b", NULL, NULL, "b" },
	{ " \t", "Bearer b", NULL, NULL, "b" },
	{ NULL, NULL, "Bearer c", "api_key=d", "c" },
	{ NULL, NULL, NULL, "api_key=d", "d" },
	{ NULL, NULL, NULL, NULL, NULL },
	/* a bad one is not skipped */
	{ "a,b", "Bearer b", NULL, "api_key=d", NULL },
	{ "a, b", NULL, NULL, "api_key=d", NULL },
	{ NULL, "Bearer b c", NULL, "api_key=d", NULL },
	/* but what is no key at all is */
	{ NULL, "Basic dTpw", NULL, "api_key=d", "d" },
	{ NULL, "Bearer", "Bearer c", NULL, "c" },
	{ NULL, "", NULL, "api_key=d", "d" },
	/* white space around it, the scheme in any case */
	{ " a\t ", NULL, NULL, NULL, "a" },
	{ NULL, "  bEaReR \t b ", NULL, NULL, "b" },
	{ NULL, "Bearerb", NULL, NULL, NULL },
	{ NULL, "Token b", NULL, NULL, NULL },
	/* none of these can be a key */
	{ "a b", NULL, NULL, NULL, NULL },
	{ "a\tb", NULL, NULL, NULL, NULL },
	{ "a\nb", NULL, NULL, NULL, NULL },
	{ "a\r\n b", NULL, NULL, NULL, NULL },
	{ "a\x7F", NULL, NULL, NULL, NULL },
	{ "\xC3\xA9", NULL, NULL, NULL, NULL },
	{ NULL, NULL, NULL, "api_key=", NULL },
	{ NULL, NULL, NULL, "api_key=d&api_key=d", NULL },
	{ NULL, NULL, NULL, "api_key=%zz", NULL },
	{ NULL, NULL, NULL, "api_key=d%00", NULL },
	{ NULL, NULL, NULL, "api_key=d+e", NULL },
	{ NULL, NULL, NULL, "x=1&api_key=%64&y", "d" },
	{ NULL, NULL, NULL, "%61pi_key=d", "d" },
	{ NULL, NULL, NULL, "API_KEY=d", NULL },
};

static void the_key_is_looked_up_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct app app = { 0 };
		struct call c = { .app = &app, .arena = &a };

		set("HTTP_X_API_KEY", keys[i].header);
		set("HTTP_AUTHORIZATION", keys[i].bearer);
		set("REDIRECT_HTTP_AUTHORIZATION", keys[i].redirected);
		set("QUERY_STRING", keys[i].query);
		set("REMOTE_USER", "admin");
		set("AUTH_TYPE", "Bearer");
		assert_int_equal(request_read(&c), OK);

		const char *key = request_key(&c);

		if (!key != !keys[i].wanted ||
		    (key && strcmp(key, keys[i].wanted) != 0))
			fail_msg("row %d: %s", (int)i, key ? key : "none");
	}
}

static void a_query_is_decoded_once(void **state)
{
	static const struct {
		const char *query;
		int times;
		const char *wanted; /* of x; NULL: none */
	} cases[] = {
		{ NULL, 0, NULL },
		{ "", 0, NULL },
		{ "y=1", 0, NULL },
		{ "x", 1, NULL },
		{ "x=", 1, NULL },
		{ "x=1", 1, "1" },
		{ "&&x=1&", 1, "1" },
		{ "x=a+b%20c", 1, "a b c" },
		{ "x=%2B%26%3D", 1, "+&=" },
		{ "x=%2541", 1, "%41" },
		{ "x=a=b", 1, "a=b" },
		{ "x=a?b=c", 1, "a?b=c" },
		{ "x=%C3%A9", 1, "\xC3\xA9" },
		{ "x=\xC3\xA9", 1, "\xC3\xA9" },
		{ "x=1&x=2", 2, "1" },
		{ "x=&x=2", 2, "2" },
		{ "x=1&x", 2, "1" },
		{ "x=%00", -1, NULL },
		{ "x=a%00b", -1, NULL },
		{ "x=%", -1, NULL },
		{ "x=%4", -1, NULL },
		{ "x=%zz", -1, NULL },
		{ "x=%FF", -1, NULL },
		{ "x=\xFF", -1, NULL },
		{ "x=%ED%A0%80", -1, NULL },
		{ "X=1", 0, NULL },
		{ "x%00=1", 0, NULL },
		{ "x;y=1", 0, NULL },
	};

	(void)state;
	forget(NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct app app = { 0 };
		struct call c = { .app = &app, .arena = &a };
		int times = 0;

		set("QUERY_STRING", cases[i].query);
		assert_int_equal(request_read(&c), OK);

		const char *value = request_query(&c, "x", &times);

		if (times != cases[i].times || !value != !cases[i].wanted ||
		    (value && strcmp(value, cases[i].wanted) != 0))
			fail_msg("%s: %d, %s", cases[i].query, times,
			    value ? value : "none");
	}
}

static void a_length_is_plain_digits_or_bad(void **state)
{
	static const struct {
		const char *text;
		bool given, bad;
		int64_t length;
	} cases[] = {
		{ NULL, false, false, 0 },
		{ "", false, false, 0 },
		{ "0", true, false, 0 },
		{ "12", true, false, 12 },
		{ "0012", true, false, 12 },
		{ "9223372036854775807", true, false, INT64_MAX },
		{ "-1", false, true, 0 },
		{ "-5", false, true, 0 },
		{ "abc", false, true, 0 },
		{ "3, 4", false, true, 0 },
		{ "3,3", false, true, 0 },
		{ "+5", false, true, 0 },
		{ " 5", false, true, 0 },
		{ "5 ", false, true, 0 },
		{ "0x5", false, true, 0 },
		{ "5.0", false, true, 0 },
		{ "99999999999999999999", false, true, 0 },
	};

	(void)state;
	forget(NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct app app = { 0 };
		struct call c = { .app = &app, .arena = &a };
		const struct request *r = &c.request;

		set("CONTENT_LENGTH", cases[i].text);
		assert_int_equal(request_read(&c), OK);
		if (r->length_given != cases[i].given ||
		    r->length_bad != cases[i].bad ||
		    r->length != cases[i].length)
			fail_msg("%s", cases[i].text);
		assert_true(r->unread == r->length);
	}
	forget(NULL);
}

static void a_callers_request_id_is_used_if_it_is_sane(void **state)
{
	static const struct {
		const char *id;
		bool sane;
	} cases[] = {
		{ "a", true },
		{ "0123-4567_89.AZaz", true },
		{ "0123456789012345678901234567890123456789"
		  "012345678901234567890123",
		    true },
		{ "0123456789012345678901234567890123456789"
		  "0123456789012345678901234",
		    false },
		{ NULL, false },
		{ "", false },
		{ " a", false },
		{ "a b", false },
		{ "a\nb", false },
		{ "a\r\nX: y", false },
		{ "a,b", false },
		{ "\"a\"", false },
		{ "<b>", false },
		{ "a/b", false },
		{ "\xC3\xA9", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		set("HTTP_X_REQUEST_ID", cases[i].id);
		if (cases[i].sane)
			assert_string_equal(request_given_id(), cases[i].id);
		else
			assert_null(request_given_id());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_is_looked_up_in_order),
		cmocka_unit_test(a_query_is_decoded_once),
		cmocka_unit_test(a_length_is_plain_digits_or_bad),
		cmocka_unit_test(a_callers_request_id_is_used_if_it_is_sane),
	};

	return cmocka_run_group_tests(tests, forget, NULL);
}
