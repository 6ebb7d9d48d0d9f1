/* x_timeline.h - a user's posts as X lists them, and whether one is ours. */
#ifndef X_X_TIMELINE_H
#define X_X_TIMELINE_H

#include <stdbool.h>

#include "base/json.h"
#include "x/x.h"

/* Reads a timeline's answer into call->posts and call->next_page; false when
 * it is none. */
bool x_timeline_read(
    struct x_call *call, const cJSON *json, struct arena *arena);

/* Whether a listed POST is the TEXT that was sent: the same in normal form C,
 * but for white space at its ends and for how X rewrites links. */
bool x_timeline_same(struct arena *a, const char *post, const char *text);

#endif
