/* gate.c - who may pass. */
#include "web/gate.h"

#include "app/apikey.h"
#include "web/request.h"
#include "web/route.h"

enum err gate_pass(struct call *c)
{
	if (c->route->flags & ROUTE_OPEN)
		return OK;
	TRY(app_open_store(c->app));
	return apikey_check(c->app, request_key(c));
}
