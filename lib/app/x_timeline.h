/* x_timeline.h - a user's posts as X lists them, and whether one is ours. */
#ifndef APP_X_TIMELINE_H
#define APP_X_TIMELINE_H

#include <stdbool.h>

#include "app/x.h"
#include "base/json.h"

/* Reads a timeline's answer into call->posts and call->next_page; false when
 * it is none. */
bool x_timeline_read(
    struct x_call *call, const cJSON *json, struct arena *arena);

/* Whether a listed POST is the TEXT that was sent: the same in normal form C,
 * but for white space at its ends and for how X rewrites links. */
bool x_timeline_same(struct arena *a, const char *post, const char *text);

#endif
