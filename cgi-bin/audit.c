/* audit.c - the record of changes. */
#include "app/event.h"
#include "app/event_list.h"

#include "web/cgi.h"
#include "web/params.h"
#include "web/response.h"

static handler_fn list;

enum { OBJECT, OBJECT_ID, ACTION, KEY_ID, FROM, TO, LIMIT, CURSOR };
static const struct param list_params[] = {
	[OBJECT] = WORD_IN(QUERY, "object", OPTIONAL, event_objects),
	[OBJECT_ID] = INT_IN(QUERY, "object_id", OPTIONAL, 1, INT64_MAX),
	[ACTION] = WORD_IN(QUERY, "action", OPTIONAL, event_actions),
	[KEY_ID] = INT_IN(QUERY, "key_id", OPTIONAL, 1, INT64_MAX),
	[FROM] = TIME_IN(QUERY, "from", OPTIONAL),
	[TO] = TIME_IN(QUERY, "to", OPTIONAL),
	[LIMIT] = INT_IN(QUERY, "limit", OPTIONAL, 1, EVENT_LIST_MAX),
	[CURSOR] = INT_IN(QUERY, "cursor", OPTIONAL, 1, INT64_MAX),
};

static const struct route routes[] = {
	ROUTE(SCOPE_ADMIN, GET, "/api/v1/audit", list, list_params),
};

static enum err list(struct call *c)
{
	const struct arg *args = c->args;
	const struct event_filter filter = {
		.object = args[OBJECT].text,
		.object_id = args[OBJECT_ID].number,
		.action = args[ACTION].text,
		.key_id = args[KEY_ID].number,
		.from = args[FROM].number,
		.to = args[TO].number,
		.before = args[CURSOR].number,
		.limit =
		    args[LIMIT].given ? args[LIMIT].number : EVENT_LIST_MAX,
	};
	cJSON *json = NULL;

	TRY(event_list(c->app, &filter, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
