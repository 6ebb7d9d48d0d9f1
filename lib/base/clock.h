/* clock.h - the time, and the formats in which we write it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

enum { CLOCK_TEXT = 24 }; /* room for any text below, with its NUL */

/* UTC now, in seconds and in milliseconds since 1970. */
int64_t clock_now(void);
int64_t clock_now_ms(void);

/* Milliseconds of a monotonic clock, for measuring time spans. */
int64_t clock_mono_ms(void);

/* Makes clock_now stand still at T seconds; below 0 lets it run. For tests. */
void clock_set(int64_t t);

/* "YYYY-MM-DD HH:MM:SS", as in the database; and RFC 3339 with T and Z, as in
 * JSON. TEXT has CLOCK_TEXT bytes. Times outside the years 0 to 9999 are
 * clamped. */
void clock_sql(int64_t t, char *text);
void clock_rfc3339(int64_t t, char *text);

/* Reads a time in any common format that another program may have stored: what
 * clock_parse reads, an offset without colon, a date alone (midnight), a time
 * without seconds, a Unix time in seconds, milliseconds or microseconds. False
 * for anything else. */
bool clock_parse_stored(struct str s, int64_t *t) MUST_CHECK;

/* Reads "YYYY-MM-DD HH:MM:SS", also with T instead of the blank, a fraction
 * (dropped) and an offset (default: UTC), as other programs of this schema
 * store it. False for anything else. */
bool clock_parse(struct str s, int64_t *t) MUST_CHECK;

/* Converts a text that clock_parse_stored reads to the format of clock_rfc3339;
 * false for any other text. */
bool clock_sql_to_rfc3339(const char *sql, char *text) MUST_CHECK;

/* Reads an RFC 3339 time: T between date and time, and Z or an offset. */
bool clock_parse_rfc3339(struct str s, int64_t *t) MUST_CHECK;

/* Says what is wrong with S as such a time, in words that follow its name ("has
 * no zone: …"); NULL if nothing is. */
const char *clock_fault(struct arena *a, struct str s) MUST_CHECK;

#endif
