/* tag.h - ETag, If-None-Match and 304 (RFC 9110). */
#ifndef WEB_TAG_H
#define WEB_TAG_H

#include "web/call.h"

/* Runs the route's handler, through idempotency_key_run. If the route has
 * ROUTE_TAGGED, the reply gets an ETag; a request whose If-None-Match names it
 * gets 304, and no row is read. */
enum err tag_run(struct call *c) MUST_CHECK;

#endif
