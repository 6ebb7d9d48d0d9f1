/* init.h - writes a first .env with new keys. */
#ifndef HOST_INIT_H
#define HOST_INIT_H

#include "app/app.h"

struct init_made {
	const char *file;    /* the .env; NULL: nothing was written */
	const char *api_key; /* the new key; NULL: there was one already */
	const char *lines;   /* what was added */
};

/* The file for the keys: the present .env, or TWITTER_MANAGER_ENV, or ".env" in
 * the working directory (the tool) or the home folder (a CGI program). */
const char *init_file(struct app *app);

/* ERR_CONFIG_INVALID if the database has tokens, which a new ENCRYPTION_KEY
 * could not decrypt; OK if a key is set already. */
enum err init_allowed(struct app *app) MUST_CHECK;

/* Writes new keys to init_file if API_KEY or ENCRYPTION_KEY is not set, and
 * CALLBACK_URL if it is not NULL. The file is written as a whole or not at all;
 * if two processes do this at once, one creates the keys and the other reads
 * them. ERR_CONFIG_INVALID as above, ERR_DISK_FULL, ERR_SYSTEM. */
enum err init_keys(struct app *app, const char *callback_url,
    struct init_made *made) MUST_CHECK;

#endif
