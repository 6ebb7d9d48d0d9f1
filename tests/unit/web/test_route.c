/* test_route.c - the path, as each kind of server splits it, finds its row. */
#include "unit/test.h"

#include <stdlib.h>

#include "unit/scratch.h"
#include "web/request.h"
#include "web/route.h"

enum { LIMIT = 1 << 24 };

static enum err none(struct call *c)
{
	(void)c;
	return OK;
}

/* The paths of the real programs, those that are told apart with difficulty. */
static const struct route routes[] = {
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/accounts", none),
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/accounts/{id}", none),
	ROUTE_BARE(SCOPE_READ, DELETE, "/api/v1/accounts/{id}", none),
	ROUTE_BARE(SCOPE_READ, POST, "/api/v1/accounts/cleanup", none),
	ROUTE_BARE(SCOPE_READ, POST, "/api/v1/tweet", none),
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/tweets", none),
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/tweets/{id}", none),
	ROUTE_BARE(SCOPE_READ, POST, "/api/v1/tweet/post/{id}", none),
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/auth/twitter", none),
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/auth/callback", none),
	ROUTE_BARE_FLAGS(SCOPE_READ, GET, "/auth/callback", none, 0),
};

struct asked {
	struct arena arena;
	struct app app;
	struct call call;
	enum err err;
};

static void asked_end(struct asked *asked)
{
	arena_end(&asked->arena);
}

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* Asks for a path as a server would; NULL leaves a variable out. */
static void ask(struct asked *asked, const char *method, const char *script,
    const char *info)
{
	struct call *c = &asked->call;

	*asked = (struct asked){ .arena = arena_make(LIMIT) };
	c->app = &asked->app;
	c->arena = &asked->arena;
	set("REQUEST_METHOD", method);
	set("SCRIPT_NAME", script);
	set("PATH_INFO", info);
	asked->err = request_read(c);
	if (asked->err == OK)
		asked->err = route_find(c, routes, COUNT(routes));
}

static const struct {
	const char *script, *info, *wanted;
	int64_t id;
} splits[] = {
	/* lighttpd, apache, nginx, uwsgi, civetweb, webrick, tree */
	{ "/api/v1/accounts", "/7", "/api/v1/accounts/{id}", 7 },
	{ "/api/v1/accounts", NULL, "/api/v1/accounts", 0 },
	{ "/api/v1/accounts", "", "/api/v1/accounts", 0 },
	{ "/api/v1/accounts", "/", "/api/v1/accounts", 0 },
	{ "/api/v1/accounts", "//", "/api/v1/accounts", 0 },
	{ "/api/v1/accounts", "/7/", "/api/v1/accounts/{id}", 7 },
	{ "/api/v1/accounts", "//7//", "/api/v1/accounts/{id}", 7 },
	{ "/api/v1/accounts/", "7", "/api/v1/accounts/{id}", 7 },
	{ "//api//v1/accounts", "/7", "/api/v1/accounts/{id}", 7 },
	/* h2o */
	{ "/api/v1/accounts/7", NULL, "/api/v1/accounts/{id}", 7 },
	{ "/api/v1/accounts/", NULL, "/api/v1/accounts", 0 },
	/* all in PATH_INFO */
	{ NULL, "/api/v1/accounts/7", "/api/v1/accounts/{id}", 7 },
	{ "", "/api/v1/accounts", "/api/v1/accounts", 0 },
	/* mounted below something */
	{ "/api/v1x/accounts", NULL, "/api/v1/accounts", 0 },
	{ "/tm/api/v1/accounts", "/7", "/api/v1/accounts/{id}", 7 },
	{ "/cgi-bin/x.cgi", "/api/v1/tweets", "/api/v1/tweets", 0 },
	/* busybox, rewrites, yaws, merecat, python */
	{ "/cgi-bin/accounts.cgi", "/7", "/api/v1/accounts/{id}", 7 },
	{ "/cgi-bin/accounts.cgi", NULL, "/api/v1/accounts", 0 },
	{ "/cgi-bin/accounts", "/7", "/api/v1/accounts/{id}", 7 },
	/* caddy, haproxy, fossil */
	{ "/accounts.cgi", "/7", "/api/v1/accounts/{id}", 7 },
	{ "/accounts.cgi", "//7/", "/api/v1/accounts/{id}", 7 },
	{ "/ext/accounts.cgi", "/7", "/api/v1/accounts/{id}", 7 },
	/* words of another name in one program */
	{ "/cgi-bin/tweets.cgi", "/tweet/post/3", "/api/v1/tweet/post/{id}",
	    3 },
	{ "/cgi-bin/tweets.cgi", "/tweet", "/api/v1/tweet", 0 },
	{ "/cgi-bin/tweets.cgi", "/tweets/3", "/api/v1/tweets/{id}", 3 },
	{ "/cgi-bin/tweets.cgi", "/3", "/api/v1/tweets/{id}", 3 },
	{ "/tweet.cgi", "/post/3", "/api/v1/tweet/post/{id}", 3 },
	/* the callback */
	{ "/auth/callback", NULL, "/auth/callback", 0 },
	{ "/auth", "/callback", "/auth/callback", 0 },
	{ "/cgi-bin/auth.cgi", "/callback", "/auth/callback", 0 },
	{ "/cgi-bin/auth", "/callback", "/auth/callback", 0 },
	{ "/cgi-bin/auth.cgi", "/twitter", "/api/v1/auth/twitter", 0 },
	{ "/cgi-bin/auth", "/twitter", "/api/v1/auth/twitter", 0 },
	{ "/api/v1/auth", "/callback", "/api/v1/auth/callback", 0 },
	{ "/api/v1/auth/callback", NULL, "/api/v1/auth/callback", 0 },
};

