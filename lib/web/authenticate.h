/* authenticate.h - checks the key and the rate of a request, before its handler
 * runs. */
#ifndef WEB_AUTHENTICATE_H
#define WEB_AUTHENTICATE_H

#include "web/call.h"

/* Opens the database and checks the API key, the caller's rate, the scopes of
 * the key and, if it is confined to accounts, that the route is narrowed; of a
 * route that is open to all the rate alone. ERR_CONFIG_…, ERR_DATABASE…,
 * ERR_INVALID_API_KEY, ERR_TOO_MANY_REQUESTS, ERR_SCOPE_MISSING. */
enum err authenticate(struct call *c) MUST_CHECK;

/* Checks that the caller's key has one of these scopes, for a handler that
 * needs another one than its route: ERR_SCOPE_MISSING. */
enum err authorize(struct call *c, unsigned scopes) MUST_CHECK;

#endif
