/* str.h - views of bytes, for parsers only; elsewhere text is const char *. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* N bytes at P: not owned, not NUL-terminated. */
struct str {
	const char *p;
	size_t n;
};

/* A view of NUL-terminated text; empty for NULL. */
struct str str_of(const char *text);

bool str_eq(struct str s, const char *text);

/* S without blanks and tabs, or without any of BYTES, at both ends. */
struct str str_trim(struct str s);
struct str str_trim_any(struct str s, const char *bytes);

/* C in lower case if it is a letter of ASCII, else as it is. */
char str_lower(char c);

/* Whether S is WORD, which is in lower case, but for the case of ASCII. */
bool str_is_word(struct str s, const char *word);

/* Gives the part before the first SEP and moves *rest past it. Without SEP,
 * gives all of *rest and leaves it empty with a NULL pointer, so `while
 * (rest.p)` sees every part, even an empty last one. */
struct str str_cut(struct str *rest, char sep);

/* Reads a decimal number, with an optional '-' if MIN < 0; true if S is nothing
 * else and MIN <= *out <= MAX. No blanks, no '+'. */
bool str_int64(struct str s, int64_t min, int64_t max, int64_t *out) MUST_CHECK;

/* Whether A and B are the same N bytes; takes the same time wherever they
 * differ. */
bool str_same_secret(const void *a, const void *b, size_t n);

#endif
