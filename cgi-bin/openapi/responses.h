/* responses.h - what a call may answer, in the API's description. */
#ifndef OPENAPI_RESPONSES_H
#define OPENAPI_RESPONSES_H

#include "base/arena.h"
#include "base/json.h"

/* Whether a row of a table (see routes.c) has that property. */
bool route_is(const cJSON *route, const char *name);

/* The responses of the call HAND (NULL: nothing is written of it): those
 * written by hand, then one for each HTTP status that an error of it has. */
cJSON *responses(struct arena *a, const cJSON *route, const cJSON *hand);

/* Adds to DOC's components what all calls share: their common responses, and
 * the schema ErrorCode, from the table of codes. */
void responses_common(struct arena *a, cJSON *doc);

#endif
