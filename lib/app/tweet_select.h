/* tweet_select.h - the statements that find the tweets of a search. */
#ifndef APP_TWEET_SELECT_H
#define APP_TWEET_SELECT_H

#include <stdint.h>

#include "app/tweet_search.h"

/* Prepares Q for the search's page: COLUMNS, a literal that begins "SELECT ",
 * of TWEET_TABLES, with $1 for the time now. Gives the rows of the page in
 * order, and the next one, to see whether there is another page. */
enum err tweet_select_page(struct app *app, struct db_query *q,
    const struct tweet_search *s, const char *columns) MUST_CHECK;

/* Prepares Q for the number of all tweets that match. */
enum err tweet_select_count(struct app *app, struct db_query *q,
    const struct tweet_search *s) MUST_CHECK;

#endif
