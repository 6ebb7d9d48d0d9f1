/* apikey.h - who may call. */
#ifndef APP_APIKEY_H
#define APP_APIKEY_H

#include "app/app.h"

/* Looks KEY up by its hash and sets app->key_id. ERR_INVALID_API_KEY when it is
 * NULL, unknown or switched off. The key of the settings is put into the
 * database first where it is new there, in place of the one put before. */
enum err apikey_check(struct app *app, const char *key) MUST_CHECK;

#endif
