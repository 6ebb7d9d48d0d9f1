/* authenticate.h - checks the API key of a request, before its handler runs. */
#ifndef WEB_AUTHENTICATE_H
#define WEB_AUTHENTICATE_H

#include "web/call.h"

/* Opens the database and checks the API key and its scopes, unless the route is
 * open to all. ERR_CONFIG_…, ERR_DATABASE…, ERR_INVALID_API_KEY,
 * ERR_SCOPE_MISSING. */
enum err authenticate(struct call *c) MUST_CHECK;

/* Checks that the caller's key has one of these scopes, for a handler that
 * needs another one than its route: ERR_SCOPE_MISSING. */
enum err authorize(struct call *c, unsigned scopes) MUST_CHECK;

#endif
