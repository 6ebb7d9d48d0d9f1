/* settle.c - tweets of which nobody knows whether X has them. */
#include "publish/settle.h"

#include <inttypes.h>
#include <string.h>

#include "app/tweet.h"
#include "base/clock.h"
#include "publish/outcome.h"
#include "x/x_id.h"
#include "x/x_timeline.h"

enum {
	GRACE_SECONDS = 300, /* by which clocks may differ */
	HOPELESS_SECONDS = 3600
};

/* Seconds after an attempt at which it is looked for. */
static const int looks[] = { 5, 15, 30, 120 };

static enum err set_look(
    struct app *app, int64_t attempt, int64_t at, int64_t done)
{
	SCOPED(db_query) q = { 0 };
	char text[CLOCK_TEXT];

	clock_sql(at, text);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET look_at = $2, looks = $3 WHERE id = $1"));
	db_bind_int(&q, 1, attempt);
	db_bind_text(&q, 2, text);
	db_bind_int(&q, 3, done);
	return db_run(&q, NULL);
}

enum err settle_later(struct run *run, int64_t attempt)
{
	return set_look(run->app, attempt, clock_now() + looks[0], 0);
}

enum err settle_adopt(struct run *run, const struct lane *lane)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &run->app->db,
	    "UPDATE attempt SET look_at ="
	    " datetime(min(sent_at, $2), '+5 seconds'),"
	    " code = 'outcome_unknown' WHERE ended_at IS NULL"
	    " AND look_at IS NULL AND tweet_id IN (SELECT id FROM tweet"
	    " WHERE twitter_account_id = $1 AND status = 'pending')"));
	db_bind_int(&q, 1, lane->account);
	db_bind_text(&q, 2, now);
	return db_run(&q, NULL);
}

enum err settle_due(
    struct run *run, const struct lane *lane, bool *due, const char **since_id)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	char farthest[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	clock_sql(clock_now() + looks[COUNT(looks) - 1], farthest);
	TRY(db_prepare(&q, &run->app->db,
	    "SELECT CAST(min(CAST(coalesce(since_id, '0') AS INTEGER)) AS TEXT)"
	    " FROM attempt WHERE ended_at IS NULL"
	    " AND (look_at <= $2 OR look_at > $3)"
	    " AND tweet_id IN (SELECT id FROM tweet"
	    " WHERE twitter_account_id = $1 AND status = 'pending')"
	    " HAVING count(*) > 0"));
	db_bind_int(&q, 1, lane->account);
	db_bind_text(&q, 2, now);
	db_bind_text(&q, 3, farthest); /* beyond: the clock was put back */
	TRY(db_step(&q, due));
	*since_id = *due ? db_text(&q, 0) : NULL;
	if (*since_id && strcmp(*since_id, "0") == 0)
		*since_id = NULL;
	return OK;
}

enum err settle_since(
    struct run *run, const struct lane *lane, const char **since_id)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;
	int64_t since = x_id_from(run->x_date - GRACE_SECONDS);

	TRY(db_prepare(&q, &run->app->db,
	    "SELECT twitter_id FROM tweet WHERE twitter_account_id = $1"
	    " AND status = 'posted' AND twitter_id GLOB '[0-9]*'"
	    " ORDER BY id DESC LIMIT 1"));
	db_bind_int(&q, 1, lane->account);
	TRY(db_step(&q, &row));
	if (row) {
		*since_id = db_text(&q, 0);
		return OK;
	}
	/* by X's clock, where it is known: our own may be wrong */
	*since_id =
	    since ? arena_printf(run->app->arena, "%" PRId64, since) : NULL;
	return OK;
}

struct unknown {
	int64_t attempt;
	int64_t tweet;
	int64_t sent_at;
	int64_t look_at;
	int64_t looks; /* at which it was not there */
	const char *text;
};

static enum err end_attempt(struct app *app, const struct unknown *u,
    const char *outcome, enum err code)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET ended_at = $2, outcome = $3,"
	    " code = coalesce($4, code) WHERE id = $1"));
	db_bind_int(&q, 1, u->attempt);
	db_bind_text(&q, 2, now);
	db_bind_text(&q, 3, outcome);
	db_bind_text(&q, 4, code == OK ? NULL : err_name(code));
	return db_run(&q, NULL);
}

