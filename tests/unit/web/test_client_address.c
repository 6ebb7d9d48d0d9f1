/* test_client_address.c - whose address a request counts as. */
#include "unit/test.h"

#include <stdlib.h>

#include "base/env.h"
#include "web/client_address.h"

enum { LIMIT = 1 << 24 };

static const struct {
	const char *remote, *forwarded, *trusted;
	const char *wanted; /* NULL: unknown */
	bool ignored;       /* the header names somebody else */
} cases[] = {
	/* nobody is trusted */
	{ "192.0.2.1", NULL, NULL, "192.0.2.1", false },
	{ "192.0.2.1", "203.0.113.7", NULL, "192.0.2.1", true },
	{ "192.0.2.1", "192.0.2.1", NULL, "192.0.2.1", false },
	{ "192.0.2.1", "unknown", NULL, "192.0.2.1", false },
	{ NULL, "203.0.113.7", NULL, NULL, false },
	{ "", "203.0.113.7", "10.0.0.0/8", NULL, false },
	{ "unix:", "203.0.113.7", "10.0.0.0/8", NULL, false },
	/* a client that is no proxy of ours */
	{ "192.0.2.1", "203.0.113.7", "10.0.0.0/8", "192.0.2.1", true },
	/* one proxy; what a client wrote before it does not count */
	{ "10.0.0.1", "203.0.113.7", "10.0.0.0/8", "203.0.113.7", false },
	{ "10.0.0.1", "6.6.6.6, 203.0.113.7", "10.0.0.0/8", "203.0.113.7",
	    false },
	{ "10.0.0.1", "unknown, 203.0.113.7:4711", "10.0.0.1", "203.0.113.7",
	    false },
	{ "::ffff:10.0.0.1", "[2001:db8::1]:443", "10.0.0.1", "2001:db8::1",
	    false },
	{ "10.0.0.1", NULL, "10.0.0.1", "10.0.0.1", false },
	{ "10.0.0.1", "", "10.0.0.1", "10.0.0.1", false },
	/* several hops: the last that is none of ours */
	{ "10.0.0.1", "6.6.6.6,203.0.113.7,10.0.0.3, 10.0.0.2", "10.0.0.0/8",
	    "203.0.113.7", false },
	{ "10.0.0.1", "6.6.6.6, 192.0.2.9, 10.0.0.2", "10.0.0.0/8", "192.0.2.9",
	    false },
	{ "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.0/8", "10.0.0.3", false },
	/* what is unreadable is not skipped */
	{ "10.0.0.1", "6.6.6.6, unknown", "10.0.0.1", "10.0.0.1", false },
	{ "10.0.0.1", "6.6.6.6, , 10.0.0.2", "10.0.0.0/8", "10.0.0.2", false },
	{ "10.0.0.1", "6.6.6.6,", "10.0.0.1", "10.0.0.1", false },
};

static void set(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* The caller by the environment, with TRUSTED as TRUSTED_PROXIES. */
static struct call call_of(
    struct app *app, struct arena *a, const char *trusted)
{
	*app = (struct app){ .arena = a };
	if (trusted)
		assert_true(
		    ip_list_read(a, trusted, &app->config.trusted_proxies));
	return (struct call){ .app = app, .arena = a };
}

static void the_last_hop_that_is_no_proxy_of_ours_is_the_caller(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct app app;
		struct call c = call_of(&app, &a, cases[i].trusted);

		set("REMOTE_ADDR", cases[i].remote);
		set("HTTP_X_FORWARDED_FOR", cases[i].forwarded);

		const char *got = client_address(&c);

		if (cases[i].wanted)
			assert_string_equal(got, cases[i].wanted);
		else
			assert_null(got);
		assert_int_equal(client_is_forwarded(&c), cases[i].ignored);
	}
}

static void of_two_forwarded_headers_neither_counts(void **state)
{
	char remote[] = "REMOTE_ADDR=10.0.0.1";
	char first[] = "HTTP_X_FORWARDED_FOR=203.0.113.7";
	char second[] = "HTTP_X_FORWARDED_FOR=6.6.6.6";
	char *two[] = { remote, first, second, NULL };
	SCOPED(arena) a = arena_make(LIMIT);
	struct app app;
	struct call c = call_of(&app, &a, "10.0.0.1");
	char **own = environ;

	(void)state;
	environ = two;

	const char *got = client_address(&c);

	environ = own;
	assert_string_equal(got, "10.0.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_last_hop_that_is_no_proxy_of_ours_is_the_caller),
		cmocka_unit_test(of_two_forwarded_headers_neither_counts),
	};

	return RUN_TESTS(tests);
}
