/* similar.h - the same text on many accounts, which X forbids, or twice on one,
 * which X refuses. */
#ifndef APP_SIMILAR_H
#define APP_SIMILAR_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

/* What texts are alike by: the case of ASCII, how much white space stands
 * where, and Unicode's spellings do not count. Owned by the arena. */
const char *similar_hash(struct arena *a, const char *text);

/* Looks for tweets with a text like TEXT: of other accounts within 7 days, of
 * this one within 24 hours. SELF is the tweet whose text it is to be, 0 if
 * there is none yet. Adds {code,detail,pointer,hint,tweet_ids} to WARNINGS.
 * ERR_SIMILAR_TEXT or ERR_DUPLICATE_TEXT if the settings block them. */
enum err similar_check(struct app *app, int64_t account, int64_t self,
    const char *text, cJSON *warnings) MUST_CHECK;

#endif
