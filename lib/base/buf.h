/* buf.h - bytes that grow in an arena up to a given limit.
 *
 * Data from outside may fill a buffer, so reaching its limit is not a bug: the
 * buffer then accepts nothing more and sets `full`. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

struct buf {
	struct arena *arena;
	char *p;     /* NUL-terminated once anything was added */
	size_t n;    /* bytes held, without the NUL */
	size_t size; /* bytes taken from the arena */
	size_t max;  /* limit of n */
	bool full;   /* something did not fit */
};

/* An empty buffer of at most MAX bytes in arena A. */
struct buf buf_make(struct arena *a, size_t max);

/* Adds N bytes. False past the limit; from then on nothing is added. */
bool buf_add(struct buf *b, const void *p, size_t n);

/* Adds N bytes that the caller writes: where they go. NULL past the limit; from
 * then on nothing is added. */
char *buf_room(struct buf *b, size_t n);

/* Add NUL-terminated text, one byte, text as by printf. */
bool buf_text(struct buf *b, const char *text);
bool buf_byte(struct buf *b, char byte);
bool buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The bytes, NUL-terminated, owned by the arena. Dies if the buffer is full:
 * with data from outside, check b->full first. */
const char *buf_cstr(struct buf *b);

#endif
