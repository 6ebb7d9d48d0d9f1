/* ca.h - finds the certificate authorities that TLS trusts. */
#ifndef NET_CA_H
#define NET_CA_H

#include "base/arena.h"

/* The file to use: SET unless it is NULL (even if it does not exist), else the
 * first existing file of the usual places, else the archive's own. NULL if
 * there is none: libcurl then uses its built-in path. */
const char *ca_file(struct arena *a, const char *set);

#endif
