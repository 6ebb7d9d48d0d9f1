/* tweet_life.c - how a tweet gets from one state to the next. */
#include "app/tweet_life.h"

#include "app/similar.h"
#include "app/tweet_state.h"
#include "base/clock.h"

enum err tweet_mark_sending(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'pending', code = NULL, reason = NULL,"
	    " retry_at = NULL, late = replace(late, 'held', 'released')"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	return db_run(&q, NULL);
}

enum err tweet_mark_posted(
    struct app *app, int64_t id, const char *twitter_id, int64_t at, bool mock)
{
	SCOPED(db_query) q = { 0 };
	char text[CLOCK_TEXT];

	clock_sql(at, text);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'posted', twitter_id = $2,"
	    " posted_at = $3, mock = $4, code = NULL, reason = NULL,"
	    " retry_at = NULL WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, twitter_id);
	db_bind_text(&q, 3, text);
	db_bind_int(&q, 4, mock);
	return db_run(&q, NULL);
}

enum err tweet_mark_failed(
    struct app *app, int64_t id, enum err code, const char *reason)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'failed', code = $2, reason = $3,"
	    " retry_at = NULL WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, err_name(code));
	db_bind_text(&q, 3, reason);
	return db_run(&q, NULL);
}

enum err tweet_mark_unconfirmed(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'failed', code = $2, retry_at = NULL"
	    " WHERE id = $1 AND status = 'pending'"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, err_name(ERR_OUTCOME_UNKNOWN));
	return db_run(&q, NULL);
}

enum err tweet_defer(struct app *app, int64_t id, enum err code,
    const char *reason, int64_t seconds)
{
	SCOPED(db_query) q = { 0 };
	char at[CLOCK_TEXT];

	clock_sql(clock_now() + seconds, at);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'pending', code = $2,"
	    " reason = coalesce($3, reason), retry_at = $4 WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, err_name(code));
	db_bind_text(&q, 3, reason);
	db_bind_text(&q, 4, seconds ? at : NULL);
	return db_run(&q, NULL);
}

enum err tweet_let_tick_retry(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET retry_at = $2"
	    " WHERE id = $1 AND scheduled_at IS NULL"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, now);
	return db_run(&q, NULL);
}

enum err tweet_requeue(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'pending', twitter_id = NULL,"
	    " posted_at = NULL, code = NULL, reason = NULL, retry_at = NULL"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	return db_run(&q, NULL);
}

enum err tweet_requeue_failed(
    struct app *app, int64_t account, enum err code, int64_t *requeued)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'pending', code = NULL, reason = NULL,"
	    " retry_at = NULL WHERE status = 'failed' AND code = $1"
	    " AND ($2 = 0 OR twitter_account_id = $2)"));
	db_bind_text(&q, 1, err_name(code));
	db_bind_int(&q, 2, account);
	return db_run(&q, requeued);
}

enum err tweet_hold_late(struct app *app, const char *before, int64_t *held)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet AS t SET late = 'held' WHERE id IN"
	    " (" TWEET_IDS_OVERDUE ")"
	    " AND scheduled_at < $1 AND late IS NULL"
	    " AND NOT " TWEET_ON_ITS_WAY));
	db_bind_text(&q, 1, before);
	return db_run(&q, held);
}

enum err tweet_release(struct app *app, int64_t id, bool *released)
{
	SCOPED(db_query) q = { 0 };
	int64_t changed = 0;

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET late = 'released'"
	    " WHERE id = $1 AND status = 'pending' AND late = 'held'"
	    " AND coalesce(draft, 0) = 0"));
	db_bind_int(&q, 1, id);
	TRY(db_run(&q, &changed));
	*released = changed > 0;
	return OK;
}

enum err tweet_edit(struct app *app, int64_t id,
    const struct tweet_changes *changes, bool failed, bool renewed)
{
	SCOPED(db_query) q = { 0 };
	const char *text = changes->text;
	char at[CLOCK_TEXT], now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	clock_sql(changes->scheduled_at, at);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET content = coalesce($2, content),"
	    " text_hash = coalesce($3, text_hash), status = 'pending',"
	    " scheduled_at = CASE WHEN $4 THEN $5"
	    " WHEN $10 AND scheduled_at <= $7 THEN NULL"
	    " ELSE scheduled_at END,"
	    " late = CASE WHEN $4 OR $10 THEN NULL ELSE late END,"
	    " draft = CASE WHEN $8 THEN $9 ELSE draft END,"
	    " code = CASE WHEN $6 OR $9 THEN NULL ELSE code END,"
	    " reason = CASE WHEN $6 OR $9 THEN NULL ELSE reason END,"
	    " retry_at = CASE WHEN $6 OR $9 THEN NULL ELSE retry_at END"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, text);
	db_bind_text(&q, 3, text ? similar_hash(app->arena, text) : NULL);
	db_bind_int(&q, 4, changes->new_time);
	db_bind_text(&q, 5, changes->scheduled_at ? at : NULL);
	db_bind_int(&q, 6, failed);
	db_bind_text(&q, 7, now);
	db_bind_int(&q, 8, changes->new_draft);
	db_bind_int(&q, 9, changes->draft);
	db_bind_int(&q, 10, renewed);
	return db_run(&q, NULL);
}
