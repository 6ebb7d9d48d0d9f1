/* stats.h - counts by status. */
#ifndef APP_STATS_H
#define APP_STATS_H

#include "app/app.h"
#include "base/json.h"

/* {accounts:{total,active},tweets:{total,pending,posted,failed}} */
enum err stats_get(struct app *app, cJSON **out) MUST_CHECK;

/* {days:[{date,posted,failed}…]}: the last DAYS days including today (UTC),
 * oldest first, and what was posted or failed on each. */
enum err stats_daily(struct app *app, int64_t days, cJSON **out) MUST_CHECK;

#endif
