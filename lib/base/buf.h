/* buf.h - bytes that grow in an arena, never past the ceiling given at birth.
 *
 * Outside data may fill a buffer, so meeting the ceiling is no bug: the buffer
 * then takes nothing more and says so by buf_full. */
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
	size_t max;  /* ceiling of n */
	bool full;   /* something did not fit and was left out */
};

/* An empty buffer of at most MAX bytes in arena A. */
struct buf buf_make(struct arena *a, size_t max);

/* Adds N bytes; false, and nothing added from now on, past the ceiling. */
bool buf_add(struct buf *b, const void *p, size_t n);

/* Add NUL-terminated text, one byte, a decimal number, printf's text. */
bool buf_text(struct buf *b, const char *text);
bool buf_byte(struct buf *b, char byte);
bool buf_int(struct buf *b, int64_t value);
bool buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The bytes, NUL-terminated, owned by the arena. Dies if the buffer is full:
 * who lets outside data in asks b->full first. */
const char *buf_cstr(struct buf *b);

#endif
