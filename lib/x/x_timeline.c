/*
 * x_timeline.c - a user's posts as X lists them.
 *
 * X escapes three characters as in HTML and shortens every link to t.co, and
 * tells the link behind it if asked. A link's spelling may change on the way
 * (a scheme is added, a host is lowered), so links are compared loosely and
 * the rest to the letter.
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

/* TEXT with each of its t.co links as what entities.urls says it stands for. */
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
	post->text = unescape(a, expand(a, text, json_get(entities, "urls")));
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

/* A link without its scheme and without a slash at its end. */
static struct str core(struct str url)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (url.n > n && strncasecmp(url.p, schemes[i], n) == 0) {
			url.p += n;
			url.n -= n;
			break;
		}
	}
	if (url.n && url.p[url.n - 1] == '/')
		url.n--;
	return url;
}

static bool is_short(struct str url)
{
	struct str c = core(url);

	return c.n > 5 && strncasecmp(c.p, "t.co/", 5) == 0;
}

static bool same_url(struct str a, struct str b)
{
	struct str x = core(a);
	struct str y = core(b);

	if (is_short(a) || is_short(b)) /* X did not tell what is behind it */
		return true;
	return x.n == y.n && strncasecmp(x.p, y.p, x.n) == 0;
}

static const char *tidy(struct arena *a, const char *text)
{
	text = utf8_nfc(a, text);
	text += strspn(text, " \t\r\n");

	size_t n = strlen(text);

	while (n && strchr(" \t\r\n", text[n - 1]))
		n--;
	return arena_copy(a, text, n);
}

bool x_timeline_same(struct arena *a, const char *post, const char *text)
{
	const char *p = tidy(a, post);
	const char *q = tidy(a, text);
	struct length_urls *in_post = length_urls(a, p);
	struct length_urls *in_text = length_urls(a, q);
	struct str x, y;

	while (length_next_url(in_text, &y)) {
		if (!length_next_url(in_post, &x))
			return false;
		if (x.p - p != y.p - q || memcmp(p, q, (size_t)(x.p - p)) != 0)
			return false;
		if (!same_url(x, y))
			return false;
		p = x.p + x.n;
		q = y.p + y.n;
	}
	return strcmp(p, q) == 0;
}
