/* gate.h - who may pass: asked before any handler runs. */
#ifndef WEB_GATE_H
#define WEB_GATE_H

#include "web/call.h"

/* Opens the store and asks for the API key where the route wants one.
 * ERR_CONFIG_…, ERR_DATABASE…, ERR_INVALID_API_KEY. */
enum err gate_pass(struct call *c) MUST_CHECK;

#endif
