/* apikey.h - checks API keys against their stored hashes. */
#ifndef APP_APIKEY_H
#define APP_APIKEY_H

#include "app/app.h"
#include "base/str.h"

/* In a statement about api_key: the key opens something; $1 is the time now. */
#define APIKEY_WORKS                            \
	"(is_active = 1 AND revoked_at IS NULL" \
	" AND (expires_at IS NULL OR expires_at > $1))"

/* Whether S can be a key: 1 to 512 visible ASCII characters without a comma,
 * which is what servers put between two headers with the same name. */
bool apikey_plausible(struct str s);

/* Finds KEY by its hash, sets app->key_id and app->key_scopes, and notes the
 * day. ERR_INVALID_API_KEY if it is NULL, unknown, expired or revoked. If the
 * settings have a new key, stores that first, in place of the old one. */
enum err apikey_check(struct app *app, const char *key) MUST_CHECK;

#endif
