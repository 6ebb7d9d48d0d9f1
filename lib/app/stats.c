/* stats.c - how many there are of what. */
#include "app/stats.h"

#include "app/account.h"
#include "base/json.h"

static enum err add(struct app *app, cJSON *json, const char *name,
    int64_t owner, const char *status)
{
	int64_t n = 0;

	TRY(account_tally(app, owner, status, &n));
	json_add_int(json, name, n);
	return OK;
}

enum err stats_get(struct app *app, cJSON **out)
{
	const int64_t accounts = -1;
	const int64_t tweets = 0;
	cJSON *json = json_object();
	cJSON *part = json_add(json, "accounts", json_object());

	TRY(add(app, part, "total", accounts, NULL));
	TRY(add(app, part, "active", accounts, "active"));
	part = json_add(json, "tweets", json_object());
	TRY(add(app, part, "total", tweets, NULL));
	TRY(add(app, part, "pending", tweets, "pending"));
	TRY(add(app, part, "posted", tweets, "posted"));
	TRY(add(app, part, "failed", tweets, "failed"));
	*out = json;
	return OK;
}
