/* arena.h - the memory of one request or job: allocated in pieces, freed at
 * once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	size_t used;                /* bytes handed out, all chunks */
	size_t limit;               /* the most that used may become */
};

/* An empty arena that hands out at most LIMIT bytes. */
struct arena arena_make(size_t limit);

/* SIZE zeroed bytes, aligned for any type, owned by the arena. Dies at the
 * limit or when memory is exhausted; never gives NULL. */
void *arena_alloc(struct arena *a, size_t size) NOT_NULL;

/* Extends the piece P from FROM to TO bytes, zeroed. False, and nothing is
 * done, unless P was handed out last and has room after it. */
bool arena_extend(struct arena *a, const void *p, size_t from, size_t to);

/* COUNT zeroed elements of SIZE bytes; dies if the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size) NOT_NULL;

/* A copy of COUNT elements of SIZE bytes at P with room for as many more, which
 * are zeroed: for an array that is full. */
void *arena_grow(struct arena *a, const void *p, size_t count, size_t size)
    NOT_NULL;

/* A NUL-terminated copy of N bytes at P. */
char *arena_copy(struct arena *a, const char *p, size_t n);

/* A copy of TEXT; NULL for NULL. */
char *arena_text(struct arena *a, const char *text);

/* Text formatted as by printf. */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
    PRINTF_LIKE(2, 0);

/* Frees everything at once; the empty arena may be used again. */
void arena_end(struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
