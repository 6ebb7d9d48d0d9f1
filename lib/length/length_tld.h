/* length_tld.h - top-level domains at the end of a domain. */
#ifndef LENGTH_LENGTH_TLD_H
#define LENGTH_LENGTH_TLD_H

#include <stddef.h>

#include "length/length_unit.h"

/* The end of the top-level domain at AT: a listed one that no letter or digit
 * follows, or a punycode form. 0 if there is none. */
size_t length_tld(struct units text, size_t at);

#endif
