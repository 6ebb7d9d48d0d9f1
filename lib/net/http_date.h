/* http_date.h - reads the three date formats of HTTP. */
#ifndef NET_HTTP_DATE_H
#define NET_HTTP_DATE_H

#include <stdint.h>

/* The time of an HTTP date (RFC 9110, 5.6.7) in any of its three formats; 0 for
 * anything else and for NULL. */
int64_t http_date(const char *text);

/* The months' names, as HTTP and mail write them: "Jan" … */
extern const char *const http_date_months[12];

#endif