static void every_servers_split_finds_the_route(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(splits); i++) {
		SCOPED(asked) a;

		ask(&a, "GET", splits[i].script, splits[i].info);
		if (a.err == ERR_METHOD_NOT_ALLOWED) {
			asked_end(&a);
			ask(&a, "POST", splits[i].script, splits[i].info);
		}
		if (a.err != OK || !a.call.route ||
		    strcmp(a.call.route->path, splits[i].wanted) != 0 ||
		    a.call.id != splits[i].id)
			fail_msg("%s + %s is %s",
			    splits[i].script ? splits[i].script : "-",
			    splits[i].info ? splits[i].info : "-",
			    a.call.route ? a.call.route->path
					 : err_name(a.err));
	}
}

static void what_is_no_route_is_not_found(void **state)
{
	static const struct {
		const char *script, *info;
	} cases[] = {
		{ "/api/v1/accounts", "/7?a=b" },
		{ "/api/v1/accounts", "/0" },
		{ "/api/v1/accounts", "/-1" },
		{ "/api/v1/accounts", "/+7" },
		{ "/api/v1/accounts", "/7x" },
		{ "/api/v1/accounts", "/ 7" },
		{ "/api/v1/accounts", "/7%2F" },
		{ "/api/v1/accounts", "/7.0" },
		{ "/api/v1/accounts", "/9223372036854775808" },
		{ "/api/v1/accounts", "/99999999999999999999999" },
		{ "/api/v1/accounts", "/7/x" },
		{ "/api/v1/accounts", "/{id}" },
		{ "/api/v1/accounts", "/Cleanup" },
		{ "/api/v1/Accounts", NULL },
		{ "/api/v1/accountsX", NULL },
		{ "/api/v1/account", NULL },
		{ "/api/v1", NULL },
		{ "/api/v1", "/" },
		{ "/", NULL },
		{ NULL, NULL },
		{ "/api/v1/tweets", "/tweets/3" },
		{ "/api/v1/tweets", "/api/v1/tweets/3" },
		{ "/api/v1/accounts", "/api/v1/tweets" },
		{ "/auth/callback", "/x" },
		{ "/auth/twitter", NULL },
		{ "/auth", NULL },
		{ "/cgi-bin/accounts.cgi", "/7/8" },
		{ "/cgi-bin/other.cgi", "/7" },
		{ "/tweets.cgi", "/post/3" }, /* ambiguous, so nothing */
		/* a prefix counts only where the server itself put it */
		{ "/cgi-bin/accounts.cgi", "/x/api/v1/tweets" },
		{ "/api", "/x/api/v1/accounts/7" },
		{ "/cgi-bin/auth", "/x/auth/callback" },
		/* and where it ends at a slash */
		{ "/api/v1x/cgi-bin/x.cgi", "/api/v1/accounts" },
		{ "/authx/callback", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(asked) a;

		ask(&a, "GET", cases[i].script, cases[i].info);
		if (a.err != ERR_NOT_FOUND)
			fail_msg("%s + %s: %s",
			    cases[i].script ? cases[i].script : "-",
			    cases[i].info ? cases[i].info : "-",
			    a.call.route ? a.call.route->path
					 : err_name(a.err));
	}
}

static void paths_that_hide_something_are_refused(void **state)
{
	static const struct {
		const char *script, *info;
	} cases[] = {
		{ "/api/v1/accounts", "/a\nb" },
		{ "/api/v1/accounts", "/\x01" },
		{ "/api/v1/accounts", "/7\r" },
		{ "/api/v1/accounts", "/\x7F" },
		{ "/api/v1/accounts", "/\xFF\xFE" },
		{ "/api/v1/accounts", "/\xC3" },
		{ "/api/v1/accounts", "/../x" },
		{ "/api/v1/accounts", "/.." },
		{ "/api/v1/accounts", "/." },
		{ "/api/v1/accounts", "/./7" },
		{ "/api/v1/accounts/..", "/accounts" },
		{ "/api/v1/accounts", "/7/../../etc" },
		{ "/api/./v1/accounts", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(asked) a;

		ask(&a, "GET", cases[i].script, cases[i].info);
		assert_int_equal(a.err, ERR_BAD_REQUEST);
	}
}

static const char *allowed(const struct asked *a)
{
	for (size_t i = 0; i < a->call.response.count; i++) {
		if (strcmp(a->call.response.headers[i].name, "Allow") == 0)
			return a->call.response.headers[i].value;
	}
	return NULL;
}

static void methods_are_told_from_the_same_table(void **state)
{
	static const struct {
		const char *method, *path;
		enum err wanted;
		const char *allow;
	} cases[] = {
		{ "GET", "/api/v1/accounts/7", OK, NULL },
		{ "HEAD", "/api/v1/accounts/7", OK, NULL },
		{ "DELETE", "/api/v1/accounts/7", OK, NULL },
		{ "OPTIONS", "/api/v1/accounts/7", OK,
		    "GET, HEAD, DELETE, OPTIONS" },
		{ "POST", "/api/v1/accounts/7", ERR_METHOD_NOT_ALLOWED,
		    "GET, HEAD, DELETE, OPTIONS" },
		{ "PUT", "/api/v1/accounts", ERR_METHOD_NOT_ALLOWED,
		    "GET, HEAD, OPTIONS" },
		{ "PATCH", "/api/v1/accounts", ERR_METHOD_NOT_ALLOWED,
		    "GET, HEAD, OPTIONS" },
		{ "TRACE", "/api/v1/accounts", ERR_METHOD_NOT_ALLOWED,
		    "GET, HEAD, OPTIONS" },
		{ "HEAD", "/api/v1/tweet", ERR_METHOD_NOT_ALLOWED,
		    "POST, OPTIONS" },
		{ "GET", "/api/v1/accounts/cleanup", ERR_METHOD_NOT_ALLOWED,
		    "POST, OPTIONS" },
		{ "OPTIONS", "/api/v1/none", ERR_NOT_FOUND, NULL },
		{ "POST", "/api/v1/none", ERR_NOT_FOUND, NULL },
		{ "get", "/api/v1/accounts", ERR_METHOD_UNKNOWN, NULL },
		{ "PROPFIND", "/api/v1/accounts", ERR_METHOD_UNKNOWN, NULL },
		{ "GETX", "/api/v1/accounts", ERR_METHOD_UNKNOWN, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(asked) a;

		ask(&a, cases[i].method, cases[i].path, NULL);
		if (a.err != cases[i].wanted)
			fail_msg("%s %s: %s", cases[i].method, cases[i].path,
			    err_name(a.err));
		if (cases[i].allow)
			assert_string_equal(allowed(&a), cases[i].allow);
		else
			assert_null(allowed(&a));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_servers_split_finds_the_route),
		cmocka_unit_test(what_is_no_route_is_not_found),
		cmocka_unit_test(paths_that_hide_something_are_refused),
		cmocka_unit_test(methods_are_told_from_the_same_table),
	};

	return RUN_TESTS(tests);
}
