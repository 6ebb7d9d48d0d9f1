/* stats.h - how many there are of what. */
#ifndef APP_STATS_H
#define APP_STATS_H

#include "app/app.h"
#include "base/json.h"

/* {accounts:{total,active},tweets:{total,pending,posted,failed}} */
enum err stats_get(struct app *app, cJSON **out) MUST_CHECK;

#endif
