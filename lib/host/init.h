/* init.h - a first .env, with new keys. */
#ifndef HOST_INIT_H
#define HOST_INIT_H

#include "app/app.h"

struct init_made {
	const char *file;    /* the .env; NULL: nothing was made */
	const char *api_key; /* the new one; NULL: there was one */
	const char *lines;   /* what was added */
};

/* Where keys go: the .env that is there, or TWITTER_MANAGER_ENV, or ".env" in
 * the working directory (the tool) or the home (a CGI program). */
const char *init_file(struct app *app);

/* ERR_CONFIG_INVALID where the database has tokens, which a new ENCRYPTION_KEY
 * would not open; OK where there is one already. */
enum err init_allowed(struct app *app) MUST_CHECK;

/* Puts new keys for those of API_KEY and ENCRYPTION_KEY that are not set into
 * init_file, and CALLBACK_URL if it is not NULL. The file is there whole or not
 * at all; of two that make keys at once, one makes them and the other sees
 * them. ERR_CONFIG_INVALID as above, ERR_DISK_FULL, ERR_SYSTEM. */
enum err init_keys(struct app *app, const char *callback_url,
    struct init_made *made) MUST_CHECK;

#endif
