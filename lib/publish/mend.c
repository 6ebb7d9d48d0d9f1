/* mend.c - a person's word on tweets that failed or that nobody knows of. */
#include "publish/mend.h"

#include <assert.h>
#include <string.h>

#include "app/lease.h"
#include "app/tweet.h"
#include "app/tweet_state.h"
#include "base/clock.h"
#include "publish/hold.h"
#include "publish/outcome.h"

static enum err retry_code(
    struct app *app, int64_t account, const char *code, int64_t *retried)
{
	SCOPED(db_query) q = { 0 };
	int64_t changed = 0;

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'pending', code = NULL, reason = NULL,"
	    " retry_at = NULL WHERE status = 'failed' AND code = $1"
	    " AND ($2 = 0 OR twitter_account_id = $2)"));
	db_bind_text(&q, 1, code);
	db_bind_int(&q, 2, account);
	TRY(db_run(&q, &changed));
	*retried += changed;
	return OK;
}

enum err mend_retry(
    struct app *app, int64_t account, const char *code, int64_t *retried)
{
	SCOPED(db_tx) tx = { 0 };

	*retried = 0;
	TRY(db_begin(&tx, &app->db));
	for (int err = OK + 1; err < ERR__COUNT; err++) {
		const char *name = err_name((enum err)err);

		if (err_retryable((enum err)err) &&
		    (!code || strcmp(code, name) == 0))
			TRY(retry_code(app, account, name, retried));
	}
	TRY(hold_lift(app));
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
		return fail(app, ERR_TWEET_NOT_FOUND, "Tweet not found");

	enum err code = err_named(db_peek(&q, 1));

	if (strcmp(db_peek(&q, 0), "failed") != 0)
		return fail(app, ERR_NOT_FAILED, "the tweet has not failed");
	if (tweet_in_doubt(code))
		return fail(app, ERR_OUTCOME_UNKNOWN, TWEET_UNCONFIRMED_WORDS);
	if (!err_retryable(code))
		return fail(app, ERR_FAILED_FOR_GOOD, TWEET_REJECTED_WORDS);
	return OK;
}

enum err mend_retry_one(struct app *app, int64_t tweet)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(check_failed(app, tweet));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'pending', code = NULL, reason = NULL,"
	    " retry_at = NULL WHERE id = $1"));
	db_bind_int(&q, 1, tweet);
	TRY(db_run(&q, NULL));
	return db_commit(&tx);
}

struct doubt {
	int64_t account;
	const char *status;
	enum err code;
	bool open;   /* an attempt is */
	bool looked; /* for which X is being asked */
};

static enum err read_doubt(struct app *app, int64_t tweet, struct doubt *out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT t.twitter_account_id, " TWEET_STATUS ", " TWEET_CODE
	    ", a.id,"
	    " a.look_at"
	    " FROM tweet t LEFT JOIN attempt a ON a.tweet_id = t.id"
	    " AND a.ended_at IS NULL WHERE t.id = $1"));
	db_bind_int(&q, 1, tweet);
	TRY(db_step(&q, &row));
	if (!row)
		return fail(app, ERR_TWEET_NOT_FOUND, "Tweet not found");
	out->account = db_int(&q, 0);
	out->status = db_text(&q, 1);
	out->code = err_named(db_peek(&q, 2));
	out->open = !db_null(&q, 3);
	out->looked = !db_null(&q, 4);
	return OK;
}

/* A failure of which no reason is known (another program's) is a doubt, too. */
static enum err check(struct app *app, const struct doubt *d)
{
	bool busy = false;

	assert(d->status);

	bool failed = strcmp(d->status, "failed") == 0;

	if (strcmp(d->status, "posted") == 0)
		return fail(
		    app, ERR_ALREADY_POSTED, "the tweet is posted already");
	if (d->open) {
		TRY(lease_held(app, d->account, &busy));
		if (busy || !d->looked)
			return fail(
			    app, ERR_BEING_POSTED, "the tweet is being posted");
		return OK;
	}
	if (failed && (d->code == ERR_OUTCOME_UNKNOWN || d->code == ERR__COUNT))
		return OK;
	return fail(app, ERR_NOT_UNKNOWN,
	    "there is no doubt about this tweet: it is %s", d->status);
}

static enum err refuse_taken(struct app *app, const char *twitter_id)
{
	SCOPED(db_query) q = { 0 };
	bool taken = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM tweet WHERE status = 'posted' AND twitter_id = $1"));
	db_bind_text(&q, 1, twitter_id);
	TRY(db_step(&q, &taken));
	return taken ? fail(app, ERR_ALREADY_POSTED,
			   "another tweet here has this id of X's already")
		     : OK;
}

static enum err close_attempt(struct app *app, int64_t tweet)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET ended_at = $2, outcome = 'resolved'"
	    " WHERE tweet_id = $1 AND ended_at IS NULL"));
	db_bind_int(&q, 1, tweet);
	db_bind_text(&q, 2, now);
	return db_run(&q, NULL);
}

enum err mend_resolve(struct app *app, int64_t tweet, const char *twitter_id)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	struct doubt doubt = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_begin(&tx, &app->db));
	TRY(read_doubt(app, tweet, &doubt));
	TRY(check(app, &doubt));
	if (twitter_id)
		TRY(refuse_taken(app, twitter_id));
	TRY(close_attempt(app, tweet));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = $2, twitter_id = $3, posted_at = $4,"
	    " code = NULL, reason = NULL, retry_at = NULL WHERE id = $1"));
	db_bind_int(&q, 1, tweet);
	db_bind_text(&q, 2, twitter_id ? "posted" : "pending");
	db_bind_text(&q, 3, twitter_id);
	db_bind_text(&q, 4, twitter_id ? now : NULL);
	TRY(db_run(&q, NULL));
	if (twitter_id)
		TRY(outcome_note(app, doubt.account, true));
	return db_commit(&tx);
}
