/* tweet_turn.h - when tweets get another state as time passes, by themselves.
 */
#ifndef APP_TWEET_TURN_H
#define APP_TWEET_TURN_H

#include "app/app.h"

/* The columns that say so of one tweet; to be read with TWEET_TABLES. */
#define TWEET_TURNS                   \
	"t.scheduled_at, t.retry_at," \
	" CASE WHEN p.id IS NOT NULL THEN a.lease_until END"

/* Notes (app_turns_at) when the tweet of Q's row turns, of which the columns of
 * TWEET_TURNS begin at COLUMN. */
void tweet_turn(struct app *app, struct db_query *q, int column);

/* Notes when the next of all tweets turns; as costly as counting what waits. */
enum err tweet_turn_all(struct app *app) MUST_CHECK;

#endif
