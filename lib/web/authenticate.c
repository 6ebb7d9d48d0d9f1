/* authenticate.c - checks the API key of a request. */
#include "web/authenticate.h"

#include "app/apikey.h"
#include "app/scope.h"
#include "web/request.h"
#include "web/route.h"

enum err authorize(struct call *c, unsigned scopes)
{
	if (scopes_allow(c->app->key_scopes, scopes))
		return OK;
	c->extra = json_object();
	json_add_text(c->extra, "required_scope", scope_name(scopes));
	return fail_with(c->app, ERR_SCOPE_MISSING);
}

enum err authenticate(struct call *c)
{
	if (c->route->scopes == SCOPE_OPEN)
		return OK;
	TRY(app_open_store(c->app));
	TRY(apikey_check(c->app, request_key(c)));
	return authorize(c, c->route->scopes);
}
