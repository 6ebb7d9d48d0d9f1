/* bulk.h - one thing done with many tweets, each for itself. */
#ifndef PUBLISH_BULK_H
#define PUBLISH_BULK_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { BULK_MAX = 500 };

/* What can be done with many: delete, post, retry, release; ends with NULL. */
extern const char *const bulk_actions[];

/* Does ACTION with each of IDS (ends with 0) and answers row by row:
 * {action,total,done,failed,results:[{id,ok,..}]}. What one row cannot have is
 * no fault of the call. */
enum err bulk_run(struct app *app, const char *action, const int64_t *ids,
    cJSON **out) MUST_CHECK;

#endif
