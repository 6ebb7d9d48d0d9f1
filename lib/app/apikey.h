/* apikey.h - who may call. */
#ifndef APP_APIKEY_H
#define APP_APIKEY_H

#include "app/app.h"
#include "base/str.h"

/* Whether S could be a key: 1 to 512 visible ASCII characters, no comma among
 * them, since that is what servers put between two headers of one name. */
bool apikey_plausible(struct str s);

/* Looks KEY up by its hash and sets app->key_id. ERR_INVALID_API_KEY when it is
 * NULL, unknown or switched off. The key of the settings is put into the
 * database first where it is new there, in place of the one put before. */
enum err apikey_check(struct app *app, const char *key) MUST_CHECK;

#endif
