/* publish.c - hand tweets to X: one, all that are pending, some; the tick. */
#include "publish/publish.h"
#include "publish/report.h"

#include <string.h>

#include "app/tweet.h"
#include "publish/bulk.h"
#include "watch/tick.h"
#include "web/authenticate.h"
#include "web/cgi.h"
#include "web/response.h"

static handler_fn post_one, post_pending, bulk, tick;

enum { ACCOUNT_ID, LIMIT, BUDGET };
static const struct param pending_params[] = {
	[ACCOUNT_ID] = INT_IN(BODY, "account_id", OPTIONAL, 1, INT64_MAX),
	[LIMIT] = INT_IN(BODY, "limit", OPTIONAL, 1, 100000),
	[BUDGET] =
	    INT_IN(BODY, "budget_seconds", OPTIONAL, 1, PUBLISH_BUDGET_MAX),
};

enum { IDS, ACTION };
static const struct param bulk_params[] = {
	[IDS] = IDS_IN(BODY, "ids", REQUIRED, BULK_MAX),
	[ACTION] = WORD_IN(BODY, "action", REQUIRED, bulk_actions),
};

static const struct route routes[] = {
	ROUTE_BARE_FLAGS(SCOPE_PUBLISH, POST, "/api/v1/tweet/post/{id}",
	    post_one, ROUTE_CLAIM),
	ROUTE_FLAGS(SCOPE_PUBLISH, POST, "/api/v1/tweets/post-pending",
	    post_pending, pending_params, ROUTE_CLAIM),
	ROUTE_FLAGS(SCOPE_WRITE | SCOPE_PUBLISH, POST, "/api/v1/tweets/bulk",
	    bulk, bulk_params, ROUTE_CLAIM),
	ROUTE_BARE_FLAGS(SCOPE_TICK, GET, "/api/v1/tick", tick, ROUTE_ACTS),
	ROUTE_BARE(SCOPE_TICK, POST, "/api/v1/tick", tick),
};

/* X's id of the tweet that is posted already. */
static enum err sent_as(struct call *c, const char **twitter_id)
{
	cJSON *tweet = NULL;

	TRY(tweet_get(c->app, c->id, &tweet));
	*twitter_id = json_text(tweet, "twitter_id");
	return OK;
}

static enum err post_one(struct call *c)
{
	cJSON *json = json_object();
	const char *twitter_id = NULL;
	enum err err = publish_one(c->app, c->id, &twitter_id);

	if (err == ERR_ALREADY_POSTED && c->again) /* by the call before */
		err = sent_as(c, &twitter_id);
	TRY(err);
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
	struct publish_result result = { 0 };

	c->account_id = order.account;
	TRY(publish_pending(c->app, &order, &result));
	response_json(c, 200, report_json(&result));
	return OK;
}

static enum err bulk(struct call *c)
{
	const char *action = c->args[ACTION].text;
	bool posts =
	    strcmp(action, "post") == 0 || strcmp(action, "release") == 0;
	struct bulk_result result = { 0 };

	TRY(authorize(c, posts ? SCOPE_PUBLISH : SCOPE_WRITE));
	TRY(bulk_run(c->app, action, c->args[IDS].ids, &result));
	response_json(c, 200, bulk_json(&result));
	return OK;
}

static enum err tick(struct call *c)
{
	struct tick_result result = { 0 };

	TRY(tick_run(c->app, PUBLISH_BUDGET_MAX, &result));
	response_json(c, 200, tick_json(&result));
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
