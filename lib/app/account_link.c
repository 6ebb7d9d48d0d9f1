/*
 * account_link.c - stores the result of a successful OAuth consent.
 *
 * X's ids never change, but names may, even to one that another account had
 * before. So the id decides, and a name that now belongs to another account is
 * removed from the row that still has it.
 */
#include "app/account_link.h"
#include "app/tally.h"

#include <string.h>

#include "base/clock.h"
#include "base/random.h"

bool account_is_unnamed(const char *username)
{
	return strncmp(username, ACCOUNT_UNNAMED, strlen(ACCOUNT_UNNAMED)) == 0;
}

struct row {
	int64_t id; /* 0: there is none */
	const char *x_user_id;
	const char *username;
	bool mock;
};

static enum err read_row(struct db_query *q, struct row *out)
{
	bool row = false;

	TRY(db_step(q, &row));
	*out = (struct row){ 0 };
	if (!row)
		return OK;
	out->id = db_int(q, 0);
	out->x_user_id = db_text(q, 1);
	out->username = db_text(q, 2);
	out->mock = db_int(q, 3) != 0;
	return OK;
}

static enum err find_by_x_id(
    struct app *app, const char *x_user_id, struct row *out)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT id, x_user_id, username, mock FROM twitter_account"
	    " WHERE x_user_id = $1"));
	db_bind_text(&q, 1, x_user_id);
	return read_row(&q, out);
}

/* X's user names are case-insensitive. */
static enum err find_by_name(
    struct app *app, const char *username, struct row *out)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT id, x_user_id, username, mock FROM twitter_account"
	    " WHERE lower(username) = lower($1)"));
	db_bind_text(&q, 1, username);
	return read_row(&q, out);
}

static enum err find_by_id(struct app *app, int64_t id, struct row *out)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT id, x_user_id, username, mock FROM twitter_account"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	return read_row(&q, out);
}

/* Finds the row for the grant by what X has told us. */
static enum err match(
    struct app *app, const struct account_grant *grant, struct row *found)
{
	struct row named = { 0 };

	*found = (struct row){ 0 };
	if (!grant->x_user_id) /* a new row until X tells us whose it is */
		return OK;
	TRY(find_by_x_id(app, grant->x_user_id, found));
	if (found->id)
		return OK;
	TRY(find_by_name(app, grant->username, &named));
	if (named.id && named.mock != grant->mock)
		*found = named; /* check refuses it */
	else if (named.id && !named.x_user_id)
		*found = named;
	return OK;
}

static enum err check(
    struct app *app, const struct account_grant *grant, const struct row *found)
{
	if (grant->only && grant->x_user_id && found->id != grant->only) {
		struct row wanted;

		TRY(find_by_id(app, grant->only, &wanted));
		return fail(app, ERR_WRONG_ACCOUNT,
		    "@%s allowed access, but @%s should be linked again",
		    grant->username, wanted.id ? wanted.username : "another");
	}
	if (found->id && found->mock != grant->mock)
		return fail(app, ERR_MOCK_MISMATCH,
		    found->mock ? "@%s is a test account"
				: "@%s is a real account, not a test"
				  " account",
		    found->username);
	return OK;
}

/* Another row may still have the name, although its account now has a different
 * one. */
static enum err free_name(struct app *app, const char *username, int64_t owner)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET username = username || '#' || id"
	    " WHERE lower(username) = lower($1) AND id <> $2"));
	db_bind_text(&q, 1, username);
	db_bind_int(&q, 2, owner);
	return db_run(&q, NULL);
}

static enum err insert(struct app *app, const struct account_grant *grant,
    const char *username, int64_t *id)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO twitter_account(username, access_token, mock)"
	    " VALUES($1, '', $2)"));
	db_bind_text(&q, 1, username);
	db_bind_int(&q, 2, grant->mock);
	TRY(db_run(&q, NULL));
	*id = db_last_id(&app->db);
	return OK;
}

