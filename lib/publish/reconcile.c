/* reconcile.c - finds out whether X has the tweets whose outcome is unknown. */
#include "publish/reconcile.h"

#include <inttypes.h>
#include <string.h>

#include "app/attempt.h"
#include "app/tweet.h"
#include "app/tweet_life.h"
#include "base/clock.h"
#include "publish/counters.h"
#include "x/x_id.h"
#include "x/x_timeline.h"

enum {
	GRACE_SECONDS = 300, /* by which clocks may differ */
	HOPELESS_SECONDS = 3600
};

/* Seconds after an attempt at which the timeline is checked. */
static const int checks[] = { 5, 15, 30, 120 };

int64_t reconcile_first_check(int64_t sent_at)
{
	return sent_at + checks[0];
}

enum err reconcile_adopt(struct app *app, const struct lane *lane)
{
	return attempt_adopt(app, lane->account.id, checks[0]);
}

enum err reconcile_due(
    struct app *app, const struct lane *lane, bool *due, const char **since_id)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	char farthest[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	clock_sql(clock_now() + checks[COUNT(checks) - 1], farthest);
	TRY(db_prepare(&q, &app->db,
	    "SELECT CAST(min(CAST(coalesce(since_id, '0') AS INTEGER)) AS TEXT)"
	    " FROM attempt WHERE ended_at IS NULL"
	    " AND (look_at <= $2 OR look_at > $3)"
	    " AND tweet_id IN (SELECT id FROM tweet"
	    " WHERE twitter_account_id = $1 AND status = 'pending')"
	    " HAVING count(*) > 0"));
	db_bind_int(&q, 1, lane->account.id);
	db_bind_text(&q, 2, now);
	db_bind_text(&q, 3, farthest); /* beyond: the clock was put back */
	TRY(db_step(&q, due));
	*since_id = *due ? db_text(&q, 0) : NULL;
	if (*since_id && strcmp(*since_id, "0") == 0)
		*since_id = NULL;
	return OK;
}

enum err reconcile_since_id(struct app *app, const struct lane *lane,
    int64_t x_date, const char **since_id)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;
	int64_t since = x_id_from(x_date - GRACE_SECONDS);

	TRY(db_prepare(&q, &app->db,
	    "SELECT twitter_id FROM tweet WHERE twitter_account_id = $1"
	    " AND status = 'posted' AND twitter_id GLOB '[0-9]*'"
	    " ORDER BY id DESC LIMIT 1"));
	db_bind_int(&q, 1, lane->account.id);
	TRY(db_step(&q, &row));
	if (row) {
		*since_id = db_text(&q, 0);
		return OK;
	}
	/* by X's clock, where it is known: our own may be wrong */
	*since_id = since ? arena_printf(app->arena, "%" PRId64, since) : NULL;
	return OK;
}

struct unknown {
	int64_t attempt;
	int64_t tweet;
	int64_t sent_at;
	int64_t check_at;
	int64_t checks; /* that did not find it */
	const char *text;
};

static enum err mark_found(
    struct app *app, struct lane *lane, const struct unknown *u, const char *id)
{
	int64_t made = x_id_time(id);

	TRY(attempt_conclude(app, u->tweet, ATTEMPT_FOUND, OK));
	TRY(tweet_mark_posted(
	    app, u->tweet, id, made ? made : clock_now(), false));
	lane->tally.settled++;
	lane_ended(app, lane, u->tweet, id, OK, NULL);
	return counters_add(app, lane->account.id, true);
}

static enum err give_up(
    struct app *app, int64_t account, const struct unknown *u)
{
	TRY(attempt_conclude(
	    app, u->tweet, ATTEMPT_UNKNOWN, ERR_OUTCOME_UNKNOWN));
	TRY(tweet_mark_unconfirmed(app, u->tweet));
	return counters_add(app, account, false);
}

