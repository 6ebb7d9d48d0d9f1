/* monitoring.c - how it goes, and what is wrong. */
#include "watch/monitor.h"

#include "base/clock.h"
#include "watch/alert.h"
#include "web/cgi.h"
#include "web/response.h"

static handler_fn show, alerts, put_aside;

enum { STATUS, LIMIT, CURSOR };
static const struct param alerts_params[] = {
	[STATUS] = WORD_IN(QUERY, "status", OPTIONAL, alert_statuses),
	[LIMIT] = INT_IN(QUERY, "limit", OPTIONAL, 1, ALERT_LIST_MAX),
	[CURSOR] = INT_IN(QUERY, "cursor", OPTIONAL, 1, INT64_MAX),
};

enum { SNOOZED_UNTIL, WHOLE_CAUSE };
static const struct param put_aside_params[] = {
	[SNOOZED_UNTIL] = TIME_IN(BODY, "snoozed_until", OPTIONAL),
	[WHOLE_CAUSE] = BOOL_IN(BODY, "whole_cause", OPTIONAL),
};

static const struct route routes[] = {
	ROUTE_BARE_FLAGS(SCOPE_READ, GET, "/api/v1/monitoring", show,
	    ROUTE_ACTS | ROUTE_TAGGED),
	ROUTE(SCOPE_READ, GET, "/api/v1/monitoring/alerts", alerts,
	    alerts_params),
	ROUTE(SCOPE_WRITE, PATCH, "/api/v1/monitoring/alerts/{id}", put_aside,
	    put_aside_params),
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

static enum err put_aside(struct call *c)
{
	enum { DAYS_MAX = 30, DAY = 86400 };
	const struct arg *until = &c->args[SNOOZED_UNTIL];
	int64_t now = clock_now();
	cJSON *json = NULL;

	if (!until->given && !until->null)
		return params_refuse(
		    c, "snoozed_until", "is missing: give a time, or null");
	if (until->given && until->number <= now)
		return params_refuse(
		    c, "snoozed_until", "must be in the future");
	if (until->given && until->number > now + DAYS_MAX * DAY)
		return params_refuse(c, "snoozed_until",
		    "must be within the next %d days", DAYS_MAX);
	TRY(alert_snooze(c->app, c->id, until->given ? until->number : 0,
	    c->args[WHOLE_CAUSE].truth, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
