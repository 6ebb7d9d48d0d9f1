/* tick.h - what has to be done now and then: one bounded run of everything. */
#ifndef WATCH_TICK_H
#define WATCH_TICK_H

#include "app/app.h"
#include "base/json.h"

/* Settles what earlier runs left unknown, sends what was held back and may go
 * now, and tidies up; calls to X begin within BUDGET seconds. A pending tweet
 * that nobody asked to be sent is left alone. */
enum err tick_run(struct app *app, int64_t budget, cJSON **out) MUST_CHECK;

#endif
