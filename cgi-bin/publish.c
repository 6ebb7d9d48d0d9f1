/* publish.c - hand tweets to X: one, all that are pending, and the tick. */
#include "app/publish.h"

#include "app/tick.h"
#include "web/cgi.h"
#include "web/response.h"

static handler_fn post_one, post_pending, tick;

enum { ACCOUNT_ID, LIMIT, BUDGET };
static const struct param pending_params[] = {
	[ACCOUNT_ID] = INT_IN(BODY, "account_id", OPTIONAL, 1, INT64_MAX),
	[LIMIT] = INT_IN(BODY, "limit", OPTIONAL, 1, 100000),
	[BUDGET] =
	    INT_IN(BODY, "budget_seconds", OPTIONAL, 1, PUBLISH_BUDGET_MAX),
};

static const struct route routes[] = {
	ROUTE_BARE(POST, "/api/v1/tweet/post/{id}", post_one),
	ROUTE(
	    POST, "/api/v1/tweets/post-pending", post_pending, pending_params),
	ROUTE_BARE(GET, "/api/v1/tick", tick),
	ROUTE_BARE(POST, "/api/v1/tick", tick),
};

static enum err post_one(struct call *c)
{
	cJSON *json = json_object();
	const char *twitter_id = NULL;

	TRY(publish_one(c->app, c->id, &twitter_id));
	json_add_text(json, "message", "Tweet posted");
	json_add_int(json, "tweet_id", c->id);
	json_add_text(json, "twitter_id", twitter_id);
	response_json(c, 200, json);
	return OK;
}

static enum err post_pending(struct call *c)
{
	const struct arg *budget = &c->args[BUDGET];
	const struct publish_order order = {
		.account = c->args[ACCOUNT_ID].number,
		.limit = c->args[LIMIT].number,
		.budget = budget->given ? budget->number : PUBLISH_BUDGET_MAX,
	};
	cJSON *json = NULL;

	c->account_id = order.account;
	TRY(publish_pending(c->app, &order, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err tick(struct call *c)
{
	cJSON *json = NULL;

	TRY(tick_run(c->app, PUBLISH_BUDGET_MAX, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
