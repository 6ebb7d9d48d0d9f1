/* place.h - whether the instance folder is ours alone. */
#ifndef APP_PLACE_H
#define APP_PLACE_H

#include "app/app.h"

/* ERR_SYSTEM, with words and a hint, if another user of this machine could lay
 * files into the instance folder or replace those in it: every user may write
 * there, or it, or the link that leads there, is somebody else's (with
 * SHARED_GROUP it may be a colleague's). OK, and *there is false, if there is
 * no such folder. */
enum err place_check(struct app *app, bool *there) MUST_CHECK;

/* The same, but creates the folder if it can. Of that it cannot, whoever uses
 * the folder then tells. */
enum err place_make(struct app *app) MUST_CHECK;

#endif
