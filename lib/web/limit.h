/* limit.h - how often a caller may call, and may be wrong about a key. */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include "web/call.h"

enum { LIMIT_GUESSES = 30 /* wrong keys of one address within a minute */ };

/* Counts the call for its key, c->app->key_id, and puts what is left into the
 * response. ERR_TOO_MANY_REQUESTS if it is over RATE_LIMIT_PER_MINUTE. */
enum err limit_key(struct call *c) MUST_CHECK;

/* Counts the call for the caller's address. The same error. */
enum err limit_address(struct call *c) MUST_CHECK;

/* Counts a wrong key, or a proof of another kind that was not right, for the
 * caller's address. ERR_TOO_MANY_REQUESTS from the LIMIT_GUESSES + 1st on until
 * the minute since the first one is over. */
enum err limit_guess(struct call *c) MUST_CHECK;

/* Counts for the caller's address a call that is refused anyway. */
void limit_count(struct call *c);

#endif
