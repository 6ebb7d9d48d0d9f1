/* length_unit.h - text as UTF-16 units, and the role each can play in a URL.
 *
 * X's rules for URLs are JavaScript expressions over UTF-16 units: half a
 * surrogate pair can begin a domain, and lengths count units. To follow them
 * exactly we look at text in the same way. */
#ifndef LENGTH_LENGTH_UNIT_H
#define LENGTH_LENGTH_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* N units at P: not owned, not terminated. */
struct units {
	const uint16_t *p;
	size_t n;
};

/* The positions from FROM up to TO in a text. */
struct span {
	size_t from;
	size_t to;
};

enum {
	UNIT_DOMAIN = 0x01,    /* begins, ends and fills a label */
	UNIT_LATIN = 0x02,     /* in a label, if there is no scheme */
	UNIT_PATH = 0x04,      /* in a path */
	UNIT_PATH_END = 0x08,  /* may end one */
	UNIT_QUERY = 0x10,     /* in a query */
	UNIT_QUERY_END = 0x20, /* may end one */
	UNIT_BEFORE = 0x40,    /* may stand before a URL */
	UNIT_GLUE = 0x80       /* may not follow a top-level domain */
};

/* Valid TEXT in UTF-16, in the arena. */
struct units length_units(struct arena *a, const char *text);

/* The flags above that UNIT has. */
unsigned length_unit_flags(uint16_t unit);

/* Whether there is a unit at AT with one of the FLAGS. */
bool length_unit_has(struct units text, size_t at, unsigned flags);

/* The first position from AT on whose unit has none of the FLAGS. */
size_t length_unit_skip(struct units text, size_t at, unsigned flags);

/* The code point at AT (< text.n) and its number of units; half a pair counts
 * as itself. */
uint32_t length_unit_point(struct units text, size_t at, size_t *units);

/* UNIT, or the lower case of an ASCII letter. */
uint16_t length_unit_lower(uint16_t unit);

/* Whether WORD, in lower-case ASCII, is at AT; case is ignored. */
bool length_unit_word(struct units text, size_t at, const char *word);

/* The units from FROM up to TO. */
struct units length_unit_part(struct units text, size_t from, size_t to);

#endif
