/* address.h - mail addresses that are safe to hand to sendmail. */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include "base/arena.h"

enum { ADDRESS_COUNT_MAX = 16 };

/* The addresses of a comma-separated list; ends with NULL. NULL if the list is
 * empty or too long, or has an address that is unsafe as an argument or in a
 * header. */
const char **address_list(struct arena *a, const char *list);

#endif
