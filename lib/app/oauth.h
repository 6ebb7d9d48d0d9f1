/* oauth.h - linking an account: OAuth 2.0 with PKCE (RFC 6749, RFC 7636). */
#ifndef APP_OAUTH_H
#define APP_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

enum { OAUTH_STATE_SECONDS = 600 };

/* The scopes that we need now or will need. */
#define OAUTH_SCOPE \
	"tweet.read tweet.write users.read offline.access media.write"

/* Starts linking: the person must open *url; *state identifies this attempt.
 * ACCOUNT, if not 0, is the only account it may link. ERR_NOT_CONFIGURED
 * without a client id outside mock mode; ERR_ACCOUNT_NOT_FOUND. */
enum err oauth_start(struct app *app, int64_t account, const char **url,
    const char **state) MUST_CHECK;

/* The parameters of the callback; texts are NULL if absent. */
struct oauth_return {
	const char *state;
	const char *code;
	const char *error;
	const char *error_description;
};

struct oauth_linked {
	int64_t id;
	const char *username;
	bool unnamed; /* username is a placeholder: X did not say it */
};

/* Finishes linking. The state is used up first, whatever happens then. If the
 * state does not exist: as oauth_refuse_state. */
enum err oauth_finish(struct app *app, const struct oauth_return *back,
    struct oauth_linked *linked) MUST_CHECK;

/* Says why a missing state cannot be used: ERR_STATE_USED if it was used within
 * the last OAUTH_STATE_SECONDS (*linked is the account; its username is NULL if
 * it has been deleted since), else ERR_INVALID_STATE. */
enum err oauth_refuse_state(
    struct app *app, const char *state, struct oauth_linked *linked) MUST_CHECK;

/* Whether STATE is a valid state of mock mode. */
enum err oauth_mock_state(struct app *app, const char *state, bool *good)
    MUST_CHECK;

/* Deletes expired states and old records of used ones. */
enum err oauth_remove_expired(struct app *app) MUST_CHECK;

#endif
