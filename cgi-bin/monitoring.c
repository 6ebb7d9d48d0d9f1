/* monitoring.c - how it goes, and what is wrong. */
#include "watch/monitor.h"

#include "watch/alert.h"
#include "web/cgi.h"
#include "web/response.h"

static handler_fn show, alerts;

enum { STATUS, LIMIT, CURSOR };
static const struct param alerts_params[] = {
	[STATUS] = WORD_IN(QUERY, "status", OPTIONAL, alert_statuses),
	[LIMIT] = INT_IN(QUERY, "limit", OPTIONAL, 1, ALERT_LIST_MAX),
	[CURSOR] = INT_IN(QUERY, "cursor", OPTIONAL, 1, INT64_MAX),
};

static const struct route routes[] = {
	ROUTE_BARE(GET, "/api/v1/monitoring", show),
	ROUTE(GET, "/api/v1/monitoring/alerts", alerts, alerts_params),
};

static enum err show(struct call *c)
{
	cJSON *json = NULL;

	TRY(monitor_json(c->app, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err alerts(struct call *c)
{
	enum { PAGE = 50 };
	const struct arg *limit = &c->args[LIMIT];
	cJSON *json = NULL;

	TRY(alert_list(c->app, c->args[STATUS].text, c->args[CURSOR].number,
	    limit->given ? limit->number : PAGE, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
