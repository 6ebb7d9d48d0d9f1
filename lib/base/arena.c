/*
 * arena.c - the memory of one request or job.
 *
 * ARENA_CHUNK comes from the Makefile. In release builds it is 256 KiB, so
 * large that calloc gets it from the kernel, zeroed, and only the pages in use
 * cost anything. In debug builds it is 0, so that each piece is its own malloc
 * and ASan sees its bounds.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum { ALIGN = _Alignof(max_align_t) };

struct arena_chunk {
	struct arena_chunk *next;
	size_t size;
	size_t used;
	_Alignas(max_align_t) char bytes[];
};

struct arena arena_make(size_t limit)
{
	return (struct arena){ .limit = limit };
}

static struct arena_chunk *chunk_add(struct arena *a, size_t need)
{
	size_t size = need > (size_t)ARENA_CHUNK ? need : (size_t)ARENA_CHUNK;
	struct arena_chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		die("out of memory");
	chunk->size = size;
	chunk->next = a->chunks;
	a->chunks = chunk;
	return chunk;
}

static size_t aligned(size_t size)
{
	return (size + ALIGN - 1) / ALIGN * ALIGN;
}

void *arena_alloc(struct arena *a, size_t size)
{
	if (size > a->limit - a->used)
		die("more than %zu bytes needed for one request", a->limit);

	size_t need = aligned(size);
	struct arena_chunk *chunk = a->chunks;

	if (!chunk || need > chunk->size - chunk->used)
		chunk = chunk_add(a, ARENA_CHUNK ? need : size);

	void *p = chunk->bytes + chunk->used;

	chunk->used = ARENA_CHUNK ? chunk->used + need : chunk->size;
	a->used += size;
	return p;
}

bool arena_extend(struct arena *a, const void *p, size_t from, size_t to)
{
	struct arena_chunk *chunk = a->chunks;
	const char *end = (const char *)p + aligned(from);

	if (!ARENA_CHUNK || !chunk || end != chunk->bytes + chunk->used ||
	    to - from > a->limit - a->used ||
	    aligned(to) - aligned(from) > chunk->size - chunk->used)
		return false;
	chunk->used += aligned(to) - aligned(from);
	a->used += to - from;
	return true;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die("an array is too large for memory");
	return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, const void *p, size_t count, size_t size)
{
	void *more = arena_array(a, 2 * count, size);

	memcpy(more, p, count * size);
	return more;
}

char *arena_copy(struct arena *a, const char *p, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *arena_text(struct arena *a, const char *text)
{
	return text ? arena_copy(a, text, strlen(text)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
	va_list again;

	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, again);

	va_end(again);
	if (n < 0)
		die("cannot format \"%s\"", fmt);

	size_t size = (size_t)n + 1;
	char *text = arena_alloc(a, size);

	vsnprintf(text, size, fmt, args);
	return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	char *text = arena_vprintf(a, fmt, args);

	va_end(args);
	return text;
}

void arena_end(struct arena *a)
{
	struct arena_chunk *chunk = a->chunks;

	while (chunk) {
		struct arena_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	a->chunks = NULL;
	a->used = 0;
}
