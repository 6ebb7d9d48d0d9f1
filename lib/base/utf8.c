/*
 * utf8.c - Unicode text.
 *
 * Normalization form C needs some hundred kilobytes of tables, and most text is
 * in it already: text within a few large blocks that normalization never
 * changes is given back without reading those tables. For the rest we use
 * libutf8proc's data but not its one-call function, which sorts combining marks
 * in quadratic time and allocates outside the arena.
 */
#include "base/utf8.h"

#include <assert.h>
#include <string.h>
#include <sys/types.h>
#include <utf8proc.h>

#include "base/buf.h"

enum {
	RUN_SHORT = 16,    /* marks that are sorted by insertion */
	CLASSES = 256,     /* canonical combining classes */
	DECOMPOSED_MAX = 8 /* Unicode guarantees 4 code points */
};

/* The length of a character that begins with byte C; 0: none does. */
static size_t length_by_lead(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c < 0xC2)
		return 0;
	if (c < 0xE0)
		return 2;
	if (c < 0xF0)
		return 3;
	return c < 0xF5 ? 4 : 0;
}

/* Whether the second byte may follow the first: no overlong forms, no
 * surrogates, nothing above U+10FFFF. */
static bool second_fits(unsigned char lead, unsigned char second)
{
	switch (lead) {
	case 0xE0:
		return second >= 0xA0 && second <= 0xBF;
	case 0xED:
		return second >= 0x80 && second <= 0x9F;
	case 0xF0:
		return second >= 0x90 && second <= 0xBF;
	case 0xF4:
		return second >= 0x80 && second <= 0x8F;
	default:
		return second >= 0x80 && second <= 0xBF;
	}
}

/* The length of the well-formed character in the N bytes at P; 0: none. */
static size_t character(const unsigned char *p, size_t n)
{
	size_t length = length_by_lead(p[0]);

	if (!length || length > n)
		return 0;
	if (length > 1 && !second_fits(p[0], p[1]))
		return 0;
	for (size_t i = 2; i < length; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	}
	return length;
}

bool utf8_valid(const char *p, size_t n)
{
	const unsigned char *bytes = (const unsigned char *)p;
	size_t i = 0;

	while (i < n) {
		uint64_t eight;

		if (n - i >= sizeof(eight)) {
			memcpy(&eight, bytes + i, sizeof(eight));
			if (!(eight & UINT64_C(0x8080808080808080))) {
				i += sizeof(eight);
				continue;
			}
		}

		size_t length = character(bytes + i, n - i);

		if (!length)
			return false;
		i += length;
	}
	return true;
}

/* The length of the longest beginning of a character at P, if there is no whole
 * one; at least 1. */
static size_t torn(const unsigned char *p, size_t n)
{
	size_t length = length_by_lead(p[0]);
	size_t i = 1;

	if (length < 2 || n < 2 || !second_fits(p[0], p[1]))
		return 1;
	while (i < length && i < n && (p[i] & 0xC0) == 0x80)
		i++;
	return i;
}

const char *utf8_shown(struct arena *a, const char *p, size_t n)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	const unsigned char *bytes = (const unsigned char *)p;

	if (strlen(p) == n && utf8_valid(p, n))
		return p;

	struct buf out = buf_make(a, 3 * n);

	for (size_t i = 0; i < n;) {
		size_t length = bytes[i] ? character(bytes + i, n - i) : 0;

		if (length) {
			buf_add(&out, p + i, length);
			i += length;
		} else {
			buf_text(&out, replacement);
			i += torn(bytes + i, n - i);
		}
	}
	return buf_cstr(&out);
}

