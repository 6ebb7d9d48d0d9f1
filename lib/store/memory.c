/*
 * memory.c - the memory that SQLite takes.
 *
 * A request takes and frees some thousand small blocks and then ends, so what
 * malloc does to keep memory together for the years is wasted on it. Here each
 * size has a list of its free blocks; a new block is cut off a chunk. A block
 * stays of its size for ever, so the most that were in use of each size bounds
 * what a long process keeps.
 */
#include "store/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Sizes of whole blocks: they differ by FINE and, above FINE_MOST, by COARSE.
 * The largest is above what SQLite takes for a page of 4 KiB. */
enum {
	FINE = 8,
	FINE_MOST = 1024,
	COARSE = 64,
	SMALL_MOST = 8192,
	LISTS = FINE_MOST / FINE + SMALL_MOST / COARSE + 1,
	CHUNK = 256 * 1024 /* malloc maps it; untouched pages cost nothing */
};

struct block {
	size_t size;        /* of all of it */
	struct block *next; /* while it is free; else the user's bytes */
};

enum { HEADER = offsetof(struct block, next) };

struct chunk {
	struct chunk *older;
};

static struct {
	struct block *free[LISTS];
	struct chunk *newest;
	char *rest; /* of the newest chunk */
	size_t left;
} memory;

static void *bytes_of(struct block *block)
{
	return (char *)block + HEADER;
}

static struct block *block_of(void *bytes)
{
	void *block = (char *)bytes - HEADER;

	return block;
}

static size_t block_size(int n)
{
	size_t size = (size_t)n + HEADER;
	size_t step = size > FINE_MOST && size <= SMALL_MOST ? COARSE : FINE;

	return (size + step - 1) / step * step;
}

/* Where the free blocks of a small size are. */
static struct block **list_of(size_t size)
{
	size_t i =
	    size <= FINE_MOST ? size / FINE : FINE_MOST / FINE + size / COARSE;

	return &memory.free[i];
}

static struct block *cut(size_t size)
{
	if (size > memory.left) {
		struct chunk *chunk = malloc(CHUNK);

		if (!chunk)
			return NULL;
		chunk->older = memory.newest;
		memory.newest = chunk;
		memory.rest = (char *)(chunk + 1);
		memory.left = CHUNK - sizeof(*chunk);
	}

	void *start = memory.rest;

	memory.rest += size;
	memory.left -= size;
	return start;
}

/* A block of SIZE bytes in all, which block_size has rounded. */
static struct block *take_block(size_t size)
{
	struct block **list = size <= SMALL_MOST ? list_of(size) : NULL;
	struct block *block = NULL;

	if (list && *list) {
		block = *list;
		*list = block->next;
		return block;
	}
	block = list ? cut(size) : malloc(size);
	if (block)
		block->size = size;
	return block;
}

static void *take(int n)
{
	struct block *block = take_block(block_size(n));

	return block ? bytes_of(block) : NULL;
}

static void give(void *p)
{
	struct block *block = block_of(p);

	if (block->size > SMALL_MOST) {
		free(block);
		return;
	}

	struct block **list = list_of(block->size);

	block->next = *list;
	*list = block;
}

static int usable(void *p)
{
	return (int)(block_of(p)->size - HEADER);
}

static void *resize_large(struct block *block, size_t size)
{
	block = realloc(block, size);
	if (!block)
		return NULL;
	block->size = size;
	return bytes_of(block);
}

static void *resize(void *p, int n)
{
	struct block *block = block_of(p);
	size_t size = block_size(n);

	if (size == block->size)
		return p;
	if (size > SMALL_MOST && block->size > SMALL_MOST)
		return resize_large(block, size);

	struct block *moved = take_block(size);

	if (!moved)
		return NULL;
	memcpy(bytes_of(moved), p,
	    (size < block->size ? size : block->size) - HEADER);
	give(p);
	return bytes_of(moved);
}

static int rounded(int n)
{
	return (int)(block_size(n) - HEADER);
}

static int begin(void *unused)
{
	(void)unused;
	return SQLITE_OK;
}

static void end(void *unused)
{
	(void)unused;
	while (memory.newest) {
		struct chunk *chunk = memory.newest;

		memory.newest = chunk->older;
		free(chunk);
	}
	memset(&memory, 0, sizeof(memory));
}

const sqlite3_mem_methods memory_methods = {
	.xMalloc = take,
	.xFree = give,
	.xRealloc = resize,
	.xSize = usable,
	.xRoundup = rounded,
	.xInit = begin,
	.xShutdown = end,
};
