/* x_id.c - the time that X's ids carry. */
#include "x/x_id.h"

#include "base/str.h"

enum { SHIFT = 22 };

static const int64_t epoch_ms = 1288834974657;
static const int64_t year_2020 = 1577836800;

int64_t x_id_time(const char *id)
{
	int64_t number = 0;

	if (!id || !str_int64(str_of(id), 0, INT64_MAX, &number))
		return 0;

	int64_t at = ((number >> SHIFT) + epoch_ms) / 1000;

	return at < year_2020 ? 0 : at;
}

int64_t x_id_from(int64_t at)
{
	const int64_t latest = ((INT64_MAX >> SHIFT) + epoch_ms) / 1000;

	if (at > latest || at * 1000 <= epoch_ms)
		return 0;
	return (at * 1000 - epoch_ms) << SHIFT;
}
