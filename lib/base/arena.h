/* arena.h - the memory of one request or job: taken in pieces, freed whole. */
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
	size_t limit;               /* most that used may become */
};

/* An arena that hands out LIMIT bytes at most. It holds nothing yet. */
struct arena arena_make(size_t limit);

/* SIZE zeroed bytes, aligned for any type, owned by the arena. Dies when the
 * limit is met or memory is out; never gives NULL. */
void *arena_alloc(struct arena *a, size_t size) NOT_NULL;

/* Makes the piece P of FROM bytes one of TO, zeroed behind; false, and nothing
 * done, unless it was handed out last and there is room right behind it. */
bool arena_extend(struct arena *a, const void *p, size_t from, size_t to);

/* COUNT zeroed elements of SIZE bytes; dies when the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size) NOT_NULL;

/* A NUL-terminated copy of N bytes at P. */
char *arena_copy(struct arena *a, const char *p, size_t n);

/* A copy of TEXT; NULL for NULL. */
char *arena_text(struct arena *a, const char *text);

/* Text made as by printf. */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
    PRINTF_LIKE(2, 0);

/* Frees everything at once; the arena is empty and may be used again. */
void arena_end(struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
