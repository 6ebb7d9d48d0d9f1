/* x_id.h - the time that X's ids carry.
 *
 * Ids are "snowflakes": milliseconds since 2010-11-04 01:42:54.657 UTC,
 * followed by 22 bits that distinguish ids of the same millisecond. */
#ifndef X_X_ID_H
#define X_X_ID_H

#include <stdint.h>

/* When X created ID, in seconds since 1970; 0 if ID is not a number or from
 * before 2020, when none of our tweets were posted. */
int64_t x_id_time(const char *id);

/* The lowest id that X can create at AT (seconds since 1970); 0 for a time
 * before such ids. */
int64_t x_id_from(int64_t at);

#endif
