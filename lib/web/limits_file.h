/* limits_file.h - how often each caller has called, in a file that all
 * processes map and change at once. */
#ifndef WEB_LIMITS_FILE_H
#define WEB_LIMITS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

enum limits_kind { LIMITS_KEY, LIMITS_ADDRESS };

/* What one caller has used; end it with limits_end. */
struct limits {
	void *map;
	size_t size;
	struct limits_slot *page;
	uint64_t hash; /* of the caller */
};

/* What limits_take gives. */
struct limits_state {
	bool allowed;
	int64_t left;    /* so many calls more would be allowed now */
	int64_t wait;    /* seconds until one is; 0: at once */
	int64_t full_in; /* seconds until all are left again */
};

/* Maps what the caller, N bytes at P, has used; makes the file limits in FOLDER
 * if it is not there. False if there is none: then nobody is limited. */
bool limits_open(struct limits *l, struct arena *a, const char *folder,
    enum limits_kind kind, const void *p, size_t n) MUST_CHECK;

/* Counts one call, if it is allowed: PER_MINUTE (above 0) a minute, and a tenth
 * of them at once. */
struct limits_state limits_take(struct limits *l, int64_t per_minute);

/* Counts one wrong guess. Gives 0 for the first MOST (63 or less) within a
 * minute of the first one, then the seconds that are left of it. */
int64_t limits_guess(struct limits *l, unsigned most);

/* "6000" calls a minute allow so many at once. */
int64_t limits_burst(int64_t per_minute);

void limits_end(struct limits *l);

#endif
