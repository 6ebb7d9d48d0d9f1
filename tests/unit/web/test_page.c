/* test_page.c - pages and answers: nothing from outside gets into them raw. */
#include "unit/test.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "unit/scratch.h"
#include "web/error.h"
#include "web/page.h"
#include "web/response.h"
#include "web/route.h"

enum { LIMIT = 1 << 24 };

static const char *header(const struct call *c, const char *name)
{
	for (size_t i = 0; i < c->response.count; i++) {
		if (strcmp(c->response.headers[i].name, name) == 0)
			return c->response.headers[i].value;
	}
	return NULL;
}

static void text_is_escaped_for_html(void **state)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "<script>alert('x')</script>",
		    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" },
		{ "\"&amp;", "&quot;&amp;amp;" },
		{ "\xC3\xA9 \xF0\x9F\x98\x80", "\xC3\xA9 \xF0\x9F\x98\x80" },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
		    page_text(&a, cases[i].text), cases[i].wanted);
}

static void a_page_runs_no_script_and_is_in_no_frame(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct app app = { 0 };
	struct call c = { .app = &app, .arena = &a };

	(void)state;
	page_answer(&c, 200, "A <b> & c", "<p>body</p>");

	const char *csp = header(&c, "Content-Security-Policy");

	assert_int_equal(c.response.status, 200);
	assert_int_equal(c.response.n, strlen(c.response.body));
	assert_non_null(
	    strstr(c.response.body, "<h1>A &lt;b&gt; &amp; c</h1>"));
	assert_null(strstr(c.response.body, "<script"));
	assert_null(strstr(c.response.body, "http://"));
	assert_non_null(strstr(csp, "default-src 'none'"));
	assert_non_null(strstr(csp, "frame-ancestors 'none'"));
	assert_null(strstr(csp, "unsafe"));
	assert_string_equal(header(&c, "Referrer-Policy"), "no-referrer");
}

static void the_style_sheet_is_the_one_that_is_allowed(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct app app = { 0 };
	struct call c = { .app = &app, .arena = &a };
	unsigned char hash[DIGEST_SIZE];

	(void)state;
	page_answer(&c, 200, "x", "");

	const char *style = strstr(c.response.body, "<style>") + 7;
	const char *end = strstr(style, "</style>");

	digest_sha256(style, (size_t)(end - style), hash);
	assert_non_null(strstr(header(&c, "Content-Security-Policy"),
	    arena_printf(
		&a, "'sha256-%s'", encode_base64(&a, hash, sizeof(hash)))));
}

