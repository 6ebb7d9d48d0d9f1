/* encode.h - bytes as text: hex and base64 (RFC 4648). */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

/* Lower-case hex. */
char *encode_hex(struct arena *a, const void *p, size_t n);

/* Base64 with padding; base64url with padding, and without. */
char *encode_base64(struct arena *a, const void *p, size_t n);
char *encode_base64url(struct arena *a, const void *p, size_t n);
char *encode_base64url_bare(struct arena *a, const void *p, size_t n);

/* Reads padded base64url strictly: no white space, no missing or superfluous
 * padding, unused bits zero. False when TEXT is not that. */
bool decode_base64url(
    struct arena *a, struct str text, unsigned char **p, size_t *n) MUST_CHECK;

/* TEXT percent-encoded but for RFC 3986's unreserved characters. */
char *encode_percent(struct arena *a, const char *text);

/* Undoes percent-encoding once, "+" being a blank if PLUS; false for a broken
 * escape or one that makes NUL. The text is owned by the arena. */
bool decode_percent(struct arena *a, struct str s, bool plus, char **text)
    MUST_CHECK;

#endif
