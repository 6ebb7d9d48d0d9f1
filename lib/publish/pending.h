/* pending.h - the accounts with pending tweets: for which of them a publishing
 * run has something to do, and why the others wait. */
#ifndef PUBLISH_PENDING_H
#define PUBLISH_PENDING_H

#include "publish/run.h"

/* The accounts with something to do, ends with 0; owned by the arena. */
enum err pending_accounts(struct run *run, const int64_t **accounts) MUST_CHECK;

/* Counts what remains to be sent, and adds to RESULT the accounts that wait
 * for a time or for a person. */
enum err pending_rest(struct run *run, struct publish_result *result)
    MUST_CHECK;

#endif
