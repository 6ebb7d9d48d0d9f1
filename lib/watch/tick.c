/* tick.c - the regular run. */
#include "watch/tick.h"

#include "app/idempotency.h"
#include "app/lease.h"
#include "app/oauth.h"
#include "base/clock.h"
#include "base/log.h"
#include "publish/report.h"
#include "store/kv.h"
#include "watch/alert.h"
#include "watch/alert_mail.h"
#include "watch/condition.h"
#include "watch/overdue.h"

static enum err work(
    struct app *app, int64_t budget, struct tick_result *result)
{
	const struct publish_order order = { .budget = budget, .tick = true };

	TRY(publish_pending(app, &order, &result->published));
	result->ran = true;
	TRY(oauth_remove_expired(app));
	TRY(idempotency_remove_expired(app));
	result->removed_logs = log_prune();
	return db_checkpoint(&app->db);
}

/* ---- afterwards ---------------------------------------------------------- */

/* Stores how the tick ended: when, with which error, and its numbers. */
static enum err keep(
    struct app *app, enum err err, const struct tick_result *result)
{
	cJSON *json = json_object();
	char now[CLOCK_TEXT];

	clock_rfc3339(clock_now(), now);
	json_add_text(json, "at", now);
	json_add_text(json, "error", err == OK ? NULL : err_name(err));
	if (result->ran) {
		report_counts(json, &result->published);
		json_add_int(json, "removed_logs", result->removed_logs);
	}
	return kv_set(&app->db, "last_tick", json_print(json));
}

/* Checks what people need to know. RUN says how the work failed, if it did. */
static enum err look_around(
    struct app *app, const struct fault *run, const struct tick_result *result)
{
	struct condition conditions[CONDITION__COUNT] = { 0 };
	int64_t last = 0;

	TRY(condition_last_tick(app, &last, NULL));
	if (last) /* a first tick is not late: it is the one that was missing */
		TRY(condition_tick(
		    app, last, clock_now(), &conditions[CONDITION_TICK].words));
	TRY(condition_check(app, run, conditions));
	TRY(overdue_check(app, conditions));
	TRY(keep(app, run->err, result));
	return alert_check(app, conditions);
}

/* Ends a tick whose work ended with ERR, and mails within SECONDS. Gives ERR,
 * or what went wrong here. */
static enum err finish(struct app *app, enum err err,
    const struct tick_result *result, int64_t seconds)
{
	struct fault run = { 0 };

	if (err != OK)
		run = app->fault;

	enum err noted = look_around(app, &run, result);

	if (noted != OK)
		LOG_CAUSE("storing the tick's result: %s", app->fault.words);
	alert_mail(app, seconds);
	if (err == OK)
		return noted;
	app->fault = run;
	return err;
}

enum err tick_run(struct app *app, int64_t budget, struct tick_result *result)
{
	enum { MAIL_BY_CRON = 30, MAIL_BY_HTTP = 5 }; /* seconds */
	int64_t mail =
	    budget > PUBLISH_BUDGET_MAX ? MAIL_BY_CRON : MAIL_BY_HTTP;
	bool alone = false;

	TRY(lease_tick(app, &alone));
	result->busy = !alone;
	if (!alone)
		return OK;
	return finish(app, work(app, budget, result), result, mail);
}

/* ---- JSON ---------------------------------------------------------------- */

cJSON *tick_json(const struct tick_result *result)
{
	cJSON *json = json_object();

	if (result->busy) {
		report_counts(json, &result->published);
		json_add_bool(json, "busy", true);
		return json;
	}
	json = report_json(&result->published);
	json_add_int(json, "removed_logs", result->removed_logs);
	return json;
}
