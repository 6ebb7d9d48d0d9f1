/* request.h - the request as the server's variables describe it (RFC 3875), and
 * its body. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "web/call.h"

enum {
	BODY_MAX = 64 * 1024,
	DRAIN_MAX = 16 * 1024 * 1024,
	BODY_SECONDS = 15, /* the most a body may take */
	CHUNKS_MS = 1000   /* the wait for chunks */
};

/* Reads the CGI variables. ERR_BAD_REQUEST for what no honest server or client
 * sends: a security header twice, or a path with control bytes, invalid UTF-8
 * or dot segments. */
enum err request_read(struct call *c) MUST_CHECK;

/* The caller's key: from X-API-Key, else Authorization: Bearer, else api_key in
 * the query. NULL if there is none, or nothing that could be one. */
const char *request_key(struct call *c);

/* Reads the body; *body is NULL if there is none, and an object of strings for
 * a form. ERR_LENGTH_REQUIRED, ERR_BODY_TOO_LARGE, ERR_UNSUPPORTED_MEDIA_TYPE,
 * ERR_INVALID_JSON, ERR_BAD_REQUEST. */
enum err request_body(struct call *c, cJSON **body) MUST_CHECK;

/* Reads and drops the rest of the body, at most DRAIN_MAX bytes: many servers
 * lose the reply of a program that leaves it unread. */
void request_drain(struct call *c);

/* The decoded value of a query parameter; NULL if absent or empty. *times is
 * how often it occurs, or -1 if it cannot be decoded. */
const char *request_query(struct call *c, const char *name, int *times);

/* Adds the query to OUT, unchanged but without the API key. */
void request_add_query(struct buf *out, const struct call *c);

/* Whether the request came over HTTPS, as far as the server says. */
bool request_is_https(void);

/* The caller's X-Request-Id if it has 1 to 64 of [A-Za-z0-9._-], else NULL. */
const char *request_given_id(void);

#endif
