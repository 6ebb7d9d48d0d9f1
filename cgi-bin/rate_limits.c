/* rate_limits.c - X's limits by account and for the app. */
#include "publish/rate_limit.h"
#include "web/cgi.h"
#include "web/response.h"

static handler_fn show;

static const struct route routes[] = {
	ROUTE_BARE(SCOPE_READ, GET, "/api/v1/rate-limits", show),
};

static enum err show(struct call *c)
{
	cJSON *json = NULL;

	TRY(rate_limit_json(c->app, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
