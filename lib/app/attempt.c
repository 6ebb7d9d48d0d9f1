/* attempt.c - one call to X for one tweet, as the database remembers it. */
#include "app/attempt.h"

#include <string.h>

#include "base/clock.h"

static const char *const names[] = {
	[ATTEMPT_POSTED] = "posted",
	[ATTEMPT_FOUND] = "found",
	[ATTEMPT_REFUSED] = "refused",
	[ATTEMPT_HELD_BACK] = "held_back",
	[ATTEMPT_UNAUTHORIZED] = "unauthorized",
	[ATTEMPT_NOT_SENT] = "not_sent",
	[ATTEMPT_UNKNOWN] = "unknown",
	[ATTEMPT_RESOLVED] = "resolved",
};
_Static_assert(COUNT(names) == ATTEMPT__COUNT, "an outcome without its name");

const char *attempt_outcome_name(enum attempt_outcome outcome)
{
	return names[outcome];
}

enum attempt_outcome attempt_outcome_named(const char *name)
{
	int i = 0;

	while (name && i < ATTEMPT__COUNT && strcmp(names[i], name) != 0)
		i++;
	return name ? (enum attempt_outcome)i : ATTEMPT__COUNT;
}

enum err attempt_open(
    struct app *app, int64_t tweet, const char *since_id, int64_t *id)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO attempt(tweet_id, sent_at, since_id)"
	    " VALUES($1, $2, $3)"));
	db_bind_int(&q, 1, tweet);
	db_bind_text(&q, 2, now);
	db_bind_text(&q, 3, since_id);
	TRY(db_run(&q, NULL));
	*id = db_last_id(&app->db);
	return OK;
}

/* Binds how the call ended: HTTP status, code, X's reason and request id. */
static void bind_answer(struct db_query *q, int at, const struct x_call *call)
{
	if (call->status)
		db_bind_int(q, at, call->status);
	db_bind_text(q, at + 1, call->err == OK ? NULL : err_name(call->err));
	db_bind_text(q, at + 2, call->reason);
	db_bind_text(q, at + 3, call->request_id);
}

enum err attempt_close(struct app *app, int64_t id,
    enum attempt_outcome outcome, const struct x_call *call)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET ended_at = $2, outcome = $3,"
	    " http_status = $4, code = $5, reason = $6, x_request_id = $7"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, now);
	db_bind_text(&q, 3, attempt_outcome_name(outcome));
	bind_answer(&q, 4, call);
	return db_run(&q, NULL);
}

enum err attempt_keep_open(
    struct app *app, int64_t id, const struct x_call *call, int64_t check_at)
{
	SCOPED(db_query) q = { 0 };
	char at[CLOCK_TEXT];

	clock_sql(check_at, at);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET look_at = $2, looks = 0,"
	    " http_status = $3, code = $4, reason = $5, x_request_id = $6"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, at);
	bind_answer(&q, 3, call);
	return db_run(&q, NULL);
}

enum err attempt_check_later(
    struct app *app, int64_t id, int64_t check_at, int64_t checks)
{
	SCOPED(db_query) q = { 0 };
	char at[CLOCK_TEXT];

	clock_sql(check_at, at);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET look_at = $2, looks = $3 WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, at);
	db_bind_int(&q, 3, checks);
	return db_run(&q, NULL);
}

enum err attempt_adopt(struct app *app, int64_t account, int64_t seconds)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET look_at ="
	    " datetime(min(sent_at, $2), $3 || ' seconds'),"
	    " code = 'outcome_unknown' WHERE ended_at IS NULL"
	    " AND look_at IS NULL AND tweet_id IN (SELECT id FROM tweet"
	    " WHERE twitter_account_id = $1 AND status = 'pending')"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, now);
	db_bind_int(&q, 3, seconds);
	return db_run(&q, NULL);
}

enum err attempt_conclude(
    struct app *app, int64_t tweet, enum attempt_outcome outcome, enum err code)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET ended_at = $2, outcome = $3,"
	    " code = coalesce($4, code)"
	    " WHERE tweet_id = $1 AND ended_at IS NULL"));
	db_bind_int(&q, 1, tweet);
	db_bind_text(&q, 2, now);
	db_bind_text(&q, 3, attempt_outcome_name(outcome));
	db_bind_text(&q, 4, code == OK ? NULL : err_name(code));
	return db_run(&q, NULL);
}

enum err attempt_correct(
    struct app *app, int64_t id, enum attempt_outcome outcome, enum err code)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE attempt SET outcome = $2, code = $3 WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, attempt_outcome_name(outcome));
	db_bind_text(&q, 3, err_name(code));
	return db_run(&q, NULL);
}
