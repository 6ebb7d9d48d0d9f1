/* mock_mode.h - whether mock mode is on: then nothing is sent to X. */
#ifndef APP_MOCK_MODE_H
#define APP_MOCK_MODE_H

#include <stdbool.h>

#include "app/app.h"

/* Whether mock mode is on: as mock_mode_set stored it last, else as MOCK_MODE
 * says. */
enum err mock_mode_is_on(struct app *app, bool *on) MUST_CHECK;

/* Switches it for all processes, from their next request on. ERR_APP_MISSING
 * when it would be off and TWITTER_CLIENT_ID is not set. */
enum err mock_mode_set(struct app *app, bool on) MUST_CHECK;

#endif
