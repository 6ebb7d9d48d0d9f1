/*
 * x_timeline.c - a user's posts as X lists them.
 *
 * X stores a text in normalization form C, with its own line ends and without
 * surrounding white space. It lists the text with three characters escaped as
 * in HTML and with every link replaced by a t.co link, and gives the original
 * link on request. A link may be respelled: with a scheme added, the host in
 * lower case, a letter percent-encoded. So links are compared loosely (but with
 * the case of their paths) and the rest exactly: a tweet taken for another one
 * would be lost.
 */
#include "x/x_timeline.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/utf8.h"
#include "length/length.h"

static const char *unescape(struct arena *a, const char *text)
{
	static const struct {
		const char *escape;
		char byte;
	} escapes[] = {
		{ "&amp;", '&' },
		{ "&lt;", '<' },
		{ "&gt;", '>' },
		{ "&quot;", '"' },
		{ "&#39;", '\'' },
	};
	char *out = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;

	while (*text) {
		size_t skip = 1;

		out[n] = *text;
		for (size_t i = 0; i < COUNT(escapes); i++) {
			size_t length = strlen(escapes[i].escape);

			if (strncmp(text, escapes[i].escape, length) == 0) {
				out[n] = escapes[i].byte;
				skip = length;
				break;
			}
		}
		text += skip;
		n++;
	}
	return out;
}

/* TEXT with its t.co links replaced by the links in entities.urls. */
static const char *expand(struct arena *a, const char *text, const cJSON *urls)
{
	const cJSON *url;

	cJSON_ArrayForEach (url, urls) {
		const char *from = json_text(url, "url");
		const char *to = json_text(url, "expanded_url");
		const char *at =
		    from && to && *from ? strstr(text, from) : NULL;

		if (at)
			text = arena_printf(a, "%.*s%s%s", (int)(at - text),
			    text, to, at + strlen(from));
	}
	return text;
}

static struct x_post *read_post(const cJSON *json, struct arena *a)
{
	const cJSON *note = json_get(json, "note_tweet");
	const char *id = json_text(json, "id");
	const char *text = json_text(json, "text");
	const cJSON *whole = note ? note : json_get(json, "note_post");

	if (json_text(whole, "text")) {
		text = json_text(whole, "text");
		json = whole;
	}
	if (!id || !text)
		return NULL;

	struct x_post *post = arena_new(a, struct x_post);
	const cJSON *entities = json_get(json, "entities");

	post->id = id;
	post->text = expand(a, unescape(a, text), json_get(entities, "urls"));
	post->raw = expand(a, text, json_get(entities, "urls"));
	return post;
}

bool x_timeline_read(
    struct x_call *call, const cJSON *json, struct arena *arena)
{
	const cJSON *data = json_get(json, "data");
	const cJSON *meta = json_get(json, "meta");
	struct x_post **last = &call->posts;
	const cJSON *item;

	if (!cJSON_IsArray(data) && !cJSON_IsObject(meta))
		return false;
	cJSON_ArrayForEach (item, data) {
		struct x_post *post = read_post(item, arena);

		if (!post)
			continue;
		*last = post;
		last = &post->next;
	}
	call->next_page = json_text(meta, "next_token");
	return true;
}

static size_t scheme_length(struct str url)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (url.n > n && strncasecmp(url.p, schemes[i], n) == 0)
			return n;
	}
	return 0;
}

/* A link without its scheme and without a slash at its end. */
static struct str core(struct str url)
{
	size_t n = scheme_length(url);

	url.p += n;
	url.n -= n;
	if (url.n && url.p[url.n - 1] == '/')
		url.n--;
	return url;
}

static bool is_short(struct str url)
{
	struct str c = core(url);

	return c.n > 5 && strncasecmp(c.p, "t.co/", 5) == 0;
}

