/* x_timeline.h - a user's posts as X lists them, and whether one has a given
 * text. */
#ifndef X_X_TIMELINE_H
#define X_X_TIMELINE_H

#include <stdbool.h>

#include "base/json.h"
#include "x/x.h"

/* Reads a timeline into call->posts and call->next_page; false if the reply is
 * not a timeline. */
bool x_timeline_read(
    struct x_call *call, const cJSON *json, struct arena *arena);

/* Whether the listed text POST is the TEXT that was sent: equal in
 * normalization form C, apart from white space at its ends, line ends, and how
 * X rewrites links. */
bool x_timeline_same(struct arena *a, const char *post, const char *text);

/* The same for a post, whether or not X has escaped its text. */
bool x_timeline_is(
    struct arena *a, const struct x_post *post, const char *text);

#endif
