/* length_unit.c - text as UTF-16 units, and the role each can play in a URL. */
#include "length/length_unit.h"

#include <string.h>

#include "base/utf8.h"

#include "length/length_unit_table.h"

struct units length_units(struct arena *a, const char *text)
{
	/* never more units than bytes */
	uint16_t *p = arena_array(a, strlen(text) + 1, sizeof(*p));
	size_t n = 0;

	while (*text) {
		uint32_t c = utf8_next(&text);

		if (c > 0xFFFF) {
			p[n++] = (uint16_t)(0xD7C0 + (c >> 10));
			c = 0xDC00 | (c & 0x3FF);
		}
		p[n++] = (uint16_t)c;
	}
	return (struct units){ .p = p, .n = n };
}

unsigned length_unit_flags(uint16_t unit)
{
	if (unit < COUNT(unit_ascii))
		return unit_ascii[unit];

	size_t from = 0;
	size_t to = COUNT(unit_ranges);

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (unit > unit_ranges[middle].last)
			from = middle + 1;
		else if (unit < unit_ranges[middle].first)
			to = middle;
		else
			return unit_ranges[middle].flags;
	}
	return UNIT_USUAL;
}

bool length_unit_has(struct units text, size_t at, unsigned flags)
{
	return at < text.n && length_unit_flags(text.p[at]) & flags;
}

size_t length_unit_skip(struct units text, size_t at, unsigned flags)
{
	while (length_unit_has(text, at, flags))
		at++;
	return at;
}

uint32_t length_unit_point(struct units text, size_t at, size_t *units)
{
	uint32_t high = text.p[at];

	*units = 1;
	if (high < 0xD800 || high > 0xDBFF || text.n - at < 2)
		return high;

	uint32_t low = text.p[at + 1];

	if (low < 0xDC00 || low > 0xDFFF)
		return high;
	*units = 2;
	return 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF);
}

uint16_t length_unit_lower(uint16_t unit)
{
	return unit >= 'A' && unit <= 'Z' ? (uint16_t)(unit | 0x20) : unit;
}

bool length_unit_word(struct units text, size_t at, const char *word)
{
	for (; *word; word++, at++) {
		if (at >= text.n)
			return false;
		if (length_unit_lower(text.p[at]) != (unsigned char)*word)
			return false;
	}
	return true;
}

struct units length_unit_part(struct units text, size_t from, size_t to)
{
	return (struct units){ .p = text.p + from, .n = to - from };
}
