/* account_standing.h - whether an account may be used, and if not, why.
 *
 * Publishing asks before it sends and when it reports what waits; monitoring
 * asks which accounts need a person. They decide by this one function. */
#ifndef APP_ACCOUNT_STANDING_H
#define APP_ACCOUNT_STANDING_H

#include <stdbool.h>

#include "base/err.h"

struct account_facts {
	const char *status; /* as stored; NULL counts as active */
	enum err code;      /* what made it inactive; ERR__COUNT: not known */
	bool oauth1;        /* linked by OAuth 1.0a */
	bool mock;          /* a test account */
	bool mock_mode;     /* only test accounts are used now */
	bool tick;          /* the scheduler wants to use it */
};

struct account_standing {
	enum err blocked; /* why none of its tweets can go; OK: they can */
	enum err need;    /* why a person must act; OK: nobody must */
	bool skipped;     /* in mock mode a tick leaves real accounts alone */
};

struct account_standing account_standing(const struct account_facts *facts);

#endif
