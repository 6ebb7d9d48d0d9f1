/* token.h - an account's tokens: readable, fresh, and never lost. */
#ifndef PUBLISH_TOKEN_H
#define PUBLISH_TOKEN_H

#include "publish/lane.h"

/* Seconds before its end at which a token is renewed. */
enum { TOKEN_REFRESH_EARLY = 300 };

/* Decrypts the account's tokens. ERR_TOKEN_UNREADABLE, also if the result can
 * be no token; an empty refresh token counts as none. */
enum err token_decrypt(struct app *app, struct lane_account *a,
    const char *access, const char *refresh) MUST_CHECK;

/* Whether the token must be renewed before it is used again. */
bool token_stale(const struct lane *lane);

/* Stores the tokens that a refresh gave, or what its failure means, inside the
 * caller's transaction; the lane goes on or is stopped. */
enum err token_store(struct app *app, struct lane *lane) MUST_CHECK;

/* X no longer lets us use the account: stores that, and ends the lane. */
enum err token_end(struct app *app, struct lane *lane) MUST_CHECK;

/* Marks the account failed until a person links it again, or suspended until a
 * person has fixed it on X. */
enum err token_failed(struct app *app, int64_t account, enum err why,
    const char *reason) MUST_CHECK;

#endif
