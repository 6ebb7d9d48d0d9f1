/* retry.c - puts failed tweets back in the queue when a person asks. */
#include "publish/retry.h"

#include <string.h>

#include "app/tweet.h"
#include "app/tweet_life.h"
#include "app/tweet_state.h"
#include "publish/backoff.h"

enum err retry_failed(
    struct app *app, int64_t account, const char *code, int64_t *retried)
{
	SCOPED(db_tx) tx = { 0 };

	*retried = 0;
	TRY(db_begin(&tx, &app->db));
	for (int err = OK + 1; err < ERR__COUNT; err++) {
		enum err why = (enum err)err;
		int64_t requeued = 0;

		if (!err_retryable(why) ||
		    (code && strcmp(code, err_name(why)) != 0))
			continue;
		TRY(tweet_requeue_failed(app, account, why, &requeued));
		*retried += requeued;
	}
	TRY(backoff_lift(app));
	return db_commit(&tx);
}

static enum err check_failed(struct app *app, int64_t tweet)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT " TWEET_STATUS ", " TWEET_CODE
	    " FROM tweet t WHERE t.id = $1"));
	db_bind_int(&q, 1, tweet);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_TWEET_NOT_FOUND);

	enum err code = err_named(db_peek(&q, 1));

	if (strcmp(db_peek(&q, 0), "failed") != 0)
		return fail_with(app, ERR_NOT_FAILED);
	if (tweet_in_doubt(code))
		return fail_with(app, ERR_OUTCOME_UNKNOWN);
	if (!err_retryable(code))
		return fail_with(app, ERR_FAILED_FOR_GOOD);
	return OK;
}

enum err retry_tweet(struct app *app, int64_t tweet)
{
	SCOPED(db_tx) tx = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(check_failed(app, tweet));
	TRY(tweet_requeue(app, tweet));
	return db_commit(&tx);
}
