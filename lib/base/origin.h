/* origin.h - the origins of web pages, as browsers write them. */
#ifndef BASE_ORIGIN_H
#define BASE_ORIGIN_H

#include "base/arena.h"

enum { ORIGIN_MAX = 255 }; /* bytes */

/* The origins of LIST, which are separated by commas; ends with NULL. NULL if
 * one of them is not what a browser sends in Origin: scheme://host[:port] in
 * lower case, without a path, a "*" or the scheme's own port. */
const char **origin_list(struct arena *a, const char *list);

#endif
