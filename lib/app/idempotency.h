/* idempotency.h - requests that are done once, however often they are sent.
 *
 * A caller names a request by a key of its own; the answer is kept under that
 * name for IDEMPOTENCY_HOURS. What is a matter of the database alone is done in
 * one transaction with idempotency_find and idempotency_keep. What calls X is
 * claimed first: a claim is this process's and dies with it. */
#ifndef APP_IDEMPOTENCY_H
#define APP_IDEMPOTENCY_H

#include <stdbool.h>

#include "app/app.h"

enum { IDEMPOTENCY_HOURS = 24 };

struct idempotency {
	const char *name;    /* as the caller calls the request */
	const char *request; /* a digest of all that it asks for */
	bool again;          /* it was begun before, by a call that is over */
};

struct idempotency_answer {
	int status;           /* 0: there is none yet */
	const char *location; /* NULL: none */
	const char *body;
};

/* The answer that app->key_id was given to this request, if it is kept. Inside
 * the caller's transaction, as idempotency_keep. ERR_IDEMPOTENCY_MISMATCH where
 * the name stands for another request; ERR_IDEMPOTENCY_IN_FLIGHT where one that
 * lives is at work on it. */
enum err idempotency_find(struct app *app, struct idempotency *id,
    struct idempotency_answer *kept) MUST_CHECK;

/* Keeps the answer, and ends a claim. */
enum err idempotency_keep(struct app *app, const struct idempotency *id,
    const struct idempotency_answer *answer) MUST_CHECK;

/* The same as idempotency_find; where no answer is kept, the request is this
 * process's from here on, in a transaction of its own. */
enum err idempotency_claim(struct app *app, struct idempotency *id,
    struct idempotency_answer *kept) MUST_CHECK;

/* Ends a claim with no answer: the same request may go on where this one came
 * to. */
enum err idempotency_release(struct app *app, const struct idempotency *id)
    MUST_CHECK;

/* Ends a claim of a request that did nothing: the name is free again. */
enum err idempotency_forget(struct app *app, const struct idempotency *id)
    MUST_CHECK;

/* Removes what is kept no longer. */
enum err idempotency_remove_expired(struct app *app) MUST_CHECK;

#endif
