/* alert.h - what is wrong now, told once: opened when it begins, closed when it
 * is over. */
#ifndef WATCH_ALERT_H
#define WATCH_ALERT_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"
#include "watch/trouble.h"

enum { ALERT_LIST_MAX = 200 };

/* What GET /api/v1/monitoring/alerts?status= takes; ends with NULL. */
extern const char *const alert_statuses[];

/* Opens and closes alerts by TROUBLES (TROUBLE__COUNT) and by the accounts as
 * they are, and logs each. Those closed 90 days ago go. */
enum err alert_check(struct app *app, const struct trouble *troubles)
    MUST_CHECK;

/* Opens the alert that no tick came, unless it is open. *opened tells. */
enum err alert_tick_late(struct app *app, const char *words, bool *opened)
    MUST_CHECK;

/* {alerts:[…],next_cursor}, newest first: of STATUS (NULL: all) and older than
 * the alert BEFORE (0: from the newest). */
enum err alert_list(struct app *app, const char *status, int64_t before,
    int64_t limit, cJSON **out) MUST_CHECK;

/* What to do about an alert of this cause; CODE may be NULL. */
const char *alert_hint(const char *cause, const char *code);

#endif
