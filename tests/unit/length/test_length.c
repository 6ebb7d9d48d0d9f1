/* test_length.c - the length of tweets, their URLs, and what is none.
 *
 * tests/length holds far more texts against twitter-text itself. */
#include "unit/test.h"

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "length/length.h"

enum { LIMIT = 1 << 24, LONG = 1 << 16, SHORT = 1 << 13 };

#define TONE     "\xF0\x9F\x8F\xBD"
#define JOINER   "\xE2\x80\x8D"
#define AS_EMOJI "\xEF\xB8\x8F"
#define AS_TEXT  "\xEF\xB8\x8E"
#define WOMAN    "\xF0\x9F\x91\xA9"
#define LAPTOP   "\xF0\x9F\x92\xBB"
#define GRIN     "\xF0\x9F\x98\x80"
#define HEART    "\xE2\x9D\xA4"
#define FLAG_D   "\xF0\x9F\x87\xA9"
#define FLAG_E   "\xF0\x9F\x87\xAA"
#define E_ACUTE  "\xC3\xA9"
#define HAN      "\xED\x95\x9C"

struct weighed {
	const char *text;
	int64_t length;
};

static void weigh_all(const struct weighed *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		int64_t got = length_weighted(&a, cases[i].text);

		if (got != cases[i].length)
			print_error("\"%s\"\n", cases[i].text);
		assert_int_equal(got, cases[i].length);
	}
}

