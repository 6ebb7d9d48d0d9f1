/* cgi.h - a CGI program's whole life (RFC 3875). */
#ifndef WEB_CGI_H
#define WEB_CGI_H

#include "web/route.h"

/* Answers the one request of this process by its table; what main returns. */
int cgi_main(const struct route *routes, size_t count) MUST_CHECK;

#endif
