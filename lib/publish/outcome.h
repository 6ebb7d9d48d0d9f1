/* outcome.h - what every end of a tweet counts for. */
#ifndef PUBLISH_OUTCOME_H
#define PUBLISH_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

/* Counts for today, and in the account's row of failures, that a tweet of the
 * account was posted or has failed. Inside the caller's transaction. */
enum err outcome_note(struct app *app, int64_t account, bool posted) MUST_CHECK;

/* Takes back that a tweet had failed at ENDED_AT: it is pending again. */
enum err outcome_undo(struct app *app, int64_t account, const char *ended_at)
    MUST_CHECK;

#endif
