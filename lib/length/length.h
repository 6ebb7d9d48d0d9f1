/* length.h - the length of a tweet as X counts it, and its URLs.
 *
 * As npm twitter-text 3.1.0 does it under its configuration 3: Latin and the
 * like count 1, all else 2, an emoji 2 however it is put together, a URL 23.
 * Texts are valid UTF-8; time is linear in them. */
#ifndef LENGTH_LENGTH_H
#define LENGTH_LENGTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum {
	LENGTH_MAX = 280, /* of a tweet by an account without Premium */
	LENGTH_URL = 23   /* of any URL, however long it is */
};

/* The length of TEXT, which is put into normal form C first. */
int64_t length_weighted(struct arena *a, const char *text);

/* Why TEXT can be no tweet whatever its length, in words that go on from "the
 * text …"; NULL if it can. */
const char *length_invalid(const char *text);

/* The URLs of TEXT, which must outlive them; in the arena. */
struct length_urls *length_urls(struct arena *a, const char *text);

/* The next of them from left to right, a part of the text; false after the
 * last. */
bool length_next_url(struct length_urls *urls, struct str *url);

#endif