/* Stores the grant in an existing row. */
static enum err store(struct app *app, const struct account_grant *grant,
    int64_t id, const char *username)
{
	SCOPED(db_query) q = { 0 };
	const struct x_tokens *tokens = grant->tokens;
	char expires[CLOCK_TEXT], now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	clock_sql(tokens->expires_at, expires);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET username = $2, access_token = $3,"
	    " access_token_secret = NULL, refresh_token = $4,"
	    " status = 'active', updated_at = $5,"
	    " x_user_id = coalesce($6, x_user_id), expires_at = $7,"
	    " scope = $8, code = NULL, reason = NULL, hold_until = NULL,"
	    " hold_code = NULL, hold_count = 0, failures = 0, refusals = 0"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, username);
	db_bind_text(
	    &q, 3, keyring_encrypt(&app->keyring, app->arena, tokens->access));
	db_bind_text(&q, 4,
	    tokens->refresh
		? keyring_encrypt(&app->keyring, app->arena, tokens->refresh)
		: NULL);
	db_bind_text(&q, 5, now);
	db_bind_text(&q, 6, grant->x_user_id);
	db_bind_text(&q, 7, tokens->expires_at ? expires : NULL);
	db_bind_text(&q, 8, tokens->scope);
	return db_run(&q, NULL);
}

/* Moves the tokens and tweets of row FROM to row TO, of the same account. */
static enum err merge(struct app *app, int64_t from, int64_t to)
{
	SCOPED(db_query) tokens = { 0 };
	SCOPED(db_query) tweets = { 0 };
	SCOPED(db_query) gone = { 0 };

	TRY(db_prepare(&tokens, &app->db,
	    "UPDATE twitter_account SET (access_token, access_token_secret,"
	    " refresh_token, expires_at, scope) = (SELECT access_token, NULL,"
	    " refresh_token, expires_at, scope FROM twitter_account"
	    " WHERE id = $1), status = 'active', code = NULL, reason = NULL,"
	    " hold_until = NULL, hold_code = NULL WHERE id = $2"));
	db_bind_int(&tokens, 1, from);
	db_bind_int(&tokens, 2, to);
	TRY(db_run(&tokens, NULL));
	TRY(db_prepare(&tweets, &app->db,
	    "UPDATE tweet SET twitter_account_id = $2"
	    " WHERE twitter_account_id = $1"));
	db_bind_int(&tweets, 1, from);
	db_bind_int(&tweets, 2, to);
	TRY(db_run(&tweets, NULL));
	TRY(tally_forget(app, from));
	TRY(db_prepare(
	    &gone, &app->db, "DELETE FROM twitter_account WHERE id = $1"));
	db_bind_int(&gone, 1, from);
	return db_run(&gone, NULL);
}

enum err account_identify(
    struct app *app, int64_t id, const char *x_user_id, const char *username)
{
	SCOPED(db_query) q = { 0 };
	struct row same;

	TRY(find_by_x_id(app, x_user_id, &same));
	if (same.id && same.id != id)
		return merge(app, id, same.id);
	TRY(free_name(app, username, id));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET x_user_id = $2, username = $3"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, x_user_id);
	db_bind_text(&q, 3, username);
	return db_run(&q, NULL);
}

enum err account_link(struct app *app, const struct account_grant *grant,
    int64_t *id, const char **username)
{
	SCOPED(db_tx) tx = { 0 };
	struct row found = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(match(app, grant, &found));
	TRY(check(app, grant, &found));
	*username = grant->username ? grant->username
		    : found.id      ? found.username
			       : arena_printf(app->arena, ACCOUNT_UNNAMED "%s",
				     random_token(app->arena, 6));
	*id = found.id;
	TRY(free_name(app, *username, found.id));
	if (!found.id)
		TRY(insert(app, grant, *username, id));
	TRY(store(app, grant, *id, *username));
	return db_commit(&tx);
}
