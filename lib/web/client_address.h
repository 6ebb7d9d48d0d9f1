/* client_address.h - the address from which a request comes. */
#ifndef WEB_CLIENT_ADDRESS_H
#define WEB_CLIENT_ADDRESS_H

#include "base/ip.h"
#include "web/call.h"

/* The caller's address: the server's REMOTE_ADDR; if that is one of
 * TRUSTED_PROXIES, the last address in X-Forwarded-For that is not. False if
 * the server gives none. */
bool client_ip(const struct call *c, struct ip *out) MUST_CHECK;

/* The same as text, "203.0.113.7" or "2001:db8::1"; owned by the arena; NULL if
 * the server gives none. */
const char *client_address(struct call *c);

/* Whether a header X-Forwarded-For names somebody else than REMOTE_ADDR, which
 * is none of TRUSTED_PROXIES: then an unnamed proxy may stand in front, and all
 * callers have its address. */
bool client_is_forwarded(const struct call *c);

#endif
