/* length_puny.h - the length of a domain label in DNS (RFC 3492). */
#ifndef LENGTH_LENGTH_PUNY_H
#define LENGTH_LENGTH_PUNY_H

#include <stddef.h>

#include "length/length_unit.h"

/* The length of LABEL in punycode with its prefix, or of LABEL itself if it is
 * ASCII; a value above MAX (at most 63) if it is longer than MAX. */
size_t length_puny(struct units label, size_t max);

#endif
