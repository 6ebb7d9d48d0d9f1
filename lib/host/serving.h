/* serving.h - where `make run` listens just now. */
#ifndef HOST_SERVING_H
#define HOST_SERVING_H

#include <stdbool.h>

#include "app/app.h"

/* Whether `make run` serves this instance now: then config.host and config.port
 * are what it was started with, wherever that came from, and so the callback's
 * URL where no setting gives one. A note that a server left behind when it died
 * counts for nothing. */
bool serving_find(struct app *app);

/* The URL of that server, or of one that had the settings' HOST and PORT. */
const char *serving_site(struct app *app);

#endif
