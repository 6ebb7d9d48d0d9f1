/* request.h - what the server says of a request (RFC 3875), and its body. */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "web/call.h"

enum {
	BODY_MAX = 64 * 1024,
	DRAIN_MAX = 16 * 1024 * 1024,
	BODY_SECONDS = 15, /* a body that takes longer is given up */
	CHUNKS_MS = 1000   /* and chunks are waited for */
};

/* Reads the CGI variables. ERR_BAD_REQUEST for what no honest server or client
 * sends: a security header twice, a path with control bytes, bad UTF-8 or dot
 * segments. */
enum err request_read(struct call *c) MUST_CHECK;

/* The key the caller shows: X-API-Key, else Authorization: Bearer, else api_key
 * in the query. NULL when there is none, or none that could be one. */
const char *request_key(struct call *c);

/* Reads the body; *body is NULL when there is none, and an object of texts for
 * a form. ERR_LENGTH_REQUIRED, ERR_BODY_TOO_LARGE, ERR_UNSUPPORTED_MEDIA_TYPE,
 * ERR_INVALID_JSON, ERR_BAD_REQUEST. */
enum err request_body(struct call *c, cJSON **body) MUST_CHECK;

/* Reads and forgets what is left of the body, DRAIN_MAX at most: many servers
 * lose the reply of a program that leaves it unread. */
void request_drain(struct call *c);

/* The value of a query parameter, decoded; NULL when absent or empty. *times
 * is how often it is there, -1 when it cannot be decoded. */
const char *request_query(struct call *c, const char *name, int *times);

/* Adds the query to OUT as it came, but for the API key. */
void request_add_query(struct buf *out, const struct call *c);

/* Whether it came over HTTPS, as far as the server tells; some say "off". */
bool request_is_https(void);

/* The caller's X-Request-Id if it is 1 to 64 of [A-Za-z0-9._-], else NULL. */
const char *request_given_id(void);

#endif
