/* http_date.h - the three ways in which HTTP writes a time. */
#ifndef NET_HTTP_DATE_H
#define NET_HTTP_DATE_H

#include <stdint.h>

/* The time of an HTTP date (RFC 9110, 5.6.7), in any of its three forms; 0 for
 * anything else and for NULL. */
int64_t http_date(const char *text);

#endif
