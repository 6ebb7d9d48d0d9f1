/* tick.c - what has to be done now and then. */
#include "app/tick.h"

#include "app/oauth.h"
#include "app/publish.h"
#include "base/log.h"

enum err tick_run(struct app *app, int64_t budget, cJSON **out)
{
	const struct publish_order order = { .budget = budget,
		.only_waiting = true };

	TRY(publish_pending(app, &order, out));
	TRY(oauth_remove_expired(app));
	json_add_int(*out, "removed_logs", log_prune());
	return db_checkpoint(&app->db);
}
