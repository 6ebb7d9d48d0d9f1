/* ca.h - whom TLS believes: the file of certificate authorities. */
#ifndef NET_CA_H
#define NET_CA_H

#include "base/arena.h"

/* The file to use: SET if it is not NULL (there or not), else the first that
 * there is of those where distributions keep theirs, else the archive's own.
 * NULL where there is none: libcurl then looks where it was built to. */
const char *ca_file(struct arena *a, const char *set);

#endif
