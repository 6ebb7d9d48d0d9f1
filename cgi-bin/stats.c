/* stats.c - how many there are of what. */
#include "app/stats.h"

#include "web/cgi.h"
#include "web/response.h"

static handler_fn show;

static const struct route routes[] = {
	ROUTE_BARE(GET, "/api/v1/stats", show),
};

static enum err show(struct call *c)
{
	cJSON *json = NULL;

	TRY(stats_get(c->app, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
