/* length.c - the length of a tweet as X counts it, and its URLs. */
#include "length/length.h"

#include "base/utf8.h"
#include "length/length_emoji.h"
#include "length/length_unit.h"
#include "length/length_url.h"

enum { WEIGHT_LIGHT = 1, WEIGHT_USUAL = 2, WEIGHT_EMOJI = 2 };

/* A search through a text, with its position in bytes and in units. */
struct length_urls {
	struct url_search search;
	const char *text;
	size_t unit;
};

/* The next match, at or after the present position. */
struct ahead {
	struct span span;
	bool there;
};

static struct url_search search_in(struct units text)
{
	struct url_search search = { .text = text };

	/* without a dot there is no URL */
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '.')
			return search;
	}
	search.at = text.n;
	return search;
}

static int64_t weight(uint32_t c)
{
	if (c <= 4351 || (c >= 8192 && c <= 8205) || (c >= 8208 && c <= 8223) ||
	    (c >= 8242 && c <= 8247))
		return WEIGHT_LIGHT;
	return WEIGHT_USUAL;
}

/* Moves on to the first emoji from AT on. */
static void find_emoji(struct units text, size_t at, struct ahead *emoji)
{
	size_t n = 0;

	while (at < text.n && !(n = length_emoji(text, at)))
		at++;
	emoji->there = n > 0;
	emoji->span = (struct span){ .from = at, .to = at + n };
}

int64_t length_weighted(struct arena *a, const char *text)
{
	struct units units = length_units(a, utf8_nfc(a, text));
	struct url_search search = search_in(units);
	struct ahead url;
	struct ahead emoji;
	int64_t sum = 0;
	size_t at = 0;

	url.there = length_url_next(&search, &url.span);
	find_emoji(units, 0, &emoji);
	while (at < units.n) {
		size_t taken;

		while (url.there && url.span.from < at)
			url.there = length_url_next(&search, &url.span);
		/* emoji match from the left even inside URLs: one that begins
		 * inside a URL takes its parts from the next */
		while (emoji.there && emoji.span.from < at)
			find_emoji(units, emoji.span.to, &emoji);

		if (url.there && url.span.from == at) {
			sum += LENGTH_URL;
			at = url.span.to;
		} else if (emoji.there && emoji.span.from == at) {
			sum += WEIGHT_EMOJI;
			at = emoji.span.to;
		} else {
			sum += weight(length_unit_point(units, at, &taken));
			at += taken;
		}
	}
	return sum;
}

const char *length_invalid(const char *text)
{
	if (utf8_blank(text))
		return *text ? "is blank" : "is empty";
	while (*text) {
		uint32_t c = utf8_next(&text);

		if (c == 0xFEFF)
			return "holds U+FEFF, a byte-order mark, which X "
			       "refuses";
		if (c == 0xFFFE || c == 0xFFFF)
			return "holds U+FFFE or U+FFFF, which X refuses";
		if (c >= 0x20 && (c < 0x7F || c > 0x9F))
			continue;
		if (c != '\t' && c != '\n' && c != '\r')
			return "holds a control character";
	}
	return NULL;
}

struct length_urls *length_urls(struct arena *a, const char *text)
{
	struct length_urls *urls = arena_new(a, struct length_urls);

	urls->search = search_in(length_units(a, text));
	urls->text = text;
	return urls;
}

/* Moves to the character that begins at UNIT or contains it. */
static const char *go_to(struct length_urls *urls, size_t unit)
{
	while (urls->unit < unit)
		urls->unit += utf8_next(&urls->text) > 0xFFFF ? 2 : 1;
	return urls->text;
}

bool length_next_url(struct length_urls *urls, struct str *url)
{
	struct span span;

	if (!length_url_next(&urls->search, &span))
		return false;
	url->p = go_to(urls, span.from);
	url->n = (size_t)(go_to(urls, span.to) - url->p);
	return true;
}
