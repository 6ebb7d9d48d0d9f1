/* authenticate.c - checks the API key of a request. */
#include "web/authenticate.h"

#include "app/apikey.h"
#include "app/key_in_query.h"
#include "app/scope.h"
#include "web/limit.h"
#include "web/request.h"
#include "web/route.h"

static void add_required(struct call *c, unsigned scopes)
{
	c->extra = json_object();
	json_add_text(c->extra, "required_scope", scope_name(scopes));
}

enum err authorize(struct call *c, unsigned scopes)
{
	if (scopes_allow(c->app->key_scopes, scopes))
		return OK;
	add_required(c, scopes);
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

/* A confined key may make only calls that are narrowed to its accounts. */
static enum err authorize_confined(struct call *c)
{
	if (!c->app->key_accounts || (c->route->flags & ROUTE_NARROWED))
		return OK;
	add_required(c, c->route->scopes);
	fail(c->app, ERR_SCOPE_MISSING,
	    "this key is confined to accounts, and this call is about all of"
	    " them");
	c->app->fault.hint = "Use a key that is for all accounts.";
	return ERR_SCOPE_MISSING;
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
	TRY(authorize(c, c->route->scopes));
	return authorize_confined(c);
}
