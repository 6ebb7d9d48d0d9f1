/* app_x.h - X's API with our settings, and its failures as ours. */
#ifndef APP_APP_X_H
#define APP_APP_X_H

#include "app/app.h"
#include "x/x.h"

/* Prepares to call X, or to pretend to where MOCK. End it with x_end. */
enum err app_open_x(struct app *app, bool mock, struct x *x) MUST_CHECK;

/* Notes what went wrong with a call as the app's fault and returns its code. */
enum err app_fail_x(struct app *app, const struct x_call *call);

#endif