static size_t host_length(const char *url)
{
	return strcspn(url, "/?#");
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes percent-encoded letters beyond ASCII. */
static void undo_percents(char *text)
{
	char *to = text;

	while (*text) {
		int high = text[0] == '%' ? hex(text[1]) : -1;
		int low = high >= 8 ? hex(text[2]) : -1;

		*to++ = low < 0 ? *text : (char)(high * 16 + low);
		text += low < 0 ? 1 : 3;
	}
	*to = '\0';
}

/* A link in the spelling used for comparing. */
static const char *spell(struct arena *a, struct str url)
{
	struct str rest = core(url);
	char *text = arena_copy(a, rest.p, rest.n);
	size_t host = host_length(text);

	for (size_t i = 0; i < host; i++)
		text[i] = str_lower(text[i]);
	undo_percents(text);
	host = host_length(text);
	if (text[host] == '?' || text[host] == '#')
		text = arena_printf(a, "%.*s/%s", (int)host, text, text + host);
	return unescape(a, text);
}

static bool is_ascii(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] > '~')
			return false;
	}
	return true;
}

/* A domain in letters and the same in punycode cannot be compared here, so only
 * the rest is. */
static bool same_host(const char *x, size_t m, const char *y, size_t n)
{
	if (m == n && memcmp(x, y, n) == 0)
		return true;
	if (is_ascii(x, m) == is_ascii(y, n))
		return false;
	return is_ascii(x, m) ? strstr(x, "xn--") != NULL
			      : strstr(y, "xn--") != NULL;
}

static bool same_url(struct arena *a, struct str in_post, struct str in_text)
{
	const char *x = spell(a, in_post);
	const char *y = spell(a, in_text);
	size_t m = host_length(x);
	size_t n = host_length(y);

	/* X did not say what it links to */
	if (is_short(in_post) || is_short(in_text))
		return true;
	return same_host(x, m, y, n) && strcmp(x + m, y + n) == 0;
}

/* The number of white-space bytes at the start of TEXT. */
static size_t leading_blanks(const char *text)
{
	const char *p = text;
	const char *next = text;

	while (*next && utf8_is_space(utf8_next(&next)))
		p = next;
	return (size_t)(p - text);
}

static size_t length_without_blanks(const char *text)
{
	size_t n = 0;

	for (const char *p = text; *p;) {
		if (!utf8_is_space(utf8_next(&p)))
			n = (size_t)(p - text);
	}
	return n;
}

/* TEXT as X stores it. */
static const char *tidy(struct arena *a, const char *text)
{
	char *out;
	size_t n = 0;

	text = utf8_nfc(a, text);
	text += leading_blanks(text);
	out = arena_copy(a, text, length_without_blanks(text));
	for (const char *p = out; *p; p++) {
		if (p[0] == '\r' && p[1] == '\n')
			continue;
		out[n++] = *p;
		if (*p == '\r')
			out[n - 1] = '\n';
	}
	out[n] = '\0';
	return out;
}

/* TEXT without the schemes of its links: X also finds links that we do not, in
 * domains newer than our list. */
static const char *without_schemes(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, strlen(text) + 1);
	size_t n = 0;

	while (*text) {
		size_t skip = scheme_length(str_of(text));

		if (skip)
			text += skip;
		else
			out[n++] = *text++;
	}
	return out;
}

static bool same_by_links(struct arena *a, const char *p, const char *q)
{
	struct length_urls *in_post = length_urls(a, p);
	struct length_urls *in_text = length_urls(a, q);
	struct str x, y;

	while (length_next_url(in_text, &y)) {
		if (!length_next_url(in_post, &x))
			return false;
		if (x.p - p != y.p - q || memcmp(p, q, (size_t)(x.p - p)) != 0)
			return false;
		if (!same_url(a, x, y))
			return false;
		p = x.p + x.n;
		q = y.p + y.n;
	}
	return strcmp(p, q) == 0;
}

bool x_timeline_same(struct arena *a, const char *post, const char *text)
{
	const char *p = tidy(a, post);
	const char *q = tidy(a, text);

	return same_by_links(a, p, q) ||
	       strcmp(without_schemes(a, p), without_schemes(a, q)) == 0;
}

bool x_timeline_is(struct arena *a, const struct x_post *post, const char *text)
{
	return x_timeline_same(a, post->text, text) ||
	       (strcmp(post->raw, post->text) != 0 &&
		   x_timeline_same(a, post->raw, text));
}
