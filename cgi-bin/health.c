/* health.c - GET /health, /test and the API's description; and 404 for what no
 * program answers. */
#include "base/clock.h"
#include "base/json.h"
#include "base/version.h"
#include "web/cgi.h"
#include "web/openapi.h"
#include "web/response.h"

static handler_fn health, show_version, test, openapi;

static const struct route routes[] = {
	ROUTE_BARE_FLAGS(SCOPE_OPEN, GET, "/api/v1/health", health, 0),
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/health/libraries", show_version),
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/test", test),
	ROUTE_BARE_FLAGS(SCOPE_OPEN, GET, "/api/v1/openapi.json", openapi, 0),
};

static enum err health(struct call *c)
{
	char now[CLOCK_TEXT];
	cJSON *json = json_object();
	struct fault missing;

	/* the dashboard's first visit asks, and goes to the setup page */
	if (config_keys(&c->app->config, &missing) != OK)
		response_header(c, "X-Setup", "required");
	clock_rfc3339(clock_now(), now);
	json_add_text(json, "status", "healthy");
	json_add_text(json, "timestamp", now);
	json_add_text(json, "version", VERSION);
	response_json(c, 200, json);
	return OK;
}

static enum err show_version(struct call *c)
{
	response_json(c, 200, version_json());
	return OK;
}

static enum err test(struct call *c)
{
	cJSON *json = json_object();

	json_add_text(json, "status", "success");
	json_add_text(json, "message", "The API key works.");
	response_json(c, 200, json);
	return OK;
}

static enum err openapi(struct call *c)
{
	response_text(c, 200, (const char *)openapi_json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
