/*
 * idempotency.c - stored replies, so that a request sent twice runs once.
 *
 * A claim need not be ended: its holder is a process known by a lock, as in
 * lease.c, so a dead process blocks nobody.
 */
#include "app/idempotency.h"

#include <string.h>

#include "app/lease.h"
#include "base/clock.h"

enum { AGAIN_SECONDS = 2 /* when to ask again about a request in flight */ };

/* Rows from before this time have expired. */
static void oldest(char *text)
{
	clock_sql(clock_now() - (int64_t)IDEMPOTENCY_HOURS * 3600, text);
}

/* Until when a holder on another machine may be alive: no process that claims a
 * request lives longer. */
static const char *believed(struct app *app, const char *created_at)
{
	char *until = arena_alloc(app->arena, CLOCK_TEXT);
	int64_t claimed = 0;

	if (!clock_parse(str_of(created_at), &claimed))
		return NULL;
	clock_sql(claimed + LEASE_SECONDS, until);
	return until;
}

enum err idempotency_find(
    struct app *app, struct idempotency *id, struct idempotency_answer *kept)
{
	SCOPED(db_query) q = { 0 };
	char since[CLOCK_TEXT];
	bool row = false;

	oldest(since);
	TRY(db_prepare(&q, &app->db,
	    "SELECT request, created_at, holder, status, location, body"
	    " FROM idempotency"
	    " WHERE key_id = $1 AND name = $2 AND created_at > $3"));
	db_bind_int(&q, 1, app->key_id);
	db_bind_text(&q, 2, id->name);
	db_bind_text(&q, 3, since);
	TRY(db_step(&q, &row));
	if (!row)
		return OK;
	if (strcmp(db_peek(&q, 0), id->request) != 0)
		return fail_with(app, ERR_IDEMPOTENCY_MISMATCH);
	if (!db_null(&q, 2) &&
	    lease_lives(app, db_text(&q, 2), believed(app, db_peek(&q, 1)))) {
		fail_with(app, ERR_IDEMPOTENCY_IN_FLIGHT);
		app->fault.retry_after = AGAIN_SECONDS;
		return ERR_IDEMPOTENCY_IN_FLIGHT;
	}
	id->again = true;
	kept->status = (int)db_int(&q, 3);
	kept->location = db_text(&q, 4);
	kept->body = db_text(&q, 5);
	return OK;
}

/* Replaces the row. */
static enum err put(struct app *app, const struct idempotency *id,
    const char *holder, const struct idempotency_answer *answer)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO idempotency(key_id, name, request, created_at, holder,"
	    " status, location, body) VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
	    " ON CONFLICT(key_id, name) DO UPDATE SET"
	    " request = excluded.request, created_at = excluded.created_at,"
	    " holder = excluded.holder, status = excluded.status,"
	    " location = excluded.location, body = excluded.body"));
	db_bind_int(&q, 1, app->key_id);
	db_bind_text(&q, 2, id->name);
	db_bind_text(&q, 3, id->request);
	db_bind_text(&q, 4, now);
	db_bind_text(&q, 5, holder);
	db_bind_int(&q, 6, answer->status);
	db_bind_text(&q, 7, answer->location);
	db_bind_text(&q, 8, answer->body);
	return db_run(&q, NULL);
}

enum err idempotency_keep(struct app *app, const struct idempotency *id,
    const struct idempotency_answer *answer)
{
	return put(app, id, NULL, answer);
}

enum err idempotency_claim(
    struct app *app, struct idempotency *id, struct idempotency_answer *kept)
{
	const struct idempotency_answer none = { 0 };
	SCOPED(db_tx) tx = { 0 };

	TRY(lease_open(app));
	TRY(db_begin(&tx, &app->db));
	TRY(idempotency_find(app, id, kept));
	if (kept->status)
		return OK;
	TRY(put(app, id, app->holder, &none));
	return db_commit(&tx);
}

enum err idempotency_release(struct app *app, const struct idempotency *id)
{
	const struct idempotency_answer none = { 0 };

	return put(app, id, NULL, &none);
}

enum err idempotency_forget(struct app *app, const struct idempotency *id)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "DELETE FROM idempotency WHERE key_id = $1 AND name = $2"));
	db_bind_int(&q, 1, app->key_id);
	db_bind_text(&q, 2, id->name);
	return db_run(&q, NULL);
}

enum err idempotency_remove_expired(struct app *app)
{
	SCOPED(db_query) q = { 0 };
	char since[CLOCK_TEXT];

	oldest(since);
	TRY(db_prepare(
	    &q, &app->db, "DELETE FROM idempotency WHERE created_at <= $1"));
	db_bind_text(&q, 1, since);
	return db_run(&q, NULL);
}
