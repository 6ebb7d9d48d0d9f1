/* response.h - the reply: built as a whole, written at once. */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include "web/call.h"

/* Replies with STATUS and a JSON tree, or JSON text, which must stay valid. */
void response_json(struct call *c, int status, const cJSON *json);
void response_text(struct call *c, int status, const char *json);

/* Adds a header. A value with control bytes is a bug, or, if it could come from
 * outside, left out. */
void response_header(struct call *c, const char *name, const char *value);

/* Logs the request, then writes the reply to stdout. HEAD, 204 and 304 have no
 * body. It is not an error if the client is gone. */
void response_send(struct call *c);

#endif
