/*
 * cursor.c - the position after the last row of a page.
 *
 * It contains the name of the order, since a position in one order means
 * nothing in another. For newest first it is the id alone, as in earlier
 * versions.
 */
#include "app/cursor.h"

#include <inttypes.h>
#include <string.h>

#include "base/encode.h"
#include "base/str.h"

static const char newest[] = "-id";

const char *cursor_text(
    struct arena *a, const char *sort, const struct cursor *cursor)
{
	const char *value = cursor->value;

	if (strcmp(sort, newest) == 0)
		return arena_printf(a, "%" PRId64, cursor->id);
	if (!value)
		return arena_printf(a, "%s.%" PRId64, sort, cursor->id);
	return arena_printf(a, "%s.%" PRId64 ".%s", sort, cursor->id,
	    encode_base64url(a, value, strlen(value)));
}

bool cursor_read(struct arena *a, const char *text, const char *sort,
    bool valued, struct cursor *out)
{
	struct str rest = str_of(text);
	unsigned char *value = NULL;
	size_t n = 0;

	*out = (struct cursor){ 0 };
	if (strcmp(sort, newest) == 0)
		return str_int64(rest, 1, INT64_MAX, &out->id);
	if (!str_eq(str_cut(&rest, '.'), sort) || !rest.p ||
	    !str_int64(str_cut(&rest, '.'), 1, INT64_MAX, &out->id))
		return false;
	if (!valued)
		return !rest.p;
	if (!rest.p || !decode_base64url(a, rest, &value, &n))
		return false;
	out->value = arena_copy(a, (const char *)value, n);
	return strlen(out->value) == n;
}
