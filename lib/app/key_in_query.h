/* key_in_query.h - warns of API keys that callers send in the query. */
#ifndef APP_KEY_IN_QUERY_H
#define APP_KEY_IN_QUERY_H

#include "app/app.h"

/* Writes to the error log that the key app->key_id came in the query, once a
 * UTC day and key. Keeps nobody out: if the day cannot be noted, nothing is
 * said. */
void key_in_query_warn(struct app *app);

#endif
