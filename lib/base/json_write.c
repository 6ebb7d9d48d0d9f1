/*
 * json_write.c - a JSON tree as text.
 *
 * Printing a list of tweets with cJSON costs more than reading its rows: cJSON
 * goes over each string twice, byte by byte.
 */
#include <assert.h>
#include <string.h>

#include "base/json.h"

enum { DEEPEST = 64 }; /* twice what json_parse accepts */

static const char *escape(char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	}
	return NULL;
}

static bool plain(char c)
{
	return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

/* Whether eight bytes need no escaping, in the manner of strlen: subtracting N
 * from a byte below N borrows from its top bit. */
static bool plain_word(const char *p)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t word;

	memcpy(&word, p, sizeof(word));

	uint64_t quote = word ^ (ones * '"');
	uint64_t slash = word ^ (ones * '\\');
	uint64_t found = ((word - ones * ' ') & ~word) |
			 ((quote - ones) & ~quote) | ((slash - ones) & ~slash);

	return !(found & (ones << 7));
}

static size_t plain_length(const char *p, size_t n)
{
	size_t i = 0;

	while (n - i >= 8 && plain_word(p + i))
		i += 8;
	if (n >= 8 && n - i < 8 && plain_word(p + n - 8))
		return n;
	while (i < n && plain(p[i]))
		i++;
	return i;
}

static void write_escaped(struct buf *out, const char *text, size_t left)
{
	buf_byte(out, '"');
	for (;;) {
		size_t n = plain_length(text, left);

		buf_add(out, text, n);
		if (n == left)
			break;
		text += n;
		left -= n + 1;
		if (escape(*text))
			buf_text(out, escape(*text));
		else
			buf_printf(out, "\\u%04x", (unsigned char)*text);
		text++;
	}
	buf_byte(out, '"');
}

/* Text that needs no escaping, with the byte AFTER behind it; '\0': none. */
static void write_plain(struct buf *out, const char *text, size_t n, char after)
{
	char *room = buf_room(out, n + 2 + (after != '\0'));

	if (!room)
		return;
	room[0] = '"';
	memcpy(room + 1, text, n);
	room[n + 1] = '"';
	if (after)
		room[n + 2] = after;
}

/* Nearly all strings have nothing to escape. */
static void write_string(struct buf *out, const char *text)
{
	size_t n = strlen(text);

	if (plain_length(text, n) < n)
		write_escaped(out, text, n);
	else
		write_plain(out, text, n, '\0');
}

/* What the programs name themselves is plain (see json_add). */
static void write_name(struct buf *out, const cJSON *item)
{
	if (item->type & cJSON_StringIsConst) {
		write_plain(out, item->string, strlen(item->string), ':');
		return;
	}
	write_string(out, item->string);
	buf_byte(out, ':');
}

static bool is_object(const cJSON *item)
{
	return (item->type & cJSON_Object) != 0;
}

static bool holds_items(const cJSON *item)
{
	return (item->type & (cJSON_Object | cJSON_Array)) != 0;
}

static void write_start(struct buf *out, const cJSON *item)
{
	switch (item->type & 0xFF) {
	case cJSON_Object:
		buf_byte(out, '{');
		return;
	case cJSON_Array:
		buf_byte(out, '[');
		return;
	case cJSON_String:
		write_string(out, item->valuestring);
		return;
	case cJSON_True:
		buf_text(out, "true");
		return;
	case cJSON_False:
		buf_text(out, "false");
		return;
	case cJSON_Raw:
	case cJSON_Number: /* in its original spelling: see json_parse */
		assert(item->valuestring);
		buf_text(out, item->valuestring);
		return;
	}
	buf_text(out, "null");
}

static void write_end(struct buf *out, const cJSON *item)
{
	if (holds_items(item))
		buf_byte(out, is_object(item) ? '}' : ']');
}

void json_write(struct buf *out, const cJSON *item)
{
	const cJSON *parents[DEEPEST] = { 0 };
	size_t depth = 0;

	for (;;) {
		if (depth && is_object(parents[depth - 1]))
			write_name(out, item);
		write_start(out, item);
		if (holds_items(item) && item->child) {
			assert(depth < DEEPEST);
			parents[depth++] = item;
			item = item->child;
			continue;
		}
		write_end(out, item);
		while (depth && !item->next) {
			item = parents[--depth];
			write_end(out, item);
		}
		if (!depth)
			return;
		buf_byte(out, ',');
		item = item->next;
	}
}