int64_t reconcile_next_check(int64_t sent_at, int64_t done, int64_t now)
{
	if (sent_at > now) /* the clock was put back: count the checks */
		return done + 1 < (int64_t)COUNT(checks)
			   ? now + checks[done + 1] - checks[done]
			   : 0;
	for (size_t i = 0; i < COUNT(checks); i++) {
		if (sent_at + checks[i] > now)
			return sent_at + checks[i];
	}
	return 0;
}

static enum err mark_absent(
    struct app *app, struct lane *lane, const struct unknown *u)
{
	int64_t now = clock_now();
	int64_t next = reconcile_next_check(u->sent_at, u->checks, now);

	if (u->check_at > now && u->check_at <= now + checks[COUNT(checks) - 1])
		return OK; /* this check was for another tweet */
	if (next)
		return attempt_check_later(
		    app, u->attempt, next, u->checks + 1);
	lane->tally.settled++;
	lane_ended(app, lane, u->tweet, NULL, ERR_OUTCOME_UNKNOWN, NULL);
	return give_up(app, lane->account.id, u);
}

/* Whether a tweet of ours has this post already. */
static enum err is_taken(
    struct app *app, const struct lane *lane, const char *id, bool *taken)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM tweet WHERE twitter_account_id = $1"
	    " AND status = 'posted' AND twitter_id = $2"));
	db_bind_int(&q, 1, lane->account.id);
	db_bind_text(&q, 2, id);
	return db_step(&q, taken);
}

/* The oldest post that may be this tweet: X lists the newest first, and the
 * oldest attempt comes first here. */
static enum err find_post(struct app *app, const struct lane *lane,
    const struct unknown *u, const char **id)
{
	*id = NULL;
	for (const struct x_post *p = lane->call->posts; p; p = p->next) {
		bool taken = false;

		if (!x_timeline_is(app->arena, p, u->text))
			continue;
		TRY(is_taken(app, lane, p->id, &taken));
		if (!taken)
			*id = p->id;
	}
	return OK;
}

/* Reads the account's next unknown attempt after AFTER; *row tells. */
static enum err next_unknown(struct app *app, int64_t account, int64_t after,
    struct unknown *u, bool *row)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT a.id, t.id, a.sent_at, t.content, a.look_at, a.looks"
	    " FROM attempt a"
	    " JOIN tweet t ON t.id = a.tweet_id"
	    " WHERE a.ended_at IS NULL AND a.look_at IS NOT NULL"
	    " AND t.twitter_account_id = $1 AND t.status = 'pending'"
	    " AND a.id > $2 ORDER BY a.id LIMIT 1"));
	db_bind_int(&q, 1, account);
	db_bind_int(&q, 2, after);
	TRY(db_step(&q, row));
	if (!*row)
		return OK;
	u->attempt = db_int(&q, 0);
	u->tweet = db_int(&q, 1);
	if (!clock_parse(str_of(db_peek(&q, 2)), &u->sent_at))
		u->sent_at = clock_now();
	u->text = db_text(&q, 3);
	if (!clock_parse(str_of(db_peek(&q, 4)), &u->check_at))
		u->check_at = 0;
	u->checks = db_int(&q, 5);
	return OK;
}

enum err reconcile_compare(struct app *app, struct lane *lane, bool complete)
{
	struct unknown u = { 0 };
	bool row = false;

	for (;;) {
		const char *id = NULL;

		TRY(next_unknown(app, lane->account.id, u.attempt, &u, &row));
		if (!row)
			return OK;
		TRY(find_post(app, lane, &u, &id));
		if (id)
			TRY(mark_found(app, lane, &u, id));
		else if (complete)
			TRY(mark_absent(app, lane, &u));
	}
}

enum err reconcile_give_up(struct app *app, int64_t account)
{
	struct unknown u = { 0 };
	bool row = false;

	for (;;) {
		TRY(next_unknown(app, account, u.attempt, &u, &row));
		if (!row)
			return OK;
		if (clock_now() - u.sent_at >= HOPELESS_SECONDS)
			TRY(give_up(app, account, &u));
	}
}
