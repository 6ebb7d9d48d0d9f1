/* idempotency_key.h - the header Idempotency-Key: a request sent again gets the
 * first reply. */
#ifndef WEB_IDEMPOTENCY_KEY_H
#define WEB_IDEMPOTENCY_KEY_H

#include "web/call.h"

/* Runs the route's handler. If the route has ROUTE_ONCE or ROUTE_CLAIM and the
 * request an Idempotency-Key that was used before, gives the first reply again
 * and runs nothing. ERR_IDEMPOTENCY_…, or the handler's error. */
enum err idempotency_key_run(struct call *c) MUST_CHECK;

#endif