static enum err found(
    struct run *run, struct lane *lane, const struct unknown *u, const char *id)
{
	SCOPED(db_query) q = { 0 };
	int64_t made = x_id_time(id);
	char at[CLOCK_TEXT];

	clock_sql(made ? made : clock_now(), at);
	TRY(end_attempt(run->app, u, "found", OK));
	TRY(db_prepare(&q, &run->app->db,
	    "UPDATE tweet SET status = 'posted', twitter_id = $2,"
	    " posted_at = $3, code = NULL, reason = NULL, retry_at = NULL"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, u->tweet);
	db_bind_text(&q, 2, id);
	db_bind_text(&q, 3, at);
	TRY(outcome_note(run->app, lane->account, true));
	lane->settled++;
	lane_ended(run, lane, u->tweet, id, OK, NULL);
	return db_run(&q, NULL);
}

static enum err give_up(
    struct app *app, int64_t account, const struct unknown *u)
{
	SCOPED(db_query) q = { 0 };

	TRY(end_attempt(app, u, "unknown", ERR_OUTCOME_UNKNOWN));
	TRY(outcome_note(app, account, false));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'failed', code = $2, retry_at = NULL"
	    " WHERE id = $1 AND status = 'pending'"));
	db_bind_int(&q, 1, u->tweet);
	db_bind_text(&q, 2, err_name(ERR_OUTCOME_UNKNOWN));
	return db_run(&q, NULL);
}

int64_t settle_next_look(int64_t sent_at, int64_t done, int64_t now)
{
	if (sent_at > now) /* the clock was put back: the looks count */
		return done + 1 < (int64_t)COUNT(looks)
			   ? now + looks[done + 1] - looks[done]
			   : 0;
	for (size_t i = 0; i < COUNT(looks); i++) {
		if (sent_at + looks[i] > now)
			return sent_at + looks[i];
	}
	return 0;
}

static enum err absent(
    struct run *run, struct lane *lane, const struct unknown *u)
{
	int64_t now = clock_now();
	int64_t next = settle_next_look(u->sent_at, u->looks, now);

	if (u->look_at > now && u->look_at <= now + looks[COUNT(looks) - 1])
		return OK; /* another one was due */
	if (next)
		return set_look(run->app, u->attempt, next, u->looks + 1);
	lane->settled++;
	lane_ended(run, lane, u->tweet, NULL, ERR_OUTCOME_UNKNOWN,
	    TWEET_UNCONFIRMED_WORDS);
	return give_up(run->app, lane->account, u);
}

/* Whether a tweet of ours has this post already. */
static enum err taken(
    struct run *run, const struct lane *lane, const char *id, bool *is_taken)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &run->app->db,
	    "SELECT 1 FROM tweet WHERE twitter_account_id = $1"
	    " AND status = 'posted' AND twitter_id = $2"));
	db_bind_int(&q, 1, lane->account);
	db_bind_text(&q, 2, id);
	return db_step(&q, is_taken);
}

/* The oldest post that may be this tweet: X lists the newest first, and the
 * oldest attempt comes first here. */
static enum err find_post(struct run *run, const struct lane *lane,
    const struct unknown *u, const char **id)
{
	*id = NULL;
	for (const struct x_post *p = lane->call->posts; p; p = p->next) {
		bool is_taken = false;

		if (!x_timeline_is(run->app->arena, p, u->text))
			continue;
		TRY(taken(run, lane, p->id, &is_taken));
		if (!is_taken)
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
	if (!clock_parse(str_of(db_peek(&q, 4)), &u->look_at))
		u->look_at = 0;
	u->looks = db_int(&q, 5);
	return OK;
}

enum err settle_compare(struct run *run, struct lane *lane)
{
	struct unknown u = { 0 };
	bool row = false;

	for (;;) {
		const char *id = NULL;

		TRY(next_unknown(run->app, lane->account, u.attempt, &u, &row));
		if (!row)
			return OK;
		TRY(find_post(run, lane, &u, &id));
		if (id)
			TRY(found(run, lane, &u, id));
		else if (!lane->call->next_page)
			TRY(absent(run, lane, &u));
	}
}

enum err settle_give_up(struct app *app, int64_t account)
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
