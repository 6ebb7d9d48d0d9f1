/* lease.h - one process at a time at work for an account.
 *
 * A lease is a row's mark that names its holder. A holder on this machine is
 * asked for by a file lock that dies with its process; one elsewhere (a shared
 * disk) is believed for LEASE_SECONDS after its last sign of life. */
#ifndef APP_LEASE_H
#define APP_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

enum { LEASE_SECONDS = 30 };

/* Makes this process known as a holder (app->holder) for as long as it lives.
 */
enum err lease_open(struct app *app) MUST_CHECK;

/* Whether this process is the only one in a tick, from now until it ends. */
enum err lease_tick(struct app *app, bool *alone) MUST_CHECK;

/* Whether another process is in a tick. */
bool lease_tick_runs(struct app *app);

/* Whether the process that is known as HOLDER lives; one that is not of this
 * machine is believed to until UNTIL, as the database has times. */
bool lease_lives(struct app *app, const char *holder, const char *until);

/* Takes the account's lease, or renews it, inside the caller's transaction;
 * *taken is false where somebody else who lives has it. */
enum err lease_take(struct app *app, int64_t account, bool *taken) MUST_CHECK;

/* Gives it back if this process has it. */
enum err lease_release(struct app *app, int64_t account) MUST_CHECK;

/* Whether any living process has the account's lease. */
enum err lease_held(struct app *app, int64_t account, bool *held) MUST_CHECK;

#endif
