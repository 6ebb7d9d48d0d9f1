/* once.h - a request that a caller may send twice: Idempotency-Key. */
#ifndef WEB_ONCE_H
#define WEB_ONCE_H

#include "web/call.h"

/* Runs the route's handler. Where the route has ROUTE_ONCE or ROUTE_CLAIM and
 * the caller sent an Idempotency-Key, a request that was answered before is
 * answered the same and not run. BODY (NULL: none) is what was sent.
 * ERR_IDEMPOTENCY_…, or what the handler gives. */
enum err once_run(struct call *c) MUST_CHECK;

#endif
