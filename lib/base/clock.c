/* clock.c - the time, and the formats in which we write it. */
#include "base/clock.h"

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

/* The days from 0000-03-01 to 1970-01-01, and in 400 years. If years begin in
 * March, the leap day comes last and no table is needed. */
enum { DAYS_TO_1970 = 719468, DAYS_OF_ERA = 146097, DAY = 86400 };

/* Days since 1970 for a date from the year 0 on. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = year + 400 - (month < 3); /* one era more: never negative */
	int64_t m = (month + 9) % 12;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day -
	       1 - DAYS_TO_1970 - DAYS_OF_ERA;
}

static char *put(char *text, int64_t value, size_t width, char after)
{
	for (size_t i = width; i-- > 0; value /= 10)
		text[i] = (char)('0' + value % 10);
	text[width] = after;
	return text + width + 1;
}

/* Neither gmtime_r, which reads the machine's time zone first, nor snprintf: a
 * list writes a hundred times, and both are slow. */
static void format(int64_t t, char separator, char end, char *text)
{
	const int64_t first = -62167219200; /* 0000-01-01 00:00:00 */
	const int64_t last = 253402300799;  /* 9999-12-31 23:59:59 */
	int64_t since = (t < first ? first : t > last ? last : t) - first;
	int64_t second = since % DAY;
	int64_t n = since / DAY + first / DAY + DAYS_TO_1970 + DAYS_OF_ERA;
	int64_t in_era = n % DAYS_OF_ERA;
	int64_t y = (in_era - in_era / 1460 + in_era / 36524 -
			in_era / (DAYS_OF_ERA - 1)) /
		    365;
	int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * in_year + 2) / 153;
	int64_t month = m < 10 ? m + 3 : m - 9;
	int64_t year = (n / DAYS_OF_ERA - 1) * 400 + y + (month < 3);

	text = put(text, year, 4, '-');
	text = put(text, month, 2, '-');
	text = put(text, in_year - (153 * m + 2) / 5 + 1, 2, separator);
	text = put(text, second / 3600, 2, ':');
	text = put(text, second / 60 % 60, 2, ':');
	text = put(text, second % 60, 2, end);
	*text = '\0';
}

void clock_sql(int64_t t, char *text)
{
	format(t, ' ', '\0', text);
}

void clock_rfc3339(int64_t t, char *text)
{
	format(t, 'T', 'Z', text);
}

/* Reads N digits from the start of *s. */
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

/* With LOOSE, the colon or the minutes may be missing. */
static bool read_offset(struct str s, bool loose, int *seconds)
{
	int hours = 0, minutes = 0;

	*seconds = 0;
	if (!s.n || (s.n == 1 && byte(&s, "Zz")))
		return true;

	int sign = s.p[0] == '-' ? -1 : 1;

	if (!byte(&s, "+-") || !digits(&s, 2, 23, &hours))
		return false;
	if (loose && !s.n)
		minutes = 0;
	else if ((!byte(&s, ":") && !loose) || !digits(&s, 2, 59, &minutes))
		return false;
	if (s.n)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool read_date(struct str *s, int64_t *days)
{
	int year = 0, month = 0, day = 0;

	if (!digits(s, 4, 9999, &year) || !byte(s, "-") ||
	    !digits(s, 2, 12, &month) || !byte(s, "-") ||
	    !digits(s, 2, 31, &day) || !byte(s, "Tt ") || !month || !day)
		return false;
	*days = days_of(year, month, day);
	return *days < days_of(year + month / 12, month % 12 + 1, 1);
}

static bool read_time(struct str *s, int64_t *seconds)
{
	int hour = 0, minute = 0, second = 0;

	if (!digits(s, 2, 23, &hour) || !byte(s, ":") ||
	    !digits(s, 2, 59, &minute) || !byte(s, ":") ||
	    !digits(s, 2, 60, &second)) /* 60: a leap second */
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	if (!byte(s, "."))
		return true;
	if (!byte(s, "0123456789"))
		return false;
	while (byte(s, "0123456789"))
		;
	return true;
}

static bool parse(struct str s, bool loose, int64_t *t)
{
	int64_t days = 0, seconds = 0;
	int offset = 0;

	if (!read_date(&s, &days) || !read_time(&s, &seconds) ||
	    !read_offset(s, loose, &offset))
		return false;
	*t = days * DAY + seconds - offset;
	return true;
}

bool clock_parse(struct str s, int64_t *t)
{
	return parse(s, false, t);
}

bool clock_parse_rfc3339(struct str s, int64_t *t)
{
	if (s.n < 20 || !strchr("Tt", s.p[10]))
		return false;

	bool zulu = s.p[s.n - 1] == 'Z' || s.p[s.n - 1] == 'z';
	bool offset = s.n >= 25 && strchr("+-", s.p[s.n - 6]);

	return (zulu || offset) && clock_parse(s, t);
}

/* A Unix time. Its size shows its unit: all are after 1973 and before 5138. */
static bool read_unix(struct str s, int64_t *t)
{
	const int64_t first = 100000000, end = 100000000000;
	struct str fraction = s;
	struct str whole = str_cut(&fraction, '.');
	int64_t n = 0;

	while (fraction.n && byte(&fraction, "0123456789"))
		;
	if (fraction.n || !str_int64(whole, first, INT64_MAX, &n))
		return false;
	for (int i = 0; i < 2 && n >= end; i++)
		n /= 1000;
	*t = n;
	return n < end;
}

bool clock_parse_stored(struct str s, int64_t *t)
{
	char whole[CLOCK_TEXT] = "0000-00-00 00:00:00";

	if (parse(s, true, t) || read_unix(s, t))
		return true;
	if (s.n != strlen("2026-01-31") && s.n != strlen("2026-01-31 08:00"))
		return false;
	memcpy(whole, s.p, s.n);
	return clock_parse(str_of(whole), t);
}

/* Whether it has the format of clock_sql, whatever its numbers. */
static bool is_plain_sql(const char *sql)
{
	static const char form[] = "0000-00-00 00:00:00";
	size_t i = 0;

	while (form[i] && (form[i] == '0' ? sql[i] >= '0' && sql[i] <= '9'
					  : sql[i] == form[i]))
		i++;
	return !form[i] && !sql[i];
}

static int two_digits(const char *p)
{
	return (p[0] - '0') * 10 + p[1] - '0';
}

/* Whether its numbers are valid in any month and year. */
static bool is_any_year(const char *sql)
{
	int month = two_digits(sql + 5), day = two_digits(sql + 8);

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= (month == 2 ? 28 : 30) && two_digits(sql + 11) <= 23 &&
	       two_digits(sql + 14) <= 59 && two_digits(sql + 17) <= 59;
}

bool clock_sql_to_rfc3339(const char *sql, char *text)
{
	int64_t t = 0;

	if (is_plain_sql(sql) &&
	    is_any_year(sql)) { /* nearly all are, and this is called often */
		memcpy(text, sql, 19);
		memcpy(text + 19, "Z", 2);
		text[10] = 'T';
		return true;
	}
	if (!clock_parse_stored(str_of(sql), &t))
		return false;
	clock_rfc3339(t, text);
	return true;
}
