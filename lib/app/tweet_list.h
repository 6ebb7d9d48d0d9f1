/* tweet_list.h - lists tweets by filter, a page at a time. */
#ifndef APP_TWEET_LIST_H
#define APP_TWEET_LIST_H

#include "app/app.h"
#include "app/tweet_search.h"
#include "base/json.h"

/* {tweets:[…],total,next_cursor}. Sorted by a time, it lists only tweets that
 * have that time. With a cursor all pages cost the same. */
enum err tweet_list(
    struct app *app, const struct tweet_filter *filter, cJSON **out) MUST_CHECK;

#endif
