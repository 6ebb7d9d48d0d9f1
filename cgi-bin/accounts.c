/* accounts.c - list, show, delete accounts. */
#include <string.h>

#include "app/account.h"
#include "app/account_list.h"
#include "base/json.h"
#include "web/cgi.h"
#include "web/response.h"

static handler_fn list, show, change, remove, cleanup;

enum { STATUS, TEXT, SORT, LIMIT, CURSOR };
static const struct param list_params[] = {
	[STATUS] = WORD_IN(QUERY, "status", OPTIONAL, account_statuses),
	[TEXT] = TEXT_IN(QUERY, "q", OPTIONAL, 1, 256),
	[SORT] = WORD_IN(QUERY, "sort", OPTIONAL, account_sorts),
	[LIMIT] = INT_IN(QUERY, "limit", OPTIONAL, 1, ACCOUNT_PAGE_MOST),
	[CURSOR] = TEXT_IN(QUERY, "cursor", OPTIONAL, 1, 1024),
};

static const char *const settable[] = { "active", "inactive", NULL };

enum { NEW_STATUS };
static const struct param change_params[] = {
	[NEW_STATUS] = WORD_IN(BODY, "status", REQUIRED, settable),
};

enum { STATUSES, INCLUDE_LOCKED, DRY_RUN };
static const struct param cleanup_params[] = {
	[STATUSES] = WORDS_IN(BODY, "statuses", OPTIONAL, account_statuses),
	[INCLUDE_LOCKED] = BOOL_IN(BODY, "include_locked", OPTIONAL),
	[DRY_RUN] = BOOL_IN(BODY, "dry_run", OPTIONAL),
};

static const struct route routes[] = {
	ROUTE_FLAGS(SCOPE_READ, GET, "/api/v1/accounts", list, list_params,
	    ROUTE_TAGGED),
	ROUTE_BARE_FLAGS(
	    SCOPE_READ, GET, "/api/v1/accounts/{id}", show, ROUTE_TAGGED),
	ROUTE(
	    SCOPE_ADMIN, PATCH, "/api/v1/accounts/{id}", change, change_params),
	ROUTE_BARE(SCOPE_ADMIN, DELETE, "/api/v1/accounts/{id}", remove),
	ROUTE_FLAGS(SCOPE_ADMIN, POST, "/api/v1/accounts/cleanup", cleanup,
	    cleanup_params, ROUTE_ONCE),
};

static enum err list(struct call *c)
{
	struct account_filter filter = {
		.status = c->args[STATUS].text,
		.text = c->args[TEXT].text,
		.limit = c->args[LIMIT].number,
	};
	const char *sort = c->args[SORT].text;
	const char *cursor = c->args[CURSOR].text;
	cJSON *json = NULL;

	while (sort && strcmp(account_sorts[filter.sort], sort) != 0)
		filter.sort++;
	if (cursor && !cursor_read(c->arena, cursor, account_sorts[filter.sort],
			  account_sort_valued(filter.sort), &filter.cursor))
		return params_refuse(c, "cursor",
		    "is not a next_cursor of a list with"
		    " this sort");
	TRY(account_list(c->app, &filter, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err show(struct call *c)
{
	cJSON *json = NULL;

	c->account_id = c->id;
	TRY(account_get(c->app, c->id, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err change(struct call *c)
{
	cJSON *json = NULL;

	c->account_id = c->id;
	TRY(account_set_status(c->app, c->id, c->args[NEW_STATUS].text));
	TRY(account_get(c->app, c->id, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err remove(struct call *c)
{
	cJSON *json = json_object();
	int64_t tweets = 0;

	c->account_id = c->id;
	TRY(account_delete(c->app, c->id, &tweets));
	json_add_text(json, "message", "Account deleted");
	json_add_int(json, "deleted_tweets", tweets);
	response_json(c, 200, json);
	return OK;
}

static enum err cleanup(struct call *c)
{
	static const char *const usual[] = { "failed", "suspended", "inactive",
		NULL };
	const struct arg *given = &c->args[STATUSES];
	const struct account_cleaning how = {
		.statuses = given->given ? given->list : usual,
		.locked = c->args[INCLUDE_LOCKED].truth,
		.dry_run = c->args[DRY_RUN].truth,
	};
	cJSON *json = json_object();
	cJSON *results = NULL;

	TRY(account_cleanup(c->app, &how, &results));
	json_add_text(json, "message",
	    arena_printf(c->arena,
		how.dry_run ? "Would delete %d accounts"
			    : "Deleted %d accounts",
		cJSON_GetArraySize(json_get(results, "deleted_accounts"))));
	if (how.dry_run)
		json_add_bool(json, "dry_run", true);
	json_add(json, "results", results);
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
