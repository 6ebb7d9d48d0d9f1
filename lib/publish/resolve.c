/* resolve.c - ends the doubt about a tweet whose outcome is unknown. */
#include "publish/resolve.h"

#include <assert.h>
#include <string.h>

#include "app/attempt.h"
#include "app/lease.h"
#include "app/tweet_life.h"
#include "app/tweet_state.h"
#include "base/clock.h"
#include "publish/counters.h"

/* The tweet that a person decides about. */
struct resolution {
	int64_t account;
	const char *status;
	enum err code;
	bool open;    /* it has an open attempt */
	bool checked; /* for which the timeline is checked */
};

static enum err read_tweet(
    struct app *app, int64_t tweet, struct resolution *out)
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
		return fail_with(app, ERR_TWEET_NOT_FOUND);
	out->account = db_int(&q, 0);
	out->status = db_text(&q, 1);
	out->code = err_named(db_peek(&q, 2));
	out->open = !db_null(&q, 3);
	out->checked = !db_null(&q, 4);
	return OK;
}

/* A person can decide about a tweet whose outcome is unknown. That includes one
 * that failed for no known reason, as another program may have written it. */
static enum err check_in_doubt(struct app *app, const struct resolution *r)
{
	bool busy = false;

	assert(r->status);

	bool failed = strcmp(r->status, "failed") == 0;

	if (strcmp(r->status, "posted") == 0)
		return fail_with(app, ERR_ALREADY_POSTED);
	if (r->open) {
		TRY(lease_held(app, r->account, &busy));
		if (busy || !r->checked)
			return fail_with(app, ERR_BEING_POSTED);
		return OK;
	}
	if (failed && (r->code == ERR_OUTCOME_UNKNOWN || r->code == ERR__COUNT))
		return OK;
	return fail(app, ERR_NOT_UNKNOWN, "%s: it is %s",
	    err_words(ERR_NOT_UNKNOWN), r->status);
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
			   "another tweet here already has this id from X")
		     : OK;
}

enum err resolve_tweet(struct app *app, int64_t tweet, const char *twitter_id)
{
	SCOPED(db_tx) tx = { 0 };
	struct resolution r = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(read_tweet(app, tweet, &r));
	TRY(check_in_doubt(app, &r));
	if (twitter_id)
		TRY(refuse_taken(app, twitter_id));
	TRY(attempt_conclude(app, tweet, ATTEMPT_RESOLVED, OK));
	if (twitter_id) {
		TRY(tweet_mark_posted(
		    app, tweet, twitter_id, clock_now(), false));
		TRY(counters_add(app, r.account, true));
	} else {
		TRY(tweet_requeue(app, tweet));
	}
	return db_commit(&tx);
}
