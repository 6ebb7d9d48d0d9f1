/* utf8.h - Unicode text: validity, code points, normalization form C. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* Whether N bytes at P are well-formed UTF-8 (RFC 3629: shortest forms, no
 * surrogates, nothing above U+10FFFF). NUL bytes are well-formed. */
bool utf8_valid(const char *p, size_t n);

/* N bytes at P as text that can be shown: unchanged or, if they have a NUL or
 * invalid UTF-8, a copy with U+FFFD in its place, as in the WHATWG's Encoding
 * Standard. P[N] must be NUL. */
const char *utf8_shown(struct arena *a, const char *p, size_t n);

/* Reads the code point at *p and moves past it. The text must be valid and not
 * at its end. */
uint32_t utf8_next(const char **p);

/* The length of the longest prefix of valid TEXT that has at most MAX bytes and
 * whole characters. */
size_t utf8_cut(const char *text, size_t max);

/* Whether a code point is Unicode white space (property White_Space). */
bool utf8_is_space(uint32_t c);

/* Whether TEXT has only white space and invisible characters (Unicode's
 * White_Space and Default_Ignorable_Code_Point); true for "". */
bool utf8_blank(const char *text);

/* Valid TEXT in normalization form C: TEXT itself if a quick check shows that
 * it is, else a copy in the arena. Takes linear time. */
const char *utf8_nfc(struct arena *a, const char *text);

#endif
