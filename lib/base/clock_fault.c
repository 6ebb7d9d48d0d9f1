/*
 * clock_fault.c - says what is wrong with a time that cannot be read.
 *
 * "Must be a time such as …" leaves the comparison to the reader. Most of what
 * people write is nearly right, so we can say what is missing.
 */
#include "base/clock.h"

#include <inttypes.h>
#include <string.h>

#define SUCH_AS "2026-01-31T09:00:00+01:00"

static const char form[] = "0000-00-00T00:00:00";
enum { DATE = 10, MINUTES = 16, SECONDS = 19 };

/* The numbers of a time: their positions and bounds. */
static const struct part {
	size_t at;
	int64_t min, max;
	const char *name;
} parts[] = {
	{ 5, 1, 12, "month" },
	{ 8, 1, 31, "day" },
	{ 11, 0, 23, "hour" },
	{ 14, 0, 59, "minute" },
	{ 17, 0, 60, "second" },
};

/* The number of bytes of S that have the format of a time. */
static size_t formed(struct str s)
{
	size_t i = 0;

	while (i < s.n && i < SECONDS &&
	       (form[i] == '0'      ? s.p[i] >= '0' && s.p[i] <= '9'
		   : form[i] == 'T' ? s.p[i] == 'T' || s.p[i] == 't'
				    : s.p[i] == form[i]))
		i++;
	return i;
}

static const char *form_fault(struct str s, size_t n)
{
	bool blank = n == DATE && n < s.n && s.p[n] == ' ';

	if (n == DATE && s.n == DATE)
		return "has no time of day: write it as " SUCH_AS;
	if (blank && s.n > MINUTES)
		return "has a blank between date and time: write a T there,"
		       " as in " SUCH_AS;
	if (n == MINUTES && (n == s.n || strchr("Zz+-", s.p[n])))
		return "has no seconds: write it as " SUCH_AS;
	return "must be a time such as " SUCH_AS;
}

static const char *number_fault(struct arena *a, struct str s)
{
	for (size_t i = 0; i < COUNT(parts); i++) {
		const struct part *p = &parts[i];
		int64_t value = 0;

		if (!str_int64(
			(struct str){ s.p + p->at, 2 }, p->min, p->max, &value))
			return arena_printf(a,
			    "has no valid %s: %.2s is not from %02" PRId64
			    " to %02" PRId64,
			    p->name, s.p + p->at, p->min, p->max);
	}
	return NULL;
}

/* Checks what follows the seconds: an optional fraction, then the zone. */
static const char *zone_fault(struct str s)
{
	size_t i = SECONDS;

	if (i < s.n && s.p[i] == '.') {
		i++;
		while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
			i++;
	}
	if (i == s.n)
		return "has no zone: add Z for UTC, or an offset such as"
		       " +01:00";
	if (s.p[i] == ' ')
		return "has a blank before its zone: write Z or an offset such"
		       " as +01:00 right behind the seconds; in a URL + is"
		       " written %2B";
	return "has an unknown zone: write Z for UTC, or an offset such"
	       " as +01:00";
}

const char *clock_fault(struct arena *a, struct str s)
{
	char date[] = "0000-00-00T00:00:00Z";
	const char *wrong;
	int64_t t = 0;
	size_t n;

	if (clock_parse_rfc3339(s, &t))
		return NULL;
	n = formed(s);
	if (n < SECONDS)
		return form_fault(s, n);
	wrong = number_fault(a, s);
	if (wrong)
		return wrong;
	memcpy(date, s.p, DATE);
	if (!clock_parse_rfc3339(str_of(date), &t))
		return arena_printf(
		    a, "has no valid day: that month has no %.2s", s.p + 8);
	return zone_fault(s);
}
