/* mode.h - mock mode: nothing goes to X. */
#ifndef APP_MODE_H
#define APP_MODE_H

#include <stdbool.h>

#include "app/app.h"

/* Whether mock mode is on: what mode_set_mock stored last, else the setting. */
enum err mode_mock(struct app *app, bool *on) MUST_CHECK;

/* Switches it for all processes, from their next request on. ERR_APP_MISSING
 * where it is to be off and no app of X is set. */
enum err mode_set_mock(struct app *app, bool on) MUST_CHECK;

#endif
