/*
 * origin.c - the origins of web pages, as browsers write them.
 *
 * An origin is compared byte by byte with the one a browser sends, so one that
 * no browser ever sends (with a slash at its end, say) is refused rather than
 * never found.
 */
#include "base/origin.h"

#include <string.h>

#include "base/str.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"

/* Takes the bytes at the start of *S that are in SET. */
static struct str take(struct str *s, const char *set)
{
	struct str taken = { s->p, 0 };

	while (taken.n < s->n && s->p[taken.n] && strchr(set, s->p[taken.n]))
		taken.n++;
	s->p += taken.n;
	s->n -= taken.n;
	return taken;
}

static bool take_text(struct str *s, const char *text)
{
	size_t n = strlen(text);

	if (s->n < n || memcmp(s->p, text, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

static bool take_host(struct str *s)
{
	if (take_text(s, "["))
		return take(s, DIGITS "abcdef:.").n && take_text(s, "]");
	return take(s, LETTERS DIGITS "-._").n > 0;
}

/* Whether S is a port that a browser would write after this scheme. */
static bool is_port(struct str s, struct str scheme)
{
	int64_t port = 0;

	if (!str_int64(s, 1, 65535, &port) || s.p[0] == '0')
		return false;
	return !(port == 443 && str_eq(scheme, "https")) &&
	       !(port == 80 && str_eq(scheme, "http"));
}

static bool is_origin(struct str s)
{
	struct str scheme = take(&s, LETTERS DIGITS "+-.");

	if (!scheme.n || !strchr(LETTERS, scheme.p[0]) ||
	    !take_text(&s, "://") || !take_host(&s))
		return false;
	return !s.n || (take_text(&s, ":") && is_port(s, scheme));
}

const char **origin_list(struct arena *a, const char *list)
{
	size_t most = 1;
	size_t n = 0;

	for (const char *p = list; *p; p++)
		most += *p == ',';

	const char **out = arena_array(a, most + 1, sizeof(*out));
	struct str rest = str_of(list);

	while (rest.p) {
		struct str one = str_trim(str_cut(&rest, ','));

		if (one.n > ORIGIN_MAX || !is_origin(one))
			return NULL;
		out[n++] = arena_copy(a, one.p, one.n);
	}
	return out;
}
