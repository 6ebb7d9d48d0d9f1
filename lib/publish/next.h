/* next.h - the decision what an account does next in a publishing run.
 *
 * A pure function: step.c gathers the facts and does what is decided. */
#ifndef PUBLISH_NEXT_H
#define PUBLISH_NEXT_H

#include <stdbool.h>

#include "base/err.h"

enum next {
	NEXT_STOP,           /* no new call may begin */
	NEXT_WAIT,           /* the account's tweets must wait */
	NEXT_REFRESH,        /* renew the token */
	NEXT_IDENTIFY,       /* ask X whose account it is */
	NEXT_CHECK_TIMELINE, /* look for tweets whose answer was lost, if due */
	NEXT_SEND            /* send a tweet, if one is ready */
};

struct next_facts {
	bool may_begin;        /* there is time, and the lease is held */
	bool mock;             /* X is not asked for anything but tweets */
	bool asked_for;        /* by a person, who may know more than we do */
	enum err backoff;      /* why the account's tweets wait; OK: nothing */
	bool token_stale;      /* it must be renewed before it is used */
	bool unnamed;          /* nobody has asked X for its name yet */
	bool timeline_checked; /* in this run, or nothing was due */
};

enum next next_step(const struct next_facts *facts);

/* Whether this backoff stops even a person's own request, since X itself said
 * so about the account or the app; a connection that failed does not. */
bool next_is_strict(enum err backoff);

#endif
