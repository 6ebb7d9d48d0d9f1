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

/* Whether a listed text, POST, is the TEXT that was sent: the same in normal
 * form C, but for white space at its ends, for line ends, and for how X
 * rewrites links. */
bool x_timeline_same(struct arena *a, const char *post, const char *text);

/* The same of a post, whether X has escaped its text or not. */
bool x_timeline_is(
    struct arena *a, const struct x_post *post, const char *text);

#endif
