/* tag.h - validators of replies: ETag, If-None-Match and 304 (RFC 9110). */
#ifndef WEB_TAG_H
#define WEB_TAG_H

#include "web/call.h"

/* Runs the route's handler, as once_run does. Where the route has ROUTE_TAGGED,
 * a caller whose If-None-Match names what would be answered gets 304, for which
 * no row is read, and any other the reply with its ETag. */
enum err tag_run(struct call *c) MUST_CHECK;

#endif
