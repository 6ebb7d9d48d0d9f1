/* tick.c - what has to be done now and then. */
#include "watch/tick.h"

#include "app/idempotency.h"
#include "app/lease.h"
#include "app/oauth.h"
#include "base/log.h"
#include "publish/publish.h"
#include "watch/monitor.h"

/* The answer while another tick is under way. */
static cJSON *another(void)
{
	static const char *const counts[] = { "total", "posted", "failed",
		"settled", "refreshed", "remaining" };
	cJSON *json = json_object();

	for (size_t i = 0; i < COUNT(counts); i++)
		json_add_int(json, counts[i], 0);
	json_add_bool(json, "busy", true);
	return json;
}

static enum err work(struct app *app, int64_t budget, cJSON **out)
{
	const struct publish_order order = { .budget = budget, .tick = true };

	TRY(publish_pending(app, &order, out));
	TRY(oauth_remove_expired(app));
	TRY(idempotency_remove_expired(app));
	json_add_int(*out, "removed_logs", log_prune());
	return db_checkpoint(&app->db);
}

enum err tick_run(struct app *app, int64_t budget, cJSON **out)
{
	enum { MAIL_BY_CRON = 30, MAIL_BY_HTTP = 5 }; /* seconds */
	int64_t mail =
	    budget > PUBLISH_BUDGET_MAX ? MAIL_BY_CRON : MAIL_BY_HTTP;
	bool alone = false;

	*out = NULL;
	TRY(lease_tick(app, &alone));
	if (!alone) {
		*out = another();
		return OK;
	}

	enum err err = work(app, budget, out);

	return monitor_tick(app, err, *out, mail);
}
