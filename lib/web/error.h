/* error.h - the reply to a request that failed. */
#ifndef WEB_ERROR_H
#define WEB_ERROR_H

#include "web/call.h"

/* Replies with app->fault: as HTML if the route is a page and the caller did
 * not ask for JSON. */
void response_error(struct call *c, enum err err);

#endif
