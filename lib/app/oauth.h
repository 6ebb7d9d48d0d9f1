/* oauth.h - linking an account: OAuth 2.0 with PKCE (RFC 6749, RFC 7636). */
#ifndef APP_OAUTH_H
#define APP_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

enum { OAUTH_STATE_SECONDS = 600 };

/* What the scopes must be for all we do, and for what is to come. */
#define OAUTH_SCOPE \
	"tweet.read tweet.write users.read offline.access media.write"

/* Begins linking: *url is where the person must go, *state names this attempt.
 * ACCOUNT, if not 0, is the only one it may link. ERR_NOT_CONFIGURED without a
 * client id outside mock mode; ERR_ACCOUNT_NOT_FOUND. */
enum err oauth_start(struct app *app, int64_t account, const char **url,
    const char **state) MUST_CHECK;

/* What came back to the callback; texts NULL where they were absent. */
struct oauth_return {
	const char *state;
	const char *code;
	const char *error;
	const char *error_description;
};

struct oauth_linked {
	int64_t id;
	const char *username;
	bool unnamed; /* X did not say whose account it is: a name stands in */
};

/* Ends linking. The state is used up first, however the rest ends. For a state
 * that is not there: as oauth_refuse_state. */
enum err oauth_finish(struct app *app, const struct oauth_return *back,
    struct oauth_linked *linked) MUST_CHECK;

/* Says why a state that is not there cannot be used: ERR_STATE_USED where it
 * worked within the last OAUTH_STATE_SECONDS (*linked is the account, its
 * username NULL if it was deleted since), else ERR_INVALID_STATE. */
enum err oauth_refuse_state(
    struct app *app, const char *state, struct oauth_linked *linked) MUST_CHECK;

/* Whether STATE is one of mock mode's that is still good. */
enum err oauth_mock_state(struct app *app, const char *state, bool *good)
    MUST_CHECK;

/* Removes states that have expired, and what is kept of those used. */
enum err oauth_remove_expired(struct app *app) MUST_CHECK;

#endif
