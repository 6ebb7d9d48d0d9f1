/* stats.c - how many there are of what. */
#include "app/stats.h"

#include "web/cgi.h"
#include "web/response.h"

static handler_fn show, daily;

enum { DAYS };
static const struct param daily_params[] = {
	[DAYS] = INT_IN(QUERY, "days", OPTIONAL, 1, 366),
};

static const struct route routes[] = {
	ROUTE_BARE_FLAGS(SCOPE_READ, GET, "/api/v1/stats", show, ROUTE_TAGGED),
	ROUTE_FLAGS(SCOPE_READ, GET, "/api/v1/stats/daily", daily, daily_params,
	    ROUTE_TAGGED),
};

static enum err show(struct call *c)
{
	cJSON *json = NULL;

	TRY(stats_get(c->app, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err daily(struct call *c)
{
	enum { MONTH = 30 };
	const struct arg *days = &c->args[DAYS];
	cJSON *json = NULL;

	TRY(stats_daily(c->app, days->given ? days->number : MONTH, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
