/* mock_mode.c - whether anything goes to X. */
#include "app/mock_mode.h"
#include "base/json.h"
#include "web/cgi.h"
#include "web/response.h"

static handler_fn show, set;

enum { ENABLED };
static const struct param set_params[] = {
	[ENABLED] = BOOL_IN(BODY, "enabled", REQUIRED),
};

static const struct route routes[] = {
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/mock-mode", show),
	ROUTE(SCOPE_ADMIN, POST, "/api/v1/mock-mode", set, set_params),
};

static enum err show(struct call *c)
{
	cJSON *json = json_object();
	bool on = false;

	TRY(mock_mode_is_on(c->app, &on));
	json_add_bool(json, "mock_mode", on);
	response_json(c, 200, json);
	return OK;
}

static enum err set(struct call *c)
{
	cJSON *json = json_object();
	bool on = c->args[ENABLED].truth;

	TRY(mock_mode_set(c->app, on));
	json_add_bool(json, "mock_mode", on);
	json_add_text(json, "message",
	    on ? "Mock mode is on: nothing is sent to X."
	       : "Mock mode is off: tweets are sent to X.");
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
