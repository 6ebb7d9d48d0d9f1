/* address.h - mail addresses, as far as we hand them to a program. */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include "base/arena.h"

enum { ADDRESS_COUNT_MAX = 16 };

/* The addresses of a list with commas, ends with NULL; NULL itself where the
 * list is empty or too long, or holds an address that is unsafe as a program's
 * argument or in a header. */
const char **address_list(struct arena *a, const char *list);

#endif
