/* states.h - the states of a tweet, in the API's description. */
#ifndef OPENAPI_STATES_H
#define OPENAPI_STATES_H

#include "base/arena.h"
#include "base/json.h"

/* Adds to DOC what the table of states says: the schema TweetState, and how
 * many tweets have each, in the schema of monitoring and in its example. */
void states_add(struct arena *a, cJSON *doc);

#endif
