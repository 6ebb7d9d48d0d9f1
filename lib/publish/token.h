/* token.h - an account's tokens: readable, fresh, and never lost. */
#ifndef PUBLISH_TOKEN_H
#define PUBLISH_TOKEN_H

#include "publish/run.h"

/* Unseals the tokens of the lane's row. ERR_TOKEN_UNREADABLE, also where what
 * is sealed can be no token; a refresh token of no bytes is none. */
enum err token_unseal(struct app *app, struct lane *lane, const char *access,
    const char *refresh) MUST_CHECK;

/* Whether the token must be renewed before it is used again. */
bool token_stale(const struct lane *lane);

/* Stores what a refresh gave, or what its refusal means, inside the caller's
 * transaction; the lane goes on or is stopped. */
enum err token_store(struct run *run, struct lane *lane) MUST_CHECK;

/* Ends the use of the lane's account by X's word on it, and the lane. */
enum err token_end(struct run *run, struct lane *lane) MUST_CHECK;

/* Marks the account failed until a person links it again, or suspended until a
 * person has seen to it on X. */
enum err token_failed(struct app *app, int64_t account, enum err why,
    const char *reason) MUST_CHECK;

#endif
