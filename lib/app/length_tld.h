/* length_tld.h - top-level domains at the end of a domain. */
#ifndef APP_LENGTH_TLD_H
#define APP_LENGTH_TLD_H

#include <stddef.h>

#include "app/length_unit.h"

/* Where the top-level domain that begins at AT ends: a listed one that nothing
 * is glued to, or a punycode form. 0 if there is none. */
size_t length_tld(struct units text, size_t at);

#endif
