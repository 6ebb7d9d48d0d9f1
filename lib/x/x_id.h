/* x_id.h - the time that an id of X carries.
 *
 * Ids are "snowflakes": milliseconds since 2010-11-04 01:42:54.657 UTC, above
 * 22 bits that tell apart what X made in the same one. */
#ifndef X_X_ID_H
#define X_X_ID_H

#include <stdint.h>

/* When X made ID, in seconds since 1970; 0 where it is not a number, or is from
 * before 2020, when nothing of ours was posted. */
int64_t x_id_time(const char *id);

/* The lowest id that X can give out at AT, seconds since 1970; 0 for a time
 * before there were any. */
int64_t x_id_from(int64_t at);

#endif
