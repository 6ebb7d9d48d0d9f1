/* serving.h - remembers where `make run` listens. */
#ifndef HOST_SERVING_H
#define HOST_SERVING_H

#include <stdbool.h>

#include "app/app.h"

/* Whether `make run` serves this instance now. Then config.host and config.port
 * become what it was started with, and the callback URL follows unless it is
 * set. The note of a dead server is ignored. */
bool serving_find(struct app *app);

/* The URL of that server, or of one with the settings' HOST and PORT. */
const char *serving_site(struct app *app);

#endif