uint32_t utf8_next(const char **p)
{
	const unsigned char *bytes = (const unsigned char *)*p;
	size_t length = length_by_lead(bytes[0]);

	*p += length ? length : 1;
	switch (length) {
	case 2:
		return (bytes[0] & 0x1FU) << 6 | (bytes[1] & 0x3FU);
	case 3:
		return (bytes[0] & 0x0FU) << 12 | (bytes[1] & 0x3FU) << 6 |
		       (bytes[2] & 0x3FU);
	case 4:
		return (bytes[0] & 0x07U) << 18 | (bytes[1] & 0x3FU) << 12 |
		       (bytes[2] & 0x3FU) << 6 | (bytes[3] & 0x3FU);
	default:
		return bytes[0];
	}
}

size_t utf8_cut(const char *text, size_t max)
{
	size_t n = strnlen(text, max);

	if (n < max)
		return n;
	while (n && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	return n;
}

bool utf8_is_space(uint32_t c)
{
	switch (c) {
	case 0x20:
	case 0x85:
	case 0xA0:
	case 0x1680:
	case 0x2028:
	case 0x2029:
	case 0x202F:
	case 0x205F:
	case 0x3000:
		return true;
	default:
		return (c >= 0x09 && c <= 0x0D) || (c >= 0x2000 && c <= 0x200A);
	}
}

/* A block of code points, from the first to the last. */
struct block {
	uint32_t first;
	uint32_t last;
};

/* Whether C is in one of N sorted blocks. */
static bool within(const struct block *blocks, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++) {
		if (c <= blocks[i].last)
			return c >= blocks[i].first;
	}
	return false;
}

/* Default_Ignorable_Code_Point from Unicode's DerivedCoreProperties.txt, the
 * same in versions 6.3 to 17; a test compares it with JavaScript's. */
static bool shows_nothing(uint32_t c)
{
	static const struct block blocks[] = {
		{ 0x00AD, 0x00AD },   /* soft hyphen */
		{ 0x034F, 0x034F },   /* combining grapheme joiner */
		{ 0x061C, 0x061C },   /* Arabic letter mark */
		{ 0x115F, 0x1160 },   /* Hangul fillers */
		{ 0x17B4, 0x17B5 },   /* Khmer inherent vowels */
		{ 0x180B, 0x180F },   /* Mongolian selectors, separator */
		{ 0x200B, 0x200F },   /* zero width, joiners, directions */
		{ 0x202A, 0x202E },   /* directions */
		{ 0x2060, 0x206F },   /* word joiner, operators */
		{ 0x3164, 0x3164 },   /* Hangul filler */
		{ 0xFE00, 0xFE0F },   /* variation selectors */
		{ 0xFEFF, 0xFEFF },   /* byte-order mark */
		{ 0xFFA0, 0xFFA0 },   /* half-width Hangul filler */
		{ 0xFFF0, 0xFFF8 },   /* reserved for such characters */
		{ 0x1BCA0, 0x1BCA3 }, /* shorthand format */
		{ 0x1D173, 0x1D17A }, /* musical format */
		{ 0xE0000, 0xE0FFF }  /* tags, variation selectors */
	};

	return within(blocks, COUNT(blocks), c);
}

bool utf8_blank(const char *text)
{
	while (*text) {
		uint32_t c = utf8_next(&text);

		if (!utf8_is_space(c) && !shows_nothing(c))
			return false;
	}
	return true;
}

/* Whether normalization never changes or moves C or joins it to the text
 * before. Knows large blocks only; false for rarer characters. */
