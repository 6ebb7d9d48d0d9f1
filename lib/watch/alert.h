/* alert.h - alerts: opened when a problem begins, closed when it is over. */
#ifndef WATCH_ALERT_H
#define WATCH_ALERT_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"
#include "watch/condition.h"

enum { ALERT_LIST_MAX = 200 };

/* The values of GET /api/v1/monitoring/alerts?status=; ends with NULL. */
extern const char *const alert_statuses[];

/* Opens and closes alerts according to CONDITIONS (CONDITION__COUNT
 * elements) and the accounts, and logs each. Deletes alerts that were closed
 * 90 days ago. */
enum err alert_check(struct app *app, const struct condition *conditions)
    MUST_CHECK;

/* Opens the alert about a missing tick; *opened is false if it is open
 * already. */
enum err alert_tick_late(struct app *app, const char *words, bool *opened)
    MUST_CHECK;

/* {alerts:[…],next_cursor}, newest first: those with STATUS (NULL: all) that
 * are older than the alert BEFORE (0: from the newest). */
enum err alert_list(struct app *app, const char *status, int64_t before,
    int64_t limit, cJSON **out) MUST_CHECK;

/* The same for open alerts, those about the whole installation first. Its
 * cursor is for alert_list, which may repeat some of them. */
enum err alert_open_list(struct app *app, int64_t limit, cJSON **out)
    MUST_CHECK;

/* [{cause,open,snoozed}]: how many alerts are open for each cause, and how many
 * of them are snoozed. */
enum err alert_causes(struct app *app, cJSON **out) MUST_CHECK;

/* Snoozes an alert, or with WHOLE_CAUSE all open alerts of its cause, until
 * then (0: ends that), and gives the alert. ERR_ALERT_NOT_FOUND. */
enum err alert_snooze(struct app *app, int64_t id, int64_t until,
    bool whole_cause, cJSON **out) MUST_CHECK;

/* What to do about an alert of this cause; CODE may be NULL. */
const char *alert_hint(const char *cause, const char *code);

#endif
