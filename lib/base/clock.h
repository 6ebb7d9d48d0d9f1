/* clock.h - the time, and how times are written. */
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

/* Milliseconds of a clock that nobody sets; for how long things take. */
int64_t clock_mono_ms(void);

/* Makes clock_now stand still at T seconds; below 0 lets it run. For tests. */
void clock_set(int64_t t);

/* "YYYY-MM-DD HH:MM:SS", as the database has it; and with T and Z, RFC 3339,
 * as JSON has it. TEXT has CLOCK_TEXT bytes. Years 0 to 9999, else clamped. */
void clock_sql(int64_t t, char *text);
void clock_rfc3339(int64_t t, char *text);

/* Reads a time in whatever plain form another program may have stored it: what
 * clock_parse reads, an offset without colon, a date alone (midnight), no
 * seconds, a Unix time in
 * seconds, milli- or microseconds. False for anything else. */
bool clock_parse_stored(struct str s, int64_t *t) MUST_CHECK;

/* Reads "YYYY-MM-DD HH:MM:SS", with T for the blank, a fraction (dropped) and
 * an offset (none: UTC), so that what other programs of this schema stored is
 * read too; false when it is no such time. */
bool clock_parse(struct str s, int64_t *t) MUST_CHECK;

/* The same time as clock_rfc3339 writes it, of a text that clock_parse_stored
 * reads; false for any other. */
bool clock_sql_to_rfc3339(const char *sql, char *text) MUST_CHECK;

/* Reads an RFC 3339 time: T between date and time, and Z or an offset. */
bool clock_parse_rfc3339(struct str s, int64_t *t) MUST_CHECK;

/* What keeps S from being such a time, in words that follow its name ("has no
 * zone: …"); NULL when it is one. */
const char *clock_fault(struct arena *a, struct str s) MUST_CHECK;

#endif
