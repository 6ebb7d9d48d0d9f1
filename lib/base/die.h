/* die.h - the end of a process that cannot go on: no memory, a limit met. */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include "base/attr.h"

/* Called once with the words of die; it may answer a client or not return. */
typedef void die_fn(const char *words);

/* Sets what die calls before it ends the process; NULL: words to stderr. */
void die_hook(die_fn *hook);

/* Calls the hook with the formatted words (cut at 500 bytes), then _exit(70),
 * sysexits' EX_SOFTWARE. Journals roll back and locks drop on their own. */
void die(const char *fmt, ...) PRINTF_LIKE(1, 2) NO_RETURN;

#endif
