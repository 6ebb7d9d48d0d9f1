/* length_puny.h - how long a label of a domain is in DNS (RFC 3492). */
#ifndef LENGTH_LENGTH_PUNY_H
#define LENGTH_LENGTH_PUNY_H

#include <stddef.h>

#include "length/length_unit.h"

/* The length of LABEL in punycode, prefix and all, or as it is if it is plain
 * ASCII; something above MAX, 63 at most, where it is longer than MAX. */
size_t length_puny(struct units label, size_t max);

#endif
