/* tally.h - how many tweets there are, without counting rows. */
#ifndef APP_TALLY_H
#define APP_TALLY_H

#include <stdint.h>

#include "app/app.h"

/* How many tweets an account has (0: all accounts) of a status (NULL: any).
 * Those of a status that nobody knows count as failed, see tweet_state.h. */
enum err tally_count(struct app *app, int64_t account, const char *status,
    int64_t *n) MUST_CHECK;

/* How many of those there are whose status nobody knows. */
enum err tally_odd(struct app *app, int64_t account, int64_t *n) MUST_CHECK;

#endif