static void characters_weigh_one_or_two(void **state)
{
	static const struct weighed cases[] = {
		{ "", 0 },
		{ "hello", 5 },
		{ "na\xC3\xAFve", 5 },
		{ "\xD0\x9F\xD1\x80\xD0\xB8", 3 },
		{ "\xE1\x83\xBF\xE1\x84\x80", 3 }, /* 4351, 4352 */
		{ "\xE2\x80\x8D\xE2\x80\x8E", 3 }, /* 8205, 8206 */
		{ "\xE2\x80\x9C\xE2\x80\xA6", 3 }, /* 8220, 8230 */
		{ "\xE2\x80\xB2\xE2\x80\xB7", 2 }, /* 8242, 8247 */
		{ "\xE6\x9D\xB1\xE4\xBA\xAC", 4 }, /* CJK */
		{ "\xF0\xA0\xAE\xB7", 2 },         /* beyond U+FFFF */
		{ "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2 }, /* composed */
		{ "e\xCC\x81", 1 },
		{ "e\xCC\x81\xCC\x81", 2 },
	};

	(void)state;
	weigh_all(cases, COUNT(cases));
}

static void an_emoji_weighs_two_however_it_is_made(void **state)
{
	static const struct weighed cases[] = {
		{ GRIN, 2 },
		{ WOMAN JOINER LAPTOP, 2 },
		{ WOMAN TONE JOINER LAPTOP, 2 },
		{ WOMAN TONE, 2 },
		{ FLAG_D FLAG_E, 2 },
		{ FLAG_D, 2 },
		{ FLAG_E FLAG_D FLAG_E, 4 },
		{ HEART AS_EMOJI, 2 },
		{ HEART, 2 },
		{ HEART AS_TEXT, 4 },
		{ "1" AS_EMOJI "\xE2\x83\xA3", 2 },
		{ "1\xE2\x83\xA3", 2 },
		{ "1" AS_EMOJI, 3 },
		{ AS_EMOJI, 2 },
		{ "\xC2\xA9", 1 },
		{ "\xC2\xA9" AS_EMOJI, 2 },
		{ GRIN JOINER GRIN, 5 },
	};

	(void)state;
	weigh_all(cases, COUNT(cases));
}

static void a_url_weighs_23(void **state)
{
	static const struct weighed cases[] = {
		{ "http://a.co", 23 },
		{ "see https://example.com/a/very/long/path?with=query", 27 },
		{ "example.com", 23 },
		{ "example.com.", 24 },
		{ "me@example.com", 14 },
		{ "-example.com", 12 },
		{ "example.notatld", 15 },
		{ "ftp://example.com", 17 },
		{ "https://t.co/abc!x", 25 },
		{ "http://a.co/(x) " GRIN, 26 },
		/* what a URL takes from an emoji, the emoji lacks */
		{ "http://a.co/1" AS_EMOJI "\xE2\x83\xA3", 27 },
	};

	(void)state;
	weigh_all(cases, COUNT(cases));
}

/* The URLs of TEXT with a blank after each. */
static const char *urls_of(struct arena *a, const char *text)
{
	struct length_urls *urls = length_urls(a, text);
	struct buf out = buf_make(a, LONG);
	struct str url;

	while (length_next_url(urls, &url)) {
		buf_add(&out, url.p, url.n);
		buf_byte(&out, ' ');
	}
	return buf_cstr(&out);
}

static void urls_are_found_where_x_finds_them(void **state)
{
	static const struct {
		const char *text;
		const char *urls;
	} cases[] = {
		{ "no dot", "" },
		{ "a.b.c", "" },
		{ "go to x.com/jack, please", "x.com/jack " },
		{ "HTTP://EXAMPLE.COM:80/A?b=c#d.",
		    "HTTP://EXAMPLE.COM:80/A?b=c#d " },
		{ "example.com:80 example.com:80/",
		    "example.com example.com:80/ " },
		{ "a.com b.org", "a.com b.org " },
		{ "http://a.com/b_(c)_(d(e)f).",
		    "http://a.com/b_(c)_(d(e)f) " },
		{ "(http://a.com/b)", "http://a.com/b " },
		{ "http://a.com/@b/ http://a.com/@b",
		    "http://a.com/@b/ http://a.com/@b " },
		{ "http://user:pass@a.com", "" },
		{ "#a.com $a.com @a.com", "" },
		{ "http://a_b.c.com http://a.b_c.com", "http://a_b.c.com " },
		{ "https://t.co/aB1?x=y/z https://t.co/aB1/z",
		    "https://t.co/aB1?x=y/z https://t.co/aB1 " },
		{ "http://m" E_ACUTE ".com m" E_ACUTE ".com",
		    "http://m" E_ACUTE ".com m" E_ACUTE ".com " },
		{ "http://" HAN ".com " HAN ".com", "http://" HAN ".com " },
		{ HAN "a.com" HAN, "a.com " },
		{ GRIN "a.com" GRIN, "a.com " },
		{ "http://" GRIN ".com/x", "http://" GRIN ".com/x " },
		{ "http://xn--a.xn--p1ai/", "http://xn--a.xn--p1ai/ " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);

		assert_string_equal(urls_of(&a, cases[i].text), cases[i].urls);
	}
}

static void labels_and_urls_have_a_longest_length(void **state)
{
	static const struct {
		size_t label;
		size_t path;
		bool found;
	} cases[] = {
		{ 63, 1, true },
		{ 64, 1, false },
		{ 10, 4096 - 7 - 7 - 10 - 5, true },
		{ 10, 4096 - 7 - 7 - 10 - 4, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct buf text = buf_make(&a, LONG);
		struct str url;

		buf_text(&text, "http://");
		for (size_t n = 0; n < cases[i].label; n++)
			buf_byte(&text, 'a');
		buf_text(&text, ".com/");
		for (size_t n = 0; n < cases[i].path; n++)
			buf_byte(&text, 'b');

		struct length_urls *urls = length_urls(&a, buf_cstr(&text));

		assert_int_equal(length_next_url(urls, &url), cases[i].found);
	}
}

static void a_text_that_can_be_no_tweet_is_told(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "fine", NULL },
		{ "tab\t, lines\r\n and \xC2\xA0", NULL },
		{ "\xE2\x80\x8E"
		  "a"
		  "\xE2\x80\xAE",
		    NULL },
		{ "\xE2\x80\x8E\xE2\x80\xAE", "is blank" },
		{ "\xEF\xBF\xBD", NULL },
		{ "", "is empty" },
		{ " \n\xE3\x80\x80", "is blank" },
		{ "a\x01", "holds a control character" },
		{ "a\x1F", "holds a control character" },
		{ "a\v", "holds a control character" },
		{ "a\x7F", "holds a control character" },
		{ "a\xC2\x80", "holds a control character" },
		{ "a\xC2\x9F", "holds a control character" },
		{ "\xEF\xBB\xBF"
		  "a",
		    "holds U+FEFF, a byte-order mark, which X refuses" },
		{ "a\xEF\xBF\xBE", "holds U+FFFE or U+FFFF, which X refuses" },
		{ "a\xEF\xBF\xBF", "holds U+FFFE or U+FFFF, which X refuses" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why = length_invalid(cases[i].text);

		if (cases[i].why && why)
			assert_string_equal(why, cases[i].why);
		else
			assert_ptr_equal(why, cases[i].why);
	}
}

/* HEAD and then PIECE again and again, SIZE bytes at most. */
static const char *repeated(
    struct arena *a, const char *head, const char *piece, size_t size)
{
	struct buf text = buf_make(a, size);

	buf_text(&text, head);
	while (text.n + strlen(piece) <= size)
		buf_text(&text, piece);
	return buf_cstr(&text);
}

static clock_t time_of(const char *head, const char *piece, size_t size)
{
	SCOPED(arena) a = arena_make(LIMIT);
	const char *text = repeated(&a, head, piece, size);
	clock_t start = clock();

	length_weighted(&a, text);
	return clock() - start;
}

/* Eight times the text may take eight times as long, thrice that for noise;
 * in quadratic time it would be 64 times. */
static void hostile_texts_take_linear_time(void **state)
{
	static const char *const texts[][2] = {
		{ "", "." },
		{ "", "a." },
		{ "", "a_b.com." },
		{ "", "a.com" },
		{ "", "://" },
		{ "", "http://" },
		{ "", "http://a." },
		{ "", "http://t.co/" },
		{ "", "\"" },
		{ ".", HAN },
		{ "", HAN "." },
		{ "", GRIN "." },
		{ "http://", HAN },
		{ "", "\xE2\x80\x8D" },
		{ "", WOMAN JOINER },
		{ "", FLAG_D },
		{ "", "1" AS_EMOJI },
		{ "", "_a." },
		{ "", "a.xn--" },
		{ "a.xn--", "a-" },
		{ "", "a.\xE5\x98\x89\xE9\x87\x8C\xE5\xA4\xA7\xE9\x85\x92" },
		{ "a.co/", "(" },
		{ "", "a.co/(" },
		{ "", "a.co/((" },
		{ "a.co/", "!(a.co/x)" },
		{ "a.co/", "!(.a.co/(x)!)" },
		{ "a.co?", "!" },
		{ "", "a.co?!" },
		{ "", "a.co:1" },
		{ "", "b.com1" HAN "b.com " },
		{ "a", "\xCC\x81\xCC\x96" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		clock_t big = time_of(texts[i][0], texts[i][1], LONG);

		if (big < CLOCKS_PER_SEC / 20)
			continue;

		clock_t small = time_of(texts[i][0], texts[i][1], SHORT);

		if (big >= small * 24)
			print_error("\"%s\"\n", texts[i][1]);
		assert_true(big < small * 24);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters_weigh_one_or_two),
		cmocka_unit_test(an_emoji_weighs_two_however_it_is_made),
		cmocka_unit_test(a_url_weighs_23),
		cmocka_unit_test(urls_are_found_where_x_finds_them),
		cmocka_unit_test(labels_and_urls_have_a_longest_length),
		cmocka_unit_test(a_text_that_can_be_no_tweet_is_told),
		cmocka_unit_test(hostile_texts_take_linear_time),
	};

	return RUN_TESTS(tests);
}
