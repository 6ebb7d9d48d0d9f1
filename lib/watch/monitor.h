/* monitor.h - how it goes: what was posted, what waits, what is wrong. */
#ifndef WATCH_MONITOR_H
#define WATCH_MONITOR_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* Ends a tick whose work ended with ERR and, if that is OK, gave RESULT: keeps
 * both, opens and closes alerts and mails them for SECONDS at the most. Gives
 * ERR back, or what went wrong here. */
enum err monitor_tick(struct app *app, enum err err, const cJSON *result,
    int64_t seconds) MUST_CHECK;

/* Everything that GET /api/v1/monitoring shows. A tick that is late is noticed
 * here: then an alert is opened and mailed. */
enum err monitor_json(struct app *app, cJSON **out) MUST_CHECK;

#endif
