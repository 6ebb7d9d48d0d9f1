/* die.h - ends a process that cannot go on: out of memory, over a limit. */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include "base/attr.h"

/* Called once with the words of die; it may send a reply, and need not
 * return. */
typedef void die_fn(const char *words);

/* Sets the hook that die calls before it ends the process; NULL: die writes to
 * stderr. */
void die_hook(die_fn *hook);

/* Calls the hook with the formatted words (at most 500 bytes), then _exit(70),
 * EX_SOFTWARE. Journals roll back, and the kernel releases locks. */
void die(const char *fmt, ...) PRINTF_LIKE(1, 2) NO_RETURN;

#endif
