/* trouble.h - what is wrong with the whole installation, and for how long. */
#ifndef WATCH_TROUBLE_H
#define WATCH_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum trouble_kind {
	TROUBLE_TICK,     /* cron comes late or not at all */
	TROUBLE_CREDITS,  /* the app may not post at X any more */
	TROUBLE_X,        /* X is out of reach */
	TROUBLE_DISK,     /* the disk is nearly full */
	TROUBLE_DATABASE, /* the database cannot be used as it should */
	TROUBLE_CLOCK,    /* our clock or X's is wrong */
	/* scheduled tweets that did not go out (overdue.h) */
	TROUBLE_MISSED,      /* too late: a person has to release them */
	TROUBLE_REJECTED,    /* X does not take them */
	TROUBLE_UNCONFIRMED, /* they may be out, or not */
	TROUBLE_UNUSABLE,    /* their accounts cannot be used */
	TROUBLE__COUNT
};

struct trouble {
	const char *words; /* NULL: there is none */
	enum err code;     /* OK: none fits */
};

/* Looks for troubles, but for the tick's and those of overdue.h. RUN is how the
 * work of the tick that looks ended. TROUBLES has TROUBLE__COUNT elements. */
enum err trouble_look(struct app *app, const struct fault *run,
    struct trouble *troubles) MUST_CHECK;

/* In words, if no tick came for too long until NOW: the last was at LAST. NULL
 * where that is not so. LAST 0: there was none yet; then it is late when
 * something waits for one. */
enum err trouble_tick(
    struct app *app, int64_t last, int64_t now, const char **words) MUST_CHECK;

/* Whether no tick ended within the last two of its intervals. */
enum err trouble_no_tick(struct app *app, bool *missing) MUST_CHECK;

/* When the last tick ended; 0: there was none. Its result, if RESULT is not
 * NULL: {at,error,…}, NULL where there is none. */
enum err trouble_last_tick(struct app *app, int64_t *at, cJSON **result)
    MUST_CHECK;

/* Whether a disk of TOTAL bytes with FREE left is nearly full. */
bool trouble_disk_low(uint64_t free_bytes, uint64_t total);

#endif
