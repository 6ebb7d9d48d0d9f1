/* length.h - the length of a tweet as X counts it, and its URLs.
 *
 * It follows npm twitter-text 3.1.0 with configuration 3: Latin and similar
 * characters count 1, all others 2, an emoji 2 whatever its parts, a URL 23.
 * Texts must be valid UTF-8. Takes linear time. */
#ifndef LENGTH_LENGTH_H
#define LENGTH_LENGTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum {
	LENGTH_MAX = 280, /* of a tweet by an account without Premium */
	LENGTH_URL = 23   /* of any URL, whatever its length */
};

/* The length of TEXT, which is first normalized to form C. */
int64_t length_weighted(struct arena *a, const char *text);

/* Why TEXT cannot be a tweet, apart from its length, in words that follow "the
 * text …"; NULL if it can. */
const char *length_invalid(const char *text);

/* Starts a search for the URLs of TEXT, which must outlive it; owned by the
 * arena. */
struct length_urls *length_urls(struct arena *a, const char *text);

/* The next of them from left to right, a part of the text; false after the
 * last. */
bool length_next_url(struct length_urls *urls, struct str *url);

#endif
