/*
 * length_tld.c - top-level domains at the end of a domain.
 *
 * Names of the same length are stored together, so a search reads no offsets
 * and stays within a page or two. The few names with letters beyond ASCII have
 * their own list: an ASCII letter or digit must not follow a name, but such a
 * letter may, so every length is tried, longest first.
 */
#include "length/length_tld.h"

#include <string.h>

#include "length/length_tld_table.h"

enum {
	NAME_MAX = COUNT(tld_groups) - 1,
	WIDE_MAX = COUNT(tld_wide_groups) - 1
};

static bool ascii_letter(uint16_t unit)
{
	uint16_t lower = length_unit_lower(unit);

	return lower >= 'a' && lower <= 'z';
}

/* Whether the N letters at P are a name of ASCII letters. */
static bool listed(const uint16_t *p, size_t n)
{
	char name[NAME_MAX] = { 0 };
	const char *names = (const char *)&tld_names;

	if (n > NAME_MAX)
		return false;

	size_t from = 0;
	size_t to = tld_groups[n].count;

	for (size_t i = 0; i < n; i++)
		name[i] = (char)length_unit_lower(p[i]);
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order =
		    memcmp(name, names + tld_groups[n].start + middle * n, n);

		if (!order)
			return true;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return false;
}

/* The letter as stored in the wide names. */
static uint16_t fold(uint16_t unit)
{
	size_t from = 0;
	size_t to = COUNT(tld_folds);

	if (unit < 0x80)
		return length_unit_lower(unit);
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (tld_folds[middle].from == unit)
			return tld_folds[middle].to;
		if (tld_folds[middle].from > unit)
			to = middle;
		else
			from = middle + 1;
	}
	return unit;
}

static int order_of(const uint16_t *a, const uint_least16_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

/* Whether the N folded letters at NAME are a wide name. */
static bool wide_listed(const uint16_t *name, size_t n)
{
	size_t from = 0;
	size_t to = tld_wide_groups[n].count;
	const uint_least16_t *names = tld_wide_names + tld_wide_groups[n].start;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = order_of(name, names + middle * n, n);

		if (!order)
			return true;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return false;
}

/* The number of units of the longest wide name at AT, whose first ASCII units
 * are ASCII. */
static size_t wide_at(struct units text, size_t at, size_t ascii)
{
	uint16_t name[WIDE_MAX];
	size_t n = 0;

	while (n < WIDE_MAX && at + n < text.n) {
		uint16_t unit = text.p[at + n];

		if (unit < 0x80 && !ascii_letter(unit))
			break;
		name[n++] = fold(unit);
	}
	for (; n > ascii; n--) {
		if (length_unit_has(text, at + n, UNIT_GLUE))
			continue;
		if (wide_listed(name, n))
			return n;
	}
	return 0;
}

/* The end of the punycode name at AT; 0 if there is none. */
static size_t punycode_end(struct units text, size_t at)
{
	size_t end = at + 4;

	if (!length_unit_word(text, at, "xn--"))
		return 0;
	while (end < text.n && text.p[end] < 0x80 &&
	       length_unit_has(text, end, UNIT_LATIN))
		end++;
	return end > at + 4 ? end : 0;
}

size_t length_tld(struct units text, size_t at)
{
	size_t n = 0;

	while (n <= NAME_MAX && at + n < text.n && ascii_letter(text.p[at + n]))
		n++;
	if (n && !length_unit_has(text, at + n, UNIT_GLUE) &&
	    listed(text.p + at, n))
		return at + n;

	size_t wide = 0;

	if (n < WIDE_MAX && at + n < text.n && text.p[at + n] >= 0x80)
		wide = wide_at(text, at, n);
	return wide ? at + wide : punycode_end(text, at);
}
