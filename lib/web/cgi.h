/* cgi.h - the life of a CGI program (RFC 3875). */
#ifndef WEB_CGI_H
#define WEB_CGI_H

#include "web/route.h"

/* Answers this process's request using the routes; gives main's return
 * value. */
int cgi_main(const struct route *routes, size_t count) MUST_CHECK;

#endif
