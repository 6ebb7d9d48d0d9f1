/* tick.h - the regular run: everything that has to be done now and then, within
 * a time limit. */
#ifndef WATCH_TICK_H
#define WATCH_TICK_H

#include "app/app.h"
#include "base/json.h"
#include "publish/publish.h"

struct tick_result {
	bool busy; /* another tick is running: nothing was done */
	bool ran;  /* its work began, so there is a result */
	struct publish_result published;
	int64_t removed_logs;
};

/* Checks tweets that earlier runs left unconfirmed, sends those that are due or
 * have waited long enough, and cleans up; calls to X start within BUDGET
 * seconds. Never sends a tweet without a time. Then stores the result, opens
 * and closes alerts, and mails them. */
enum err tick_run(struct app *app, int64_t budget, struct tick_result *result)
    MUST_CHECK;

/* The reply of a tick: its numbers and, unless it was busy, the result of its
 * run. */
cJSON *tick_json(const struct tick_result *result);

#endif
