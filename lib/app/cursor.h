/* cursor.h - the position after the last row of a page, as text for
 * ?cursor=. */
#ifndef APP_CURSOR_H
#define APP_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* The last row of the previous page: its id (0: there is no previous page) and
 * the value it is sorted by, as stored (NULL: the id alone). */
struct cursor {
	int64_t id;
	const char *value;
};

/* The cursor for a list in the order SORT, such as "-id". Only cursor_read
 * interprets it. */
const char *cursor_text(
    struct arena *a, const char *sort, const struct cursor *cursor);

/* Reads TEXT; false if it is not a cursor for that order. VALUED says whether
 * the list is sorted by something besides the id. */
bool cursor_read(struct arena *a, const char *text, const char *sort,
    bool valued, struct cursor *out) MUST_CHECK;

#endif
