/* cursor.h - where a page of a list ended, as text for the next one's ?cursor=.
 */
#ifndef APP_CURSOR_H
#define APP_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* The last row of the page before: its id, and what it is sorted by as it is
 * stored (NULL: by its id alone). The id is 0 where there is no page before. */
struct cursor {
	int64_t id;
	const char *value;
};

/* The cursor of a list in the order SORT, such as "-id"; what it says is for
 * cursor_read alone. */
const char *cursor_text(
    struct arena *a, const char *sort, const struct cursor *cursor);

/* Reads TEXT; false where it is no cursor of a list in that order, of which
 * VALUED tells whether it is by more than the id. */
bool cursor_read(struct arena *a, const char *text, const char *sort,
    bool valued, struct cursor *out) MUST_CHECK;

#endif
