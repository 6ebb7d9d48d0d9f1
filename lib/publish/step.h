/* step.h - what an account does next in a publishing run.
 *
 * All of it happens inside the caller's transaction; a call that is decided
 * here begins when that transaction is on disk. */
#ifndef PUBLISH_STEP_H
#define PUBLISH_STEP_H

#include "publish/run.h"

/* Takes the account's lease and reads its row; the lane is then IDLE, WAITING
 * or DONE. */
enum err step_enter(struct run *run, struct lane *lane) MUST_CHECK;

/* Finds what to do next for an idle lane and puts it on disk. */
enum err step_next(struct run *run, struct lane *lane) MUST_CHECK;

/* Stores the result of the lane's call. */
enum err step_store(struct run *run, struct lane *lane) MUST_CHECK;

#endif
