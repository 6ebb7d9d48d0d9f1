/* cors.h - lets pages of other origins call the API (Fetch standard, CORS). */
#ifndef WEB_CORS_H
#define WEB_CORS_H

#include "web/call.h"

/* The header lines that a reply to this request needs for pages of other
 * origins, each with its CR LF; "" if CORS_ORIGINS is not set, or for our own
 * pages. Owned by the request's arena. */
const char *cors_lines(struct call *c);

#endif
