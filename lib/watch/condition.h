/* condition.h - conditions of the whole installation that need attention, and
 * since when. */
#ifndef WATCH_CONDITION_H
#define WATCH_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum condition_kind {
	CONDITION_TICK,     /* cron runs late or not at all */
	CONDITION_CREDITS,  /* the app's credits at X are used up */
	CONDITION_X,        /* X cannot be reached */
	CONDITION_DISK,     /* the disk is nearly full */
	CONDITION_DATABASE, /* the database does not work properly */
	CONDITION_CLOCK,    /* our clock or X's is wrong */
	/* scheduled tweets that were not sent (overdue.h) */
	CONDITION_MISSED,      /* too late: someone has to release them */
	CONDITION_REJECTED,    /* X rejected them */
	CONDITION_UNCONFIRMED, /* they may have been posted */
	CONDITION_UNUSABLE,    /* their accounts cannot be used */
	CONDITION__COUNT
};

struct condition {
	const char *words; /* NULL: all is well */
	enum err code;     /* OK: no code fits */
};

/* Checks all conditions but the tick's and those of overdue.h. RUN says how the
 * work of the present tick ended. CONDITIONS has CONDITION__COUNT elements. */
enum err condition_check(struct app *app, const struct fault *run,
    struct condition *conditions) MUST_CHECK;

/* Says in words that the tick is late at NOW, the last one having been at LAST;
 * NULL if it is not late. LAST 0: there was none yet; then it is late once
 * something is waiting for it. */
enum err condition_tick(
    struct app *app, int64_t last, int64_t now, const char **words) MUST_CHECK;

/* Whether no tick has ended within the last two intervals. */
enum err condition_no_tick(struct app *app, bool *missing) MUST_CHECK;

/* When the last tick ended; 0: there was none. With RESULT, also its result:
 * {at,error,…}, or NULL if there is none. */
enum err condition_last_tick(struct app *app, int64_t *at, cJSON **result)
    MUST_CHECK;

/* Whether a disk of TOTAL bytes with FREE left is nearly full. */
bool condition_disk_low(uint64_t free_bytes, uint64_t total);

#endif
