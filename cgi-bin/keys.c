/* keys.c - make, list, change and revoke API keys. */
#include "app/key.h"

#include "base/clock.h"
#include "web/cgi.h"
#include "web/params.h"
#include "web/response.h"

static handler_fn list, create, show, change, end_key;

enum { LIMIT, CURSOR };
static const struct param list_params[] = {
	[LIMIT] = INT_IN(QUERY, "limit", OPTIONAL, 1, KEY_PAGE),
	[CURSOR] = INT_IN(QUERY, "cursor", OPTIONAL, 1, INT64_MAX),
};

enum { NAME, SCOPES, EXPIRES_AT };
static const struct param create_params[] = {
	[NAME] = TEXT_IN(BODY, "name", REQUIRED, 1, KEY_NAME_MAX),
	[SCOPES] = SOME_WORDS_IN(BODY, "scopes", REQUIRED, scope_names),
	[EXPIRES_AT] = TIME_IN(BODY, "expires_at", OPTIONAL),
};
static const struct param change_params[] = {
	[NAME] = TEXT_IN(BODY, "name", OPTIONAL, 1, KEY_NAME_MAX),
	[SCOPES] = SOME_WORDS_IN(BODY, "scopes", OPTIONAL, scope_names),
	[EXPIRES_AT] = TIME_IN(BODY, "expires_at", OPTIONAL),
};

/* What create answers has the key itself, so no reply is kept to be sent
 * again. */
static const struct route routes[] = {
	ROUTE(SCOPE_ADMIN, GET, "/api/v1/keys", list, list_params),
	ROUTE(SCOPE_ADMIN, POST, "/api/v1/keys", create, create_params),
	ROUTE_BARE(SCOPE_ADMIN, GET, "/api/v1/keys/{id}", show),
	ROUTE(SCOPE_ADMIN, PATCH, "/api/v1/keys/{id}", change, change_params),
	ROUTE_BARE(SCOPE_ADMIN, DELETE, "/api/v1/keys/{id}", end_key),
};

static enum err list(struct call *c)
{
	const struct arg *limit = &c->args[LIMIT];
	cJSON *json = NULL;

	TRY(key_list(c->app, c->args[CURSOR].number,
	    limit->given ? limit->number : KEY_PAGE, &json));
	response_json(c, 200, json);
	return OK;
}

/* Reads the changes from the body. */
static enum err read_changes(struct call *c, struct key_changes *changes)
{
	const struct arg *scopes = &c->args[SCOPES];
	const struct arg *expires = &c->args[EXPIRES_AT];
	const cJSON *ids = json_get(c->body, "account_ids");

	*changes = (struct key_changes){ .name = c->args[NAME].text,
		.scopes = scopes->given ? scopes->list : NULL,
		.new_expiry = expires->given || expires->null,
		.expires_at = expires->number };
	/* rather than make a key that may do more than was asked for */
	if (ids && !cJSON_IsNull(ids))
		return params_refuse(c, "account_ids",
		    "cannot be given yet: keys are for all accounts");
	if (expires->given && expires->number <= clock_now())
		return params_refuse(c, "expires_at", "is in the past");
	return OK;
}

static enum err create(struct call *c)
{
	struct key_changes new;
	cJSON *json = NULL;

	TRY(read_changes(c, &new));
	TRY(key_create(c->app, &new, &json));
	response_header(c, "Location",
	    arena_printf(c->arena, "/api/v1/keys/%s",
		json_get(json, "id")->valuestring));
	response_json(c, 201, json);
	return OK;
}

static enum err show(struct call *c)
{
	cJSON *json = NULL;

	TRY(key_get(c->app, c->id, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err change(struct call *c)
{
	struct key_changes changes;
	cJSON *json = NULL;

	TRY(read_changes(c, &changes));
	if (!changes.name && !changes.scopes && !changes.new_expiry)
		return params_refuse(
		    c, "name", "name, scopes or expires_at is required");
	TRY(key_change(c->app, c->id, &changes, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err end_key(struct call *c)
{
	cJSON *json = json_object();

	TRY(key_revoke(c->app, c->id));
	json_add_text(json, "message", "API key revoked");
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
