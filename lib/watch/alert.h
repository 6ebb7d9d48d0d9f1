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

/* The same of open ones, those of the whole installation first. Its cursor goes
 * on in alert_list, which may give some of those again. */
enum err alert_open_list(struct app *app, int64_t limit, cJSON **out)
    MUST_CHECK;

/* [{cause,open,snoozed}] of open alerts: how many of each cause, and how many
 * of them a person has put aside. */
enum err alert_causes(struct app *app, cJSON **out) MUST_CHECK;

/* Puts an alert, or with WHOLE_CAUSE all open ones of its cause, aside until
 * then (0: no longer), and gives it. ERR_ALERT_NOT_FOUND. */
enum err alert_snooze(struct app *app, int64_t id, int64_t until,
    bool whole_cause, cJSON **out) MUST_CHECK;

/* What to do about an alert of this cause; CODE may be NULL. */
const char *alert_hint(const char *cause, const char *code);

#endif
