/* response.h - the answer: built whole, written once. */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include "web/call.h"

/* Answers STATUS with a JSON tree, or with JSON as text, which is kept. */
void response_json(struct call *c, int status, const cJSON *json);
void response_text(struct call *c, int status, const char *json);

/* Adds a header. A value with control bytes is a bug; one that could come from
 * outside is left out instead. */
void response_header(struct call *c, const char *name, const char *value);

/* Logs the request, then writes the answer to stdout. HEAD, 204 and 304 have no
 * body. A client that is gone is no fault. */
void response_send(struct call *c);

#endif
