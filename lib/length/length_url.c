/*
 * length_url.c - finds URLs in a text as X does.
 *
 * npm twitter-text does this with one large expression; here each part of a URL
 * has its function. Where the package does something its authors can hardly
 * have meant, so does this code: the aim is the same count, which X's own is
 * kept equal to.
 */
#include "length/length_url.h"

#include <string.h>

enum {
	URL_MAX = 4096,
	SLUG_MAX = 40,      /* of t.co */
	IMPLIED_SCHEME = 8, /* https:// counts if there is no scheme */
	NOWHERE = -1
};

/* One URL as the large expression matches it. */
struct match {
	int before;   /* the unit before it; NOWHERE at the very start */
	size_t start; /* of all, of the scheme if there is one */
	struct span domain;
	bool path; /* at least a slash */
	size_t end;
};

static bool unit_is(struct units text, size_t at, char c)
{
	return at < text.n && text.p[at] == (unsigned char)c;
}

static size_t scheme_length(struct units text, size_t at)
{
	if (length_unit_word(text, at, "http://"))
		return 7;
	return length_unit_word(text, at, "https://") ? 8 : 0;
}

static size_t port_end(struct units text, size_t at)
{
	size_t end = at + 1;

	if (!unit_is(text, at, ':'))
		return at;
	while (end < text.n && text.p[end] >= '0' && text.p[end] <= '9')
		end++;
	return end > at + 1 ? end : at;
}

/* The end of the parenthesis that opens at AT, if its content is allowed in a
 * path: at most one more pair, and none empty. 0 if not. */
static size_t balanced_end(struct units text, size_t at)
{
	size_t first = at + 1;
	size_t end = length_unit_skip(text, first, UNIT_PATH);

	if (unit_is(text, end, '(')) {
		first = end + 1;
		end = length_unit_skip(text, first, UNIT_PATH);
		if (end == first || !unit_is(text, end, ')'))
			return 0;
		end = length_unit_skip(text, end + 1, UNIT_PATH);
	}
	return end > first && unit_is(text, end, ')') ? end + 1 : 0;
}

/* The end of the path whose slash is before AT: after the last unit that may
 * end a path outside parentheses, or after a balanced pair that follows such an
 * end. */
static size_t path_end(struct units text, size_t at)
{
	size_t end = at;

	while (at < text.n) {
		unsigned flags = length_unit_flags(text.p[at]);

		if (flags & UNIT_PATH) {
			at++;
			end = flags & UNIT_PATH_END ? at : end;
			continue;
		}

		size_t closed =
		    unit_is(text, at, '(') ? balanced_end(text, at) : 0;

		if (!closed)
			break;
		end = at == end ? closed : end;
		at = closed;
	}
	return end;
}

/* The end of the query at AT; AT without a query. */
static size_t query_end(struct units text, size_t at)
{
	size_t end = at;

	if (!unit_is(text, at, '?'))
		return at;
	for (size_t i = at + 1; length_unit_has(text, i, UNIT_QUERY); i++) {
		if (length_unit_has(text, i, UNIT_QUERY_END))
			end = i + 1;
	}
	return end;
}

/* Whether a URL, with or without scheme, begins at AT; all but m->before. */
static bool match_at(struct url_search *s, size_t at, struct match *m)
{
	size_t domain = at + scheme_length(s->text, at);
	size_t end = length_domain_end(&s->memory, s->text, domain);

	if (!end)
		return false;
	m->start = at;
	m->domain = (struct span){ .from = domain, .to = end };
	end = port_end(s->text, end);
	m->path = unit_is(s->text, end, '/');
	if (m->path)
		end = path_end(s->text, end + 1);
	m->end = query_end(s->text, end);
	return true;
}

static bool next_match(struct url_search *s, struct match *m)
{
	for (size_t i = s->at; i < s->text.n; i++) {
		m->before = s->text.p[i];
		if (length_unit_has(s->text, i, UNIT_BEFORE) &&
		    match_at(s, i + 1, m))
			return true;
		m->before = NOWHERE;
		if (i == 0 && match_at(s, 0, m))
			return true;
	}
	return false;
}

/* A t.co link ends after its slug and query, whatever follows; with too long a
 * slug it is not a link. */
static bool cut_short_link(struct units text, struct match *m)
{
	size_t from = m->domain.to + 1;
	size_t to = from;

	if (m->domain.to - m->domain.from != 4 ||
	    !length_unit_word(text, m->domain.from, "t.co/"))
		return true;
	while (to < m->end && text.p[to] < 0x80 && text.p[to] != '-' &&
	       length_unit_has(text, to, UNIT_LATIN))
		to++;
	if (to == from)
		return true;
	if (to - from > SLUG_MAX)
		return false;
	m->end = query_end(length_unit_part(text, 0, m->end), to);
	return true;
}

/* Whether M, which has no scheme, is in a place where it cannot be a URL. */
static bool glued(const struct match *m)
{
	return m->before > 0 && m->before < 0x80 &&
	       strchr("-_./", m->before) != NULL;
}

/* The first occurrence of PART in TEXT from AT on. The package searches in this
 * way and may find it before its match. */
static size_t first_like(struct units text, size_t at, struct span part)
{
	size_t n = part.to - part.from;
	const uint16_t *wanted = text.p + part.from;

	while (at < part.from &&
	       memcmp(text.p + at, wanted, n * sizeof(*wanted)) != 0)
		at++;
	return at;
}

/* Begins to give out the Latin parts of a domain without a scheme. */
static void begin_parts(struct url_search *s, const struct match *m)
{
	struct units domain =
	    length_unit_part(s->text, m->domain.from, m->domain.to);

	s->domain = m->domain;
	s->seen = 0;
	s->given = 0;
	s->tail = m->path ? m->end - m->domain.to : 0;
	if (!length_domain_latin(domain, &s->seen, &s->held))
		s->held = (struct span){ 0 };
}

/* Gives out the part that is held, once the one after it is known. */
static void next_part(struct url_search *s, struct span *url)
{
	struct units domain =
	    length_unit_part(s->text, s->domain.from, s->domain.to);
	size_t n = s->held.to - s->held.from;
	size_t from = first_like(domain, s->given, s->held);

	s->given = from + n;
	if (!length_domain_latin(domain, &s->seen, &s->held)) {
		s->held = (struct span){ 0 };
		n += s->tail;
	}
	url->from = s->domain.from + from;
	url->to = url->from + n;
}

/* Whether all of the URL is short enough and so is each label. */
static bool fits(struct units text, const struct match *m)
{
	size_t scheme = m->domain.from - m->start;
	size_t length = m->end - m->start;

	if (!length_domain_fits(
		length_unit_part(text, m->domain.from, m->domain.to)))
		return false;
	return length + (scheme ? scheme : IMPLIED_SCHEME) <= URL_MAX;
}

bool length_url_next(struct url_search *s, struct span *url)
{
	struct match m;

	while (s->held.to == 0) {
		if (!next_match(s, &m)) {
			s->at = s->text.n;
			return false;
		}
		s->at = m.end;
		if (!fits(s->text, &m))
			continue;
		if (m.domain.from == m.start) {
			if (!glued(&m))
				begin_parts(s, &m);
		} else if (cut_short_link(s->text, &m)) {
			*url = (struct span){ .from = m.start, .to = m.end };
			return true;
		}
	}
	next_part(s, url);
	return true;
}
