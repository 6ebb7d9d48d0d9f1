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

/* S without blanks and tabs at both ends. */
struct str str_trim(struct str s);

/* Gives what stands before the first SEP and moves *rest behind it. Without
 * SEP gives all of *rest and leaves it empty with a NULL pointer, so that
 * `while (rest.p)` sees every part, an empty last one too. */
struct str str_cut(struct str *rest, char sep);

/* Reads decimal digits, with one '-' before them if MIN is below 0: true and
 * *out when S is nothing else and MIN <= value <= MAX. No blanks, no '+'. */
bool str_int64(struct str s, int64_t min, int64_t max, int64_t *out) MUST_CHECK;

/* Whether A and B hold the same N bytes; the time does not tell where not. */
bool str_same_secret(const void *a, const void *b, size_t n);

#endif
