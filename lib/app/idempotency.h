/* idempotency.h - stored replies, so that a request sent twice runs once.
 *
 * The caller chooses a name for a request; the reply is stored under that name
 * for IDEMPOTENCY_HOURS. Work in the database alone shares one transaction with
 * idempotency_find and idempotency_keep. Work that calls X is claimed first; a
 * claim ends with its process. */
#ifndef APP_IDEMPOTENCY_H
#define APP_IDEMPOTENCY_H

#include <stdbool.h>

#include "app/app.h"

enum { IDEMPOTENCY_HOURS = 24 };

struct idempotency {
	const char *name;    /* the caller's name for the request */
	const char *request; /* a digest of what it asks for */
	bool again;          /* an earlier copy began it and has ended */
};

struct idempotency_answer {
	int status;           /* 0: no reply yet */
	const char *location; /* NULL: none */
	const char *body;
};

/* Finds the stored reply to this request of app->key_id. Inside the caller's
 * transaction, like idempotency_keep. ERR_IDEMPOTENCY_MISMATCH if the name
 * belongs to another request; ERR_IDEMPOTENCY_IN_FLIGHT if a live process is
 * handling it. */
enum err idempotency_find(struct app *app, struct idempotency *id,
    struct idempotency_answer *kept) MUST_CHECK;

/* Stores the reply and ends a claim. */
enum err idempotency_keep(struct app *app, const struct idempotency *id,
    const struct idempotency_answer *answer) MUST_CHECK;

/* Like idempotency_find, but in a transaction of its own, and if there is no
 * reply yet, claims the request for this process. */
enum err idempotency_claim(struct app *app, struct idempotency *id,
    struct idempotency_answer *kept) MUST_CHECK;

/* Ends a claim without a reply: another copy of the request may carry on. */
enum err idempotency_release(struct app *app, const struct idempotency *id)
    MUST_CHECK;

/* Ends the claim of a request that did nothing: the name is free again. */
enum err idempotency_forget(struct app *app, const struct idempotency *id)
    MUST_CHECK;

/* Deletes what has expired. */
enum err idempotency_remove_expired(struct app *app) MUST_CHECK;

#endif
