/* init.h - a first .env, with new keys. */
#ifndef APP_INIT_H
#define APP_INIT_H

#include "app/app.h"

/* Writes new keys for those of API_KEY and ENCRYPTION_KEY that are not set into
 * the .env: the one that is there, or TWITTER_MANAGER_ENV, or ".env" in the
 * working directory. *file is NULL when both are set. ERR_CONFIG_INVALID where
 * the database has tokens, which a new ENCRYPTION_KEY would not open. */
enum err init_keys(struct app *app, const char **file) MUST_CHECK;

#endif
