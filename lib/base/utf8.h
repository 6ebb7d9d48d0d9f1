/* utf8.h - text as Unicode: validity, code points, normal form C. */
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

/* N bytes at P as text that can be shown: themselves, copied only where they
 * hold a NUL or what is no UTF-8; there U+FFFD stands for it, as in the
 * WHATWG's Encoding Standard. P[N] must be NUL. */
const char *utf8_shown(struct arena *a, const char *p, size_t n);

/* The code point at *p, which moves behind it. Text must be valid and not at
 * its NUL. */
uint32_t utf8_next(const char **p);

/* How many of the first MAX bytes of valid TEXT end with a whole character. */
size_t utf8_cut(const char *text, size_t max);

/* Whether a code point is Unicode white space (property White_Space). */
bool utf8_is_space(uint32_t c);

/* Whether TEXT holds nothing that can be seen: white space and invisible
 * characters alone (Unicode's White_Space, Default_Ignorable_Code_Point); true
 * for "". */
bool utf8_blank(const char *text);

/* Valid TEXT in normal form C: TEXT itself where a short look tells that it is
 * that already, else a copy in the arena. Linear in time. */
const char *utf8_nfc(struct arena *a, const char *text);

#endif
