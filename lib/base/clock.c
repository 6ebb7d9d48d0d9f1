/* clock.c - the time, and how times are written. */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t standing = -1;

void clock_set(int64_t t)
{
	standing = t;
}

int64_t clock_now_ms(void)
{
	struct timespec ts;

	if (standing >= 0)
		return standing * 1000;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
	return clock_now_ms() / 1000;
}

int64_t clock_mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void format(int64_t t, char separator, const char *end, char *text)
{
	const int64_t first = -62167219200; /* 0000-01-01 00:00:00 */
	const int64_t last = 253402300799;  /* 9999-12-31 23:59:59 */
	struct tm tm;
	time_t seconds = (time_t)(t < first ? first : t > last ? last : t);

	gmtime_r(&seconds, &tm);
	snprintf(text, CLOCK_TEXT, "%04u-%02u-%02u%c%02u:%02u:%02u%s",
	    (unsigned)(tm.tm_year + 1900) % 10000u,
	    (unsigned)(tm.tm_mon + 1) % 100u, (unsigned)tm.tm_mday % 100u,
	    separator, (unsigned)tm.tm_hour % 100u, (unsigned)tm.tm_min % 100u,
	    (unsigned)tm.tm_sec % 100u, end);
}

void clock_sql(int64_t t, char *text)
{
	format(t, ' ', "", text);
}

void clock_rfc3339(int64_t t, char *text)
{
	format(t, 'T', "Z", text);
}

/* Reads N digits off the front of *s. */
static bool digits(struct str *s, size_t n, int max, int *out)
{
	int64_t value = 0;

	if (s->n < n || !str_int64((struct str){ s->p, n }, 0, max, &value))
		return false;
	s->p += n;
	s->n -= n;
	*out = (int)value;
	return true;
}

static bool byte(struct str *s, const char *any)
{
	if (!s->n || !s->p[0] || !strchr(any, s->p[0]))
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool read_offset(struct str s, int *seconds)
{
	int hours = 0, minutes = 0;

	*seconds = 0;
	if (!s.n || (s.n == 1 && byte(&s, "Zz")))
		return true;

	int sign = s.p[0] == '-' ? -1 : 1;

	if (!byte(&s, "+-") || !digits(&s, 2, 23, &hours) || !byte(&s, ":") ||
	    !digits(&s, 2, 59, &minutes) || s.n)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool read_date(struct str *s, struct tm *tm)
{
	if (!digits(s, 4, 9999, &tm->tm_year) || !byte(s, "-") ||
	    !digits(s, 2, 12, &tm->tm_mon) || !byte(s, "-") ||
	    !digits(s, 2, 31, &tm->tm_mday) || !byte(s, "Tt "))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return true;
}

static bool read_time(struct str *s, struct tm *tm)
{
	if (!digits(s, 2, 23, &tm->tm_hour) || !byte(s, ":") ||
	    !digits(s, 2, 59, &tm->tm_min) || !byte(s, ":") ||
	    !digits(s, 2, 60, &tm->tm_sec))
		return false;
	if (!byte(s, "."))
		return true;
	if (!byte(s, "0123456789"))
		return false;
	while (byte(s, "0123456789"))
		;
	return true;
}

bool clock_parse(struct str s, int64_t *t)
{
	struct tm tm = { 0 };
	int offset = 0;

	if (!read_date(&s, &tm) || !read_time(&s, &tm) ||
	    !read_offset(s, &offset))
		return false;

	struct tm given = tm;
	time_t seconds = timegm(&tm);

	/* timegm turns 31 June into 1 July; a date must stay what it was */
	if (tm.tm_mday != given.tm_mday || tm.tm_mon != given.tm_mon) {
		if (given.tm_sec != 60)
			return false;
	}
	*t = (int64_t)seconds - offset;
	return true;
}
