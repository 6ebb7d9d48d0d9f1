/* similar.h - finds the same text on several accounts, which X forbids, or
 * twice on one account, which X refuses. */
#ifndef APP_SIMILAR_H
#define APP_SIMILAR_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* A hash by which texts are compared: ASCII case, white space and Unicode
 * normalization do not matter. Owned by the arena. */
const char *similar_hash(struct arena *a, const char *text);

/* Looks for tweets with the same text: of other accounts within 7 days, of this
 * one within 24 hours. SELF is the tweet that will have the text; 0 for a new
 * one. Adds {code,detail,pointer,hint,tweet_ids} to WARNINGS. ERR_SIMILAR_TEXT
 * or ERR_DUPLICATE_TEXT if the settings block such tweets. */
enum err similar_check(struct app *app, int64_t account, int64_t self,
    const char *text, cJSON *warnings) MUST_CHECK;

#endif
