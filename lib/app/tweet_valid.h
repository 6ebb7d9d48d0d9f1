/* tweet_valid.h - how long the states of tweets stay as they are: time alone
 * changes some. */
#ifndef APP_TWEET_VALID_H
#define APP_TWEET_VALID_H

#include "app/app.h"

/* The columns needed for tweet_valid_until; read them with TWEET_TABLES. */
#define TWEET_VALID_UNTIL             \
	"t.scheduled_at, t.retry_at," \
	" CASE WHEN p.id IS NOT NULL THEN a.lease_until END"

/* Notes (app_valid_until) when time alone changes the state of the tweet in Q's
 * row. The columns of TWEET_VALID_UNTIL begin at COLUMN. */
void tweet_valid_until(struct app *app, struct db_query *q, int column);

/* Notes when time alone changes the state of any tweet. */
enum err tweet_valid_until_any(struct app *app) MUST_CHECK;

#endif
