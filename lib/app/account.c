/* account.c - X accounts: list, show, delete. */
#include "app/account.h"

#include "app/lease.h"
#include "app/mock_mode.h"
#include "app/tally.h"
#include "base/clock.h"
#include "base/json.h"

const char *const account_statuses[] = { "active", "suspended", "failed",
	"inactive", NULL };

enum err account_count(struct app *app, int64_t *total, int64_t *active)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*), count(CASE WHEN " ACCOUNT_KNOWN_STATUS
	    " = 'active' THEN 1 END) FROM twitter_account"));
	TRY(db_step(&q, &row));
	*total = db_int(&q, 0);
	*active = db_int(&q, 1);
	return OK;
}

cJSON *account_brief(struct db_query *q)
{
	cJSON *json = json_object();

	json_add_int(json, "id", db_int(q, 0));
	json_add_text(json, "username", db_peek(q, 1));
	json_add_text(json, "status", db_peek(q, 2));
	json_add_time(json, "created_at", db_peek(q, 3));
	json_add_bool(json, "mock", db_int(q, 4) != 0);
	return json;
}

static void add_failure(cJSON *json, struct db_query *q)
{
	const char *code = db_peek(q, 8);
	enum err err = err_named(code);

	json_add_text(json, "code", code);
	json_add_text(json, "reason", db_peek(q, 9));
	json_add_text(json, "hint", err == ERR__COUNT ? NULL : err_hint(err));
	json_add_time(json, "held_until", db_peek(q, 10));
	json_add_text(json, "held_code", db_peek(q, 11));
}

enum err account_get(struct app *app, int64_t id, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT id, username, " ACCOUNT_KNOWN_STATUS
	    ", created_at, mock, x_user_id,"
	    " expires_at, scope, code, reason, hold_until, hold_code,"
	    " updated_at, coalesce(access_token_secret, '') <> ''"
	    " FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_ACCOUNT_NOT_FOUND);
	*out = account_brief(&q);
	json_add_text(*out, "x_user_id", db_peek(&q, 5));
	json_add_time(*out, "token_expires_at", db_peek(&q, 6));
	json_add_text(*out, "scope", db_peek(&q, 7));
	add_failure(*out, &q);
	json_add_time(*out, "updated_at", db_peek(&q, 12));
	json_add_text(*out, "auth", db_int(&q, 13) ? "oauth1" : "oauth2");
	return OK;
}

enum err account_set_status(struct app *app, int64_t id, const char *status)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	SCOPED(db_query) set = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "SELECT status = 'failed' FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_ACCOUNT_NOT_FOUND);
	if (db_int(&q, 0))
		return fail_with(app, ERR_NEEDS_REAUTH);
	clock_sql(clock_now(), now);
	TRY(db_prepare(&set, &app->db,
	    "UPDATE twitter_account SET status = $2, updated_at = $3,"
	    " code = iif($2 = 'inactive' AND code = 'account_locked', code,"
	    " NULL), reason = iif($2 = 'inactive' AND code = 'account_locked',"
	    " reason, NULL), failures = 0,"
	    " hold_until = iif(hold_code = 'account_held_back', NULL,"
	    " hold_until) WHERE id = $1"));
	db_bind_int(&set, 1, id);
	db_bind_text(&set, 2, status);
	db_bind_text(&set, 3, now);
	TRY(db_run(&set, NULL));
	return db_commit(&tx);
}

/* Deletes an account and everything that belongs to it, inside the caller's
 * transaction. */
static enum err delete_rows(struct app *app, int64_t id, int64_t *tweets)
{
	SCOPED(db_query) states = { 0 };
	SCOPED(db_query) rows = { 0 };
	SCOPED(db_query) windows = { 0 };
	SCOPED(db_query) account = { 0 };

	TRY(db_prepare(&states, &app->db,
	    "DELETE FROM oauth_state WHERE account_id = $1"));
	db_bind_int(&states, 1, id);
	TRY(db_run(&states, NULL));
	TRY(db_prepare(&rows, &app->db,
	    "DELETE FROM tweet WHERE twitter_account_id = $1"));
	db_bind_int(&rows, 1, id);
	TRY(db_run(&rows, tweets));
	TRY(db_prepare(
	    &windows, &app->db, "DELETE FROM rate WHERE owner = $1"));
	db_bind_int(&windows, 1, id);
	TRY(db_run(&windows, NULL));
	TRY(tally_forget(app, id));
	TRY(db_prepare(
	    &account, &app->db, "DELETE FROM twitter_account WHERE id = $1"));
	db_bind_int(&account, 1, id);
	return db_run(&account, NULL);
}

enum err account_delete(struct app *app, int64_t id, int64_t *deleted_tweets)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	bool row = false;
	bool busy = false;

	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(
	    &q, &app->db, "SELECT 1 FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_ACCOUNT_NOT_FOUND);
	TRY(lease_held(app, id, &busy));
	if (busy)
		return fail_with(app, ERR_ACCOUNT_BUSY);
	TRY(delete_rows(app, id, deleted_tweets));
	return db_commit(&tx);
}

/* One clean-up and its results so far. */
struct cleanup {
	struct app *app;
	const struct account_cleaning *how;
	bool mock;
	cJSON *deleted;
	int64_t tweets;
	int64_t skipped;
};

static enum err count_rows(struct app *app, int64_t id, int64_t *tweets)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*) FROM tweet WHERE twitter_account_id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	*tweets = db_int(&q, 0);
	return OK;
}

/* Deletes the account of Q's row, unless it is busy or must stay. */
static enum err cleanup_one(struct cleanup *c, struct db_query *q)
{
	int64_t id = db_int(q, 0);
	int64_t tweets = 0;
	bool stays = db_int(q, 3) && !c->how->locked;
	cJSON *json = json_object();

	if (!stays)
		TRY(lease_held(c->app, id, &stays));
	if (stays) {
		c->skipped++;
		return OK;
	}
	json_add_int(json, "id", id);
	json_add_text(json, "username", db_peek(q, 1));
	json_add_text(json, "status", db_peek(q, 2));
	TRY(c->how->dry_run ? count_rows(c->app, id, &tweets)
			    : delete_rows(c->app, id, &tweets));
	json_add_int(json, "deleted_tweets", tweets);
	json_push(c->deleted, json);
	c->tweets += tweets;
	return OK;
}

static enum err cleanup_status(struct cleanup *c, const char *status)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &c->app->db,
	    "SELECT id, username, status, coalesce(code, '') = 'account_locked'"
	    " FROM twitter_account WHERE status = $1"
	    " AND ($2 = 0 OR mock = 1) ORDER BY id"));
	db_bind_text(&q, 1, status);
	db_bind_int(&q, 2, c->mock);
	TRY(db_step(&q, &row));
	while (row) {
		TRY(cleanup_one(c, &q));
		TRY(db_step(&q, &row));
	}
	return OK;
}

enum err account_cleanup(
    struct app *app, const struct account_cleaning *how, cJSON **out)
{
	struct cleanup c = { .app = app, .how = how, .deleted = json_array() };
	SCOPED(db_tx) tx = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(mock_mode_is_on(app, &c.mock));
	for (const char *const *s = how->statuses; *s; s++)
		TRY(cleanup_status(&c, *s));
	TRY(db_commit(&tx));
	*out = json_object();
	json_add(*out, "deleted_accounts", c.deleted);
	json_add_int(*out, "deleted_tweets_total", c.tweets);
	json_add_int(*out, "skipped", c.skipped);
	return OK;
}
