/* monitor.h - the status overview: what was posted, what is waiting, what is
 * wrong. */
#ifndef WATCH_MONITOR_H
#define WATCH_MONITOR_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* Everything that GET /api/v1/monitoring shows. If the tick is late, also opens
 * an alert and mails it. */
enum err monitor_json(struct app *app, cJSON **out) MUST_CHECK;

#endif
