/*
 * alert_list.c - lists alerts and dismisses them.
 *
 * A snoozed alert is still listed, but needs no attention until its time. The
 * same problem of a thousand accounts makes a thousand alerts, so all alerts of
 * one cause can be snoozed at once.
 */
#include "watch/alert.h"

#include <inttypes.h>

#include "base/clock.h"

const char *const alert_statuses[] = { "open", "closed", NULL };

/* The columns that alert_json reads, in this order. */
#define COLUMNS                                                             \
	"id, cause, subject, code, words, opened_at, closed_at, mailed_at," \
	" snoozed_until"

static cJSON *alert_json(struct db_query *q)
{
	cJSON *json = json_object();
	const char *cause = db_peek(q, 1);
	int64_t subject = db_int(q, 2);

	json_add_int(json, "id", db_int(q, 0));
	json_add_text(json, "cause", cause);
	if (subject)
		json_add_int(json, "account_id", subject);
	else
		json_add_null(json, "account_id");
	json_add_text(json, "code", db_peek(q, 3));
	json_add_text(json, "words", db_peek(q, 4));
	json_add_text(json, "hint", alert_hint(cause, db_peek(q, 3)));
	json_add_time(json, "opened_at", db_peek(q, 5));
	json_add_time(json, "closed_at", db_peek(q, 6));
	json_add_time(json, "mailed_at", db_peek(q, 7));
	json_add_time(json, "snoozed_until", db_peek(q, 8));
	return json;
}

/* {alerts,next_cursor} from the rows of Q, at most LIMIT. */
static enum err list_json(
    struct app *app, struct db_query *q, int64_t limit, cJSON **out)
{
	cJSON *alerts = json_array();
	const char *next = NULL;
	int64_t last = 0;
	bool row = false;

	TRY(db_step(q, &row));
	for (int64_t n = 0; row && n < limit; n++) {
		last = db_int(q, 0);
		json_push(alerts, alert_json(q));
		TRY(db_step(q, &row));
	}
	if (row)
		next = arena_printf(app->arena, "%" PRId64, last);
	*out = json_object();
	json_add(*out, "alerts", alerts);
	json_add_text(*out, "next_cursor", next);
	return OK;
}

enum err alert_list(struct app *app, const char *status, int64_t before,
    int64_t limit, cJSON **out)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT " COLUMNS " FROM alert WHERE ($1 = 0 OR id < $1)"
	    " AND ($2 IS NULL OR (closed_at IS NULL) = ($2 = 'open'))"
	    " ORDER BY id DESC LIMIT $3 + 1"));
	db_bind_int(&q, 1, before);
	db_bind_text(&q, 2, status);
	db_bind_int(&q, 3, limit);
	return list_json(app, &q, limit, out);
}

enum err alert_open_list(struct app *app, int64_t limit, cJSON **out)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT " COLUMNS " FROM alert WHERE closed_at IS NULL"
	    " ORDER BY subject <> 0, id DESC LIMIT $1 + 1"));
	db_bind_int(&q, 1, limit);
	return list_json(app, &q, limit, out);
}

enum err alert_causes(struct app *app, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	*out = json_array();
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT cause, count(*),"
	    " coalesce(sum(CASE WHEN snoozed_until > $1 THEN 1 ELSE 0 END), 0),"
	    " min(CASE WHEN snoozed_until > $1 THEN snoozed_until END)"
	    " FROM alert WHERE closed_at IS NULL"
	    " GROUP BY cause ORDER BY min(subject) <> 0, cause"));
	db_bind_text(&q, 1, now);
	TRY(db_step(&q, &row));
	while (row) {
		cJSON *json = json_object();

		json_add_text(json, "cause", db_peek(&q, 0));
		json_add_int(json, "open", db_int(&q, 1));
		json_add_int(json, "snoozed", db_int(&q, 2));
		json_push(*out, json);
		app_valid_until_text(app, db_peek(&q, 3));
		TRY(db_step(&q, &row));
	}
	return OK;
}

/* ---- snoozing ------------------------------------------------------------ */

static enum err get_one(struct app *app, int64_t id, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(
	    &q, &app->db, "SELECT " COLUMNS " FROM alert WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_ALERT_NOT_FOUND);
	*out = alert_json(&q);
	return OK;
}

enum err alert_snooze(
    struct app *app, int64_t id, int64_t until, bool whole_cause, cJSON **out)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	char text[CLOCK_TEXT];

	clock_sql(until, text);
	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE alert SET snoozed_until = $2 WHERE id = $1"
	    " OR ($3 = 1 AND closed_at IS NULL"
	    " AND cause = (SELECT cause FROM alert WHERE id = $1))"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, until ? text : NULL);
	db_bind_int(&q, 3, whole_cause);
	TRY(db_run(&q, NULL));
	TRY(get_one(app, id, out));
	return db_commit(&tx);
}
