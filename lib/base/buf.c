/* buf.c - bytes that grow in an arena up to a given limit. */
#include "base/buf.h"

#include <string.h>

#include "base/die.h"

struct buf buf_make(struct arena *a, size_t max)
{
	return (struct buf){ .arena = a, .max = max };
}

static void grow(struct buf *b, size_t need)
{
	size_t size = b->size ? b->size : 64;

	while (size < need)
		size *= 2;
	if (size > b->max + 1)
		size = b->max + 1;

	if (!b->p || !arena_extend(b->arena, b->p, b->size, size)) {
		char *p = arena_alloc(b->arena, size);

		if (b->p)
			memcpy(p, b->p, b->n);
		b->p = p;
	}
	b->size = size;
}

char *buf_room(struct buf *b, size_t n)
{
	if (b->full || n > b->max - b->n) {
		b->full = true;
		return NULL;
	}
	if (b->n + n + 1 > b->size)
		grow(b, b->n + n + 1);

	char *room = b->p + b->n;

	b->n += n;
	b->p[b->n] = '\0';
	return room;
}

bool buf_add(struct buf *b, const void *p, size_t n)
{
	char *room = buf_room(b, n);

	if (room && n)
		memcpy(room, p, n);
	return room != NULL;
}

bool buf_text(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool buf_byte(struct buf *b, char byte)
{
	if (b->full || b->n + 1 >= b->size)
		return buf_add(b, &byte, 1);
	b->p[b->n++] = byte;
	b->p[b->n] = '\0';
	return true;
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	const char *text = arena_vprintf(b->arena, fmt, args);

	va_end(args);
	return buf_text(b, text);
}

const char *buf_cstr(struct buf *b)
{
	if (b->full)
		die("a text has more than %zu bytes", b->max);
	if (!b->p)
		grow(b, 1);
	return b->p;
}
