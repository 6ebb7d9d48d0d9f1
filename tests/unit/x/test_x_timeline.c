/* test_x_timeline.c - posts as X lists them, and whether one is ours. */
#include "unit/test.h"

#include "base/json.h"
#include "x/x_timeline.h"

enum { LIMIT = 1 << 22 };

#define LONG_LINK "https://example.com/a?b=1&c=2"

static const struct {
	const char *post;
	const char *text;
	bool same;
} pairs[] = {
	{ "hello", "hello", true },
	{ "hello", "Hello", false },
	{ "hello", "hello.", false },
	{ "", "", true },
	{ "", "x", false },

	/* white space at the ends, and nowhere else */
	{ "hello", "  hello\n", true },
	{ "\thello ", "hello", true },
	{ "a  b", "a b", false },
	{ "a\nb", "a b", false },
	{ "a\r\nb", "a\r\nb", true },
	{ "hello", "\u00a0\u3000hello\u2003\u2028", true },
	{ "hello", "\u2060hello", false },

	/* line ends, each as one */
	{ "a\nb\nc", "a\r\nb\rc", true },
	{ "a\n\nb", "a\r\n\r\nb", true },
	{ "a\n\nb", "a\r\rb", true },
	{ "a\n\nb", "a\nb", false },
	{ "a\nb", "a\n\rb", false },
	{ "a", "a\r\n", true },

	/* normal form C */
	{ "caf\u00e9", "cafe\u0301", true },
	{ "cafe\u0301", "caf\u00e9", true },
	{ "cafe", "caf\u00e9", false },
	{ "\u212b", "\u00c5", true },

	/* links: case of the host, scheme, slash at the end */
	{ "see https://example.com/x", "see https://example.com/x", true },
	{ "see http://example.com", "see example.com", true },
	{ "see https://example.com/", "see https://example.com", true },
	{ "see https://example.com/x", "see https://EXAMPLE.com/x", true },
	{ "see https://example.com/x", "see https://example.com/y", false },
	{ "see https://example.com/x end", "see https://example.com/x", false },
	/* … but never the case of a path: that is another link */
	{ "see https://youtu.be/AbC", "see https://youtu.be/aBc", false },
	{ "see https://example.com/x?a=B", "see https://example.com/x?a=b",
	    false },
	{ "see https://example.com/?q=1", "see https://example.com?q=1", true },
	{ "see https://example.com/?a=1&b=2", "see example.com/?a=1&amp;b=2",
	    true },
	/* letters beyond ASCII, in percents and in punycode */
	{ "see https://example.com/%C3%A9t%c3%a9",
	    "see https://example.com/\u00e9t\u00e9", true },
	{ "see https://example.com/a%2Fb", "see https://example.com/a/b",
	    false },
	{ "see https://xn--mller-kva.de/a", "see https://m\u00fcller.de/a",
	    true },
	{ "see https://xn--mller-kva.de/a", "see https://m\u00fcller.de/b",
	    false },
	/* a domain that only X knows gets a scheme */
	{ "see http://example.newtld/x", "see example.newtld/x", true },
	{ "see http://example.newtld/x", "see example.newtld/y", false },
	{ "https://a.example.com https://b.example.com",
	    "https://b.example.com https://a.example.com", false },
	{ "a https://example.com/1 b https://example.com/2",
	    "a https://example.com/1 b https://example.com/2", true },
	{ "a https://example.com/1 b https://example.com/2",
	    "a https://example.com/1 c https://example.com/2", false },

	/* a t.co link that X did not explain */
	{ "see https://t.co/abcdefghij now", "see " LONG_LINK " now", true },
	{ "see https://t.co/abcdefghij", "see me", false },
	{ "see me", "see " LONG_LINK, false },
	{ "see me https://t.co/abcdefghij", "see me", false },
	{ "https://t.co/abcdefghij https://t.co/bcdefghijk", LONG_LINK, false },
};

static void a_post_is_known_by_its_text(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		if (x_timeline_same(&a, pairs[i].post, pairs[i].text) !=
		    pairs[i].same)
			fail_msg("%s / %s", pairs[i].post, pairs[i].text);
	}
}

/* The texts of a timeline, one a line. */
static const char *read_texts(struct arena *a, const char *body, bool *read)
{
	struct x_call call = { .kind = X_TIMELINE };
	struct buf texts = buf_make(a, LIMIT / 4);
	const char *why = NULL;

	json_arena(a);

	const cJSON *json = json_parse(body, strlen(body), &why);

	assert_non_null(json);
	*read = x_timeline_read(&call, json, a);
	for (const struct x_post *p = call.posts; p; p = p->next)
		buf_printf(&texts, "%s%s", texts.n ? "\n" : "", p->text);
	return buf_cstr(&texts);
}

#define DATA(rows)       "{\"data\":[" rows "],\"meta\":{\"result_count\":1}}"
#define POST(text, more) "{\"id\":\"1\",\"text\":\"" text "\"" more "}"
#define URLS(from, to)                              \
	",\"entities\":{\"urls\":[{\"url\":\"" from \
	"\",\"expanded_url\":\"" to "\"}]}"
#define SHORT "https://t.co/abcdefghij"

