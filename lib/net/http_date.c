/*
 * http_date.c - reads the three date formats of HTTP.
 *
 * Two of them are obsolete and must still be accepted: "Sunday, 06-Nov-94
 * 08:49:37 GMT" and "Sun Nov 6 08:49:37 1994". The name of the day is not
 * checked against the date.
 */
#include "net/http_date.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"

enum { PARTS = 6 };

/* Splits TEXT at blanks and dashes into at most PARTS parts; gives their
 * number. */
static size_t cut(struct str text, struct str *parts)
{
	size_t n = 0;

	while (text.n && n < PARTS) {
		size_t length = 0;

		while (length < text.n && text.p[length] != ' ' &&
		       text.p[length] != '-')
			length++;
		if (length)
			parts[n++] = (struct str){ text.p, length };
		if (length < text.n)
			length++;
		text.p += length;
		text.n -= length;
	}
	return text.n ? PARTS + 1 : n;
}

const char *const http_date_months[12] = { "Jan", "Feb", "Mar", "Apr", "May",
	"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static int64_t month_of(struct str name)
{
	for (size_t i = 0; i < COUNT(http_date_months); i++) {
		if (str_eq(name, http_date_months[i]))
			return (int64_t)i + 1;
	}
	return 0;
}

/* A year with two digits means the latest year that is not more than 50 years
 * ahead. */
static int64_t whole_year(int64_t year)
{
	const int64_t second_of_year = 31556952;
	int64_t now = 1970 + clock_now() / second_of_year;

	year += now / 100 * 100;
	return year > now + 50 ? year - 100 : year;
}

static int64_t join(
    struct str day, struct str month, struct str year, struct str time)
{
	char sql[48];
	int64_t d = 0, y = 0, t = 0;

	if (!str_int64(day, 1, 31, &d) || !str_int64(year, 0, 9999, &y) ||
	    !month_of(month) || time.n != 8)
		return 0;
	if (year.n == 2)
		y = whole_year(y);
	else if (year.n != 4)
		return 0;
	snprintf(sql, sizeof(sql),
	    "%04" PRId64 "-%02" PRId64 "-%02" PRId64 " %.8s", y,
	    month_of(month), d, time.p);
	return clock_parse(str_of(sql), &t) ? t : 0;
}

int64_t http_date(const char *text)
{
	struct str parts[PARTS];
	size_t n = text ? cut(str_of(text), parts) : 0;

	if (n == PARTS && str_eq(parts[5], "GMT") &&
	    parts[0].p[parts[0].n - 1] == ',')
		return join(parts[1], parts[2], parts[3], parts[4]);
	if (n == PARTS - 1)
		return join(parts[2], parts[1], parts[4], parts[3]);
	return 0;
}
