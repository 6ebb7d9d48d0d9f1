/* error.h - the answer where something went wrong. */
#ifndef WEB_ERROR_H
#define WEB_ERROR_H

#include "web/call.h"

/* Answers with what went wrong, from app->fault: HTML where the route is a page
 * and the caller did not ask for JSON. */
void response_error(struct call *c, enum err err);

#endif