static const struct {
	const char *body;
	const char *texts;
} timelines[] = {
	{ DATA(""), "" },
	{ "{\"meta\":{\"result_count\":0}}", "" },
	{ DATA(POST("hello", "")), "hello" },
	{ DATA(POST("second", "") "," POST("first", "")), "second\nfirst" },

	/* as in HTML, once */
	{ DATA(POST("1 &lt; 2 &amp;&amp; 3 &gt; 2", "")), "1 < 2 && 3 > 2" },
	{ DATA(POST("&amp;lt;", "")), "&lt;" },
	{ DATA(POST("&amp", "")), "&amp" },
	{ DATA(POST("&quot;&#39;", "")), "\"'" },

	/* links */
	{ DATA(POST("see " SHORT, URLS(SHORT, LONG_LINK))), "see " LONG_LINK },
	{ DATA(POST("see " SHORT, "")), "see " SHORT },
	{ DATA(POST("see " SHORT, URLS("https://t.co/other", "x"))),
	    "see " SHORT },
	{ DATA(POST("see " SHORT, URLS("", "x"))), "see " SHORT },
	{ DATA(POST("see " SHORT,
	      ",\"entities\":{\"urls\":[{\"url\":\"" SHORT "\"}]}")),
	    "see " SHORT },
	{ DATA(POST("see " SHORT, ",\"entities\":null")), "see " SHORT },

	/* what is longer than a tweet of old */
	{ DATA(POST("the begin\u2026",
	      ",\"note_tweet\":{\"text\":\"the beginning &amp; the"
	      " end\"}")),
	    "the beginning & the end" },
	{ DATA(POST("the begin\u2026", ",\"note_tweet\":{\"text\":\"long " SHORT
				       "\"" URLS(SHORT, LONG_LINK) "}")),
	    "long " LONG_LINK },
	{ DATA(POST("whole", ",\"note_tweet\":{}")), "whole" },

	/* rows that are none are left out */
	{ DATA("1,null,\"x\",[],{}," POST("hello", "")), "hello" },
	{ DATA("{\"id\":2,\"text\":\"x\"}," POST("hello", "")), "hello" },
	{ DATA("{\"id\":\"2\"}," POST("hello", "")), "hello" },
};

static void posts_are_read_as_they_were_written(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(timelines); i++) {
		bool read = false;

		assert_string_equal(read_texts(&a, timelines[i].body, &read),
		    timelines[i].texts);
		assert_true(read);
	}
}

/* It must not look like an empty timeline: a tweet would be given up. */
static void what_is_no_timeline_is_not_read_as_one(void **state)
{
	static const char *const bodies[] = { "{}", "[]", "null", "1",
		"{\"data\":{}}", "{\"data\":null}", "{\"meta\":[]}",
		"{\"errors\":[{\"detail\":\"Could not find user\"}]}" };
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		bool read = true;

		read_texts(&a, bodies[i], &read);
		assert_false(read);
	}
}

static void two_links_of_which_one_is_told_are_both_compared(void **state)
{
	static const char body[] =
	    DATA(POST("a https://t.co/1234567890 b https://t.co/0987654321",
		URLS("https://t.co/0987654321", "https://example.com/two")));
	SCOPED(arena) a = arena_make(LIMIT);
	bool read = false;
	const char *post = read_texts(&a, body, &read);

	(void)state;
	assert_true(x_timeline_same(
	    &a, post, "a https://example.com/one b https://example.com/two"));
	assert_false(x_timeline_same(
	    &a, post, "a https://example.com/one b https://example.com/three"));
}

static void a_post_is_found_whether_x_escapes_or_not(void **state)
{
	static const struct {
		const char *post;
		const char *text;
		bool same;
	} cases[] = {
		{ "1 &lt; 2 &amp; 3", "1 < 2 & 3", true },
		{ "1 < 2 & 3", "1 < 2 & 3", true },
		{ "&amp;lt;", "&lt;", true },
		{ "&lt;", "&lt;", true },
		{ "&lt;", "<", true },
		{ "&amp;lt;", "<", false },
		{ "&copy; &amp;", "&copy; &", true },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	json_arena(&a);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct x_call call = { .kind = X_TIMELINE };
		const char *why = NULL;
		const char *body =
		    arena_printf(&a, DATA(POST("%s", "")), cases[i].post);

		assert_true(x_timeline_read(
		    &call, json_parse(body, strlen(body), &why), &a));
		if (x_timeline_is(&a, call.posts, cases[i].text) !=
		    cases[i].same)
			fail_msg("%s / %s", cases[i].post, cases[i].text);
	}
}

/* The link behind t.co may hold what looks like an escape. */
static void what_is_behind_a_link_is_taken_as_it_is(void **state)
{
	static const char body[] = DATA(POST("a &amp; " SHORT,
	    URLS(SHORT, "https://example.com/?a=1&lt=2&amp;b=3")));
	SCOPED(arena) a = arena_make(LIMIT);
	bool read = false;
	const char *post = read_texts(&a, body, &read);

	(void)state;
	assert_true(x_timeline_same(
	    &a, post, "a & https://example.com/?a=1&lt=2&amp;b=3"));
	assert_false(x_timeline_same(
	    &a, post, "a & https://example.com/?a=1&lt=2&amp;b=4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_is_known_by_its_text),
		cmocka_unit_test(posts_are_read_as_they_were_written),
		cmocka_unit_test(what_is_no_timeline_is_not_read_as_one),
		cmocka_unit_test(a_post_is_found_whether_x_escapes_or_not),
		cmocka_unit_test(what_is_behind_a_link_is_taken_as_it_is),
		cmocka_unit_test(
		    two_links_of_which_one_is_told_are_both_compared),
	};

	return RUN_TESTS(tests);
}