static bool always_normal(uint32_t c)
{
	static const struct block blocks[] = {
		{ 0x0000, 0x02FF },   /* Latin */
		{ 0x0388, 0x0482 },   /* Greek, Cyrillic */
		{ 0x048A, 0x0590 },   /* Cyrillic, Armenian */
		{ 0x05D0, 0x060F },   /* Hebrew */
		{ 0x061B, 0x064A },   /* Arabic */
		{ 0x0E01, 0x0E37 },   /* Thai */
		{ 0x2002, 0x20CF },   /* dashes, quotes, joiners, currencies */
		{ 0x212C, 0x2328 },   /* letterlike, arrows, mathematics */
		{ 0x232B, 0x2ADB },   /* technical, shapes, dingbats */
		{ 0x3000, 0x3029 },   /* CJK punctuation */
		{ 0x3030, 0x3098 },   /* Hiragana */
		{ 0x309B, 0x9FFF },   /* Katakana, CJK */
		{ 0xAC00, 0xD7A3 },   /* Hangul syllables */
		{ 0xFE00, 0xFE0F },   /* variation selectors */
		{ 0xFF00, 0xFFEF },   /* full and half width */
		{ 0x1F000, 0x1FBEF }, /* emoji */
		{ 0x20000, 0x2F7FF }, /* CJK */
		{ 0xE0000, 0x10FFFF } /* tags, private use */
	};

	return within(blocks, COUNT(blocks), c);
}

static bool normal_already(const char *text)
{
	while (*text) {
		/* below U+0300, whichever byte of a character this is */
		if ((unsigned char)*text < 0xCC)
			text++;
		else if (!always_normal(utf8_next(&text)))
			return false;
	}
	return true;
}

/* Writes the canonical decomposition of TEXT to OUT; if OUT is NULL, only
 * counts. Gives the number of code points. */
static size_t decompose(const char *text, int32_t *out)
{
	size_t n = 0;

	while (*text) {
		int32_t some[DECOMPOSED_MAX];
		int32_t c = (int32_t)utf8_next(&text);
		ssize_t count = utf8proc_decompose_char(c, some, DECOMPOSED_MAX,
		    UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, NULL);

		assert(count > 0 && count <= DECOMPOSED_MAX);
		if (out)
			memcpy(out + n, some, (size_t)count * sizeof(*out));
		n += (size_t)count;
	}
	return n;
}

static int combining_class(int32_t c)
{
	return c < 0x300 ? 0 : utf8proc_get_property(c)->combining_class;
}

static void sort_few(int32_t *marks, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		int32_t mark = marks[i];
		int class = combining_class(mark);
		size_t at = i;

		while (at && combining_class(marks[at - 1]) > class) {
			marks[at] = marks[at - 1];
			at--;
		}
		marks[at] = mark;
	}
}

static void sort_many(int32_t *marks, size_t n, int32_t *room)
{
	size_t start[CLASSES + 1] = { 0 };

	for (size_t i = 0; i < n; i++)
		start[combining_class(marks[i]) + 1]++;
	for (size_t class = 1; class <= CLASSES; class ++)
		start[class] += start[class - 1];
	for (size_t i = 0; i < n; i++)
		room[start[combining_class(marks[i])]++] = marks[i];
	memcpy(marks, room, n * sizeof(*marks));
}

/* Sorts each run of combining marks into canonical order: by class, and stable.
 * ROOM has space for all of them. */
static void reorder(int32_t *points, size_t n, int32_t *room)
{
	size_t i = 0;

	while (i < n) {
		size_t from = i;

		while (i < n && combining_class(points[i]))
			i++;
		if (i - from > RUN_SHORT)
			sort_many(points + from, i - from, room);
		else if (i - from > 1)
			sort_few(points + from, i - from);
		i++; /* the character after the run is not a mark */
	}
}

const char *utf8_nfc(struct arena *a, const char *text)
{
	if (normal_already(text))
		return text;

	size_t n = decompose(text, NULL);
	int32_t *points = arena_array(a, 2 * n + 1, sizeof(*points));
	int32_t *room = points + n;

	decompose(text, points);
	reorder(points, n, room);

	ssize_t composed = utf8proc_normalize_utf32(
	    points, (ssize_t)n, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	unsigned char *out = (unsigned char *)room;
	size_t length = 0;

	for (ssize_t i = 0; i < composed; i++)
		length += (size_t)utf8proc_encode_char(points[i], out + length);
	out[length] = '\0';
	return (const char *)out;
}
