/* encode.h - bytes and text in other notations: hex, base64 (RFC 4648),
 * percent-encoding (RFC 3986), a word of a shell command. */
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
 * padding, unused bits zero. False if TEXT is anything else. */
bool decode_base64url(
    struct arena *a, struct str text, unsigned char **p, size_t *n) MUST_CHECK;

/* TEXT percent-encoded, except RFC 3986's unreserved characters. */
char *encode_percent(struct arena *a, const char *text);

/* Decodes percent-encoding once; with PLUS, "+" means a blank. False for a
 * broken escape or one that gives NUL. The text is owned by the arena. */
bool decode_percent(struct arena *a, struct str s, bool plus, char **text)
    MUST_CHECK;

/* TEXT quoted as one word of a shell command; TEXT itself if it needs none. */
const char *encode_shell(struct arena *a, const char *text);

#endif
