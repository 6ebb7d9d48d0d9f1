/* app_x.h - opens X's API with our settings and turns its failures into
 * ours. */
#ifndef APP_APP_X_H
#define APP_APP_X_H

#include "app/app.h"
#include "x/x.h"

/* Prepares calls to X, or with MOCK to its mock. End it with x_end. */
enum err app_open_x(struct app *app, bool mock, struct x *x) MUST_CHECK;

/* Stores a failed call as the app's fault and gives its code. */
enum err app_fail_x(struct app *app, const struct x_call *call);

#endif
