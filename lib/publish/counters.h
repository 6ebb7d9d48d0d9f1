/* counters.h - updates the counters when a tweet is posted or fails. */
#ifndef PUBLISH_COUNTERS_H
#define PUBLISH_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

/* Counts that a tweet of the account was posted or failed: for today, and in
 * the account's failures in a row. Inside the caller's transaction. */
enum err counters_add(struct app *app, int64_t account, bool posted) MUST_CHECK;

/* Uncounts a tweet that failed at ENDED_AT and is pending again. */
enum err counters_take_back(
    struct app *app, int64_t account, const char *ended_at) MUST_CHECK;

#endif
