/* lease.h - lets one process at a time work for an account.
 *
 * A lease is a column that names the holder. Whether a holder on this machine
 * is alive is shown by a file lock that ends with its process; a holder
 * elsewhere (on a shared disk) counts as alive for LEASE_SECONDS after it last
 * renewed the lease. */
#ifndef APP_LEASE_H
#define APP_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

enum { LEASE_SECONDS = 30 };

/* Makes this process a holder (app->holder) for as long as it lives. */
enum err lease_open(struct app *app) MUST_CHECK;

/* Makes this process the only one in a tick, until it ends; false if another
 * one is. */
enum err lease_tick(struct app *app, bool *alone) MUST_CHECK;

/* Whether another process is running a tick. */
bool lease_tick_runs(struct app *app);

/* Whether the process HOLDER is alive. One on another machine counts as alive
 * until UNTIL, a time as in the database. */
bool lease_lives(struct app *app, const char *holder, const char *until);

/* Takes or renews the account's lease, inside the caller's transaction; *taken
 * is false if another live process has it. */
enum err lease_take(struct app *app, int64_t account, bool *taken) MUST_CHECK;

/* Releases the lease if this process has it. */
enum err lease_release(struct app *app, int64_t account) MUST_CHECK;

/* Whether any living process has the account's lease. */
enum err lease_held(struct app *app, int64_t account, bool *held) MUST_CHECK;

#endif
