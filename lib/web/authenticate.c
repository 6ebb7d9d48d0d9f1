/* authenticate.c - checks the API key of a request. */
#include "web/authenticate.h"

#include "app/apikey.h"
#include "app/key_in_query.h"
#include "app/scope.h"
#include "web/limit.h"
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

/* Refuses a wrong key, or none: the key was looked up first, so that a right
 * one always passes, whoever else has its caller's address. */
static enum err refuse_key(struct call *c, const char *key)
{
	if (key)
		TRY(limit_guess(c));
	TRY(limit_address(c));
	return ERR_INVALID_API_KEY;
}

enum err authenticate(struct call *c)
{
	if (c->route->scopes == SCOPE_OPEN)
		return c->route->flags & ROUTE_UNLIMITED ? OK
							 : limit_address(c);
	TRY(app_open_store(c->app));

	const char *key = request_key(c);
	enum err err = apikey_check(c->app, key);

	if (err == ERR_INVALID_API_KEY)
		return refuse_key(c, key);
	TRY(err);
	TRY(limit_key(c));
	if (c->key_in_query)
		key_in_query_warn(c->app);
	return authorize(c, c->route->scopes);
}