static void a_page_names_its_icon_wherever_it_is(void **state)
{
	static const struct {
		const char *uri, *wanted;
	} cases[] = {
		{ "/auth/callback?code=x", "\"../icon.svg\"" },
		{ "/tm/api/v1/setup", "\"../../icon.svg\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct app app = { 0 };
		struct call c = { .app = &app, .arena = &a };

		c.request.uri = cases[i].uri;
		page_answer(&c, 200, "x", "");

		const char *icon = strstr(c.response.body, "rel=\"icon\"");

		assert_non_null(icon);
		assert_non_null(strstr(icon, cases[i].wanted));
		assert_non_null(strstr(
		    header(&c, "Content-Security-Policy"), "img-src 'self'"));
	}
}

static void an_error_page_escapes_what_x_says(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct app app = { .arena = &a };
	struct call c = { .app = &app, .arena = &a };

	(void)state;
	fail(&app, ERR_CODE_REFUSED, "Words <i>");
	fault_reason(&app.fault, "<img src=x onerror=alert(1)>");
	page_error(&c, ERR_CODE_REFUSED);
	assert_int_equal(c.response.status, 502);
	assert_non_null(strstr(c.response.body, "Words &lt;i&gt;"));
	assert_null(strstr(c.response.body, "<img"));
	assert_non_null(strstr(c.response.body, "code_refused"));
}

static void the_way_home_is_relative_wherever_programs_are(void **state)
{
	static const struct {
		const char *uri, *script, *info, *wanted;
		int depth;
	} cases[] = {
		{ "/auth/callback?code=x", "/auth/callback", "", "../", 0 },
		{ "/auth/callback/", "/auth/callback", "/", "../../", 0 },
		{ "//auth//callback", "/auth/callback", "", "../../", 0 },
		{ "/api/v1/setup", "/api/v1/setup", "", "../../", 0 },
		{ "/tm/api/v1/setup?x=/api/v1/", "/tm/api/v1/setup", "",
		    "../../", 1 },
		{ "/a/b/auth/mock", "/a/b/auth/mock", "", "../", 2 },
		{ "/cgi-bin/auth/callback", "/cgi-bin/auth", "/callback",
		    "../../", 0 },
		{ "/~u/cgi-bin/setup", "/~u/cgi-bin/setup", "", "../", 1 },
		/* rewritten: what was asked for counts */
		{ "/api/v1/setup", "/cgi-bin/setup.cgi", "", "../../", 0 },
		/* absent, absolute, or of no known shape */
		{ NULL, "/cgi-bin/setup", "", "../", 0 },
		{ "http://h:1/api/v1/setup", "/api/v1/setup", "", "../../", 0 },
		{ NULL, "/setup.cgi", "", "./", 0 },
		{ NULL, "/x/setup.cgi", "/a", "../", 1 },
		{ "/apix", "/apix", "", "./", 0 },
		{ "/authors/auth/mock", "/authors/auth/mock", "", "../", 1 },
		{ "/api/v10/setup", "/api/v10/setup", "", "./", 2 },
		{ NULL, NULL, NULL, "./", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		const char *info = cases[i].info ? cases[i].info : "";
		const char *script = cases[i].script;
		struct call c = { .arena = &a };

		c.request.uri = cases[i].uri;
		c.request.script_name = script;
		c.request.path =
		    script ? arena_printf(&a, "%s%s", script, info) : NULL;
		assert_string_equal(page_home(&c), cases[i].wanted);
		assert_int_equal(page_home_depth(&c), cases[i].depth);
	}
}

static void only_a_page_with_a_script_runs_one(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct app app = { 0 };
	struct call c = { .app = &app, .arena = &a };

	(void)state;
	page_answer_script(&c, 200, "x", "", "../js/\"x.js");

	const char *csp = header(&c, "Content-Security-Policy");

	assert_non_null(strstr(csp, "script-src 'self'"));
	assert_null(strstr(csp, "unsafe"));
	assert_non_null(strstr(c.response.body,
	    "<script type=\"module\" src=\"../js/&quot;x.js\"></script>"));
}

static void a_header_with_control_bytes_is_left_out(void **state)
{
	static const struct {
		const char *value;
		bool taken;
	} cases[] = {
		{ "fine", true },
		{ "", true },
		{ "\xC3\xA9", true },
		{ "a\r\nSet-Cookie: x=1", false },
		{ "a\nb", false },
		{ "a\rb", false },
		{ "a\tb", false },
		{ "\x01", false },
		{ "a\x7F", false },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct call c = { .arena = &a };

		response_header(&c, "X-Test", cases[i].value);
		assert_int_equal(c.response.count, cases[i].taken);
	}
}

static void headers_beyond_the_room_are_left_out(void **state)
{
	struct call c = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		response_header(&c, "X-Test", "x");
	assert_int_equal(c.response.count, RESPONSE_HEADERS);
}

static void an_error_is_json_but_on_pages(void **state)
{
	static const struct {
		unsigned flags;
		bool wants_json, page;
	} cases[] = {
		{ 0, false, false },
		{ ROUTE_PAGE, true, false },
		{ ROUTE_PAGE, false, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		const struct route route = { .flags = cases[i].flags };
		struct app app = { .arena = &a };
		struct call c = { .app = &app, .arena = &a, .route = &route };

		json_arena(&a);
		c.request.wants_json = cases[i].wants_json;
		fail(&app, ERR_RATE_LIMITED, "Slow down");
		app.fault.retry_after = 42;
		response_error(&c, ERR_RATE_LIMITED);
		assert_int_equal(c.response.status, 429);
		assert_string_equal(header(&c, "Retry-After"), "42");
		assert_int_equal(
		    strncmp(c.response.content_type, "text/html", 9) == 0,
		    cases[i].page);
		assert_non_null(strstr(c.response.body, "Slow down"));
		assert_non_null(strstr(c.response.body, "rate_limited"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_escaped_for_html),
		cmocka_unit_test(a_page_runs_no_script_and_is_in_no_frame),
		cmocka_unit_test(the_style_sheet_is_the_one_that_is_allowed),
		cmocka_unit_test(a_page_names_its_icon_wherever_it_is),
		cmocka_unit_test(an_error_page_escapes_what_x_says),
		cmocka_unit_test(
		    the_way_home_is_relative_wherever_programs_are),
		cmocka_unit_test(only_a_page_with_a_script_runs_one),
		cmocka_unit_test(a_header_with_control_bytes_is_left_out),
		cmocka_unit_test(headers_beyond_the_room_are_left_out),
		cmocka_unit_test(an_error_is_json_but_on_pages),
	};

	return RUN_TESTS(tests);
}
