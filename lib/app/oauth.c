/*
 * oauth.c - linking an account.
 *
 * A state is deleted from the database before anything else happens, so of two
 * callbacks one wins, and none can be replayed. X's codes are valid for 30
 * seconds, so the code is exchanged at once. Tokens from X are never thrown
 * away, even if X then fails to say whose they are.
 */
#include "app/oauth.h"

#include <inttypes.h>
#include <string.h>

#include "app/account_link.h"
#include "app/app_x.h"
#include "app/mock_mode.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/random.h"
#include "crypto/digest.h"
#include "store/kv.h"

struct pending {
	const char *verifier;
	int64_t account; /* 0: any */
	bool mock;
};

static void oldest_good(char *text)
{
	clock_sql(clock_now() - OAUTH_STATE_SECONDS, text);
}

static enum err remove_expired_states(struct app *app)
{
	SCOPED(db_query) q = { 0 };
	char oldest[CLOCK_TEXT];

	oldest_good(oldest);
	TRY(db_prepare(
	    &q, &app->db, "DELETE FROM oauth_state WHERE created_at < $1"));
	db_bind_text(&q, 1, oldest);
	return db_run(&q, NULL);
}

/* ---- used states --------------------------------------------------------- */

/* The key under which a used STATE is remembered, by its hash. The value is
 * "UNTIL ACCOUNT", so values sort by their times. */
static const char *used_name(struct app *app, const char *state)
{
	return arena_printf(
	    app->arena, "used_state:%s", digest_sha256_hex(app->arena, state));
}

static enum err remove_expired_used(struct app *app)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_rfc3339(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "DELETE FROM kv WHERE name >= 'used_state:'"
	    " AND name < 'used_state;' AND value < $1"));
	db_bind_text(&q, 1, now);
	return db_run(&q, NULL);
}

static enum err keep_used(struct app *app, const char *state, int64_t account)
{
	char until[CLOCK_TEXT];

	clock_rfc3339(clock_now() + OAUTH_STATE_SECONDS, until);
	return kv_set(&app->db, used_name(app, state),
	    arena_printf(app->arena, "%s %" PRId64, until, account));
}

/* The account that STATE has linked recently; 0: none. */
static enum err find_used(struct app *app, const char *state, int64_t *account)
{
	const char *value = NULL;
	int64_t until = 0;

	*account = 0;
	TRY(kv_find(&app->db, used_name(app, state), &value));
	if (!value)
		return OK;

	struct str id = str_of(value);
	struct str time = str_cut(&id, ' ');

	if (!clock_parse(time, &until) || until < clock_now() ||
	    !str_int64(id, 1, INT64_MAX, account))
		*account = 0;
	return OK;
}

enum err oauth_refuse_state(
    struct app *app, const char *state, struct oauth_linked *linked)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(find_used(app, state, &linked->id));
	if (!linked->id)
		return fail_with(app, ERR_INVALID_STATE);
	TRY(db_prepare(&q, &app->db,
	    "SELECT username FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, linked->id);
	TRY(db_step(&q, &row));
	if (!row) /* deleted since */
		return fail_with(app, ERR_STATE_USED);
	linked->username = db_text(&q, 0);
	linked->unnamed = account_is_unnamed(linked->username);
	return fail(app, ERR_STATE_USED,
	    "This link was already used; %s is linked",
	    linked->unnamed
		? "an account"
		: arena_printf(app->arena, "@%s", linked->username));
}

enum err oauth_remove_expired(struct app *app)
{
	TRY(remove_expired_states(app));
	return remove_expired_used(app);
}

static enum err account_exists(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(
	    &q, &app->db, "SELECT 1 FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	return row ? OK : fail_with(app, ERR_ACCOUNT_NOT_FOUND);
}

static enum err store_state(
    struct app *app, const char *state, const struct pending *pending)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_begin(&tx, &app->db));
	TRY(oauth_remove_expired(app));
	if (pending->account)
		TRY(account_exists(app, pending->account));
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO oauth_state"
	    "(state, code_verifier, created_at, account_id, mock)"
	    " VALUES($1, $2, $3, $4, $5)"));
	db_bind_text(&q, 1, state);
	db_bind_text(&q, 2, pending->verifier);
	db_bind_text(&q, 3, now);
	if (pending->account)
		db_bind_int(&q, 4, pending->account);
	db_bind_int(&q, 5, pending->mock);
	TRY(db_run(&q, NULL));
	return db_commit(&tx);
}

/* Our own consent page is beside the callback. */
static const char *mock_page(struct app *app)
{
	static const char end[] = "/callback";
	const char *url = app->config.callback_url;
	size_t n = strlen(url);

	if (n > sizeof(end) && strcmp(url + n - strlen(end), end) == 0)
		return arena_printf(
		    app->arena, "%.*s/mock", (int)(n - strlen(end)), url);

	const char *path = strchr(strstr(url, "://") + 3, '/');

	return arena_printf(app->arena, "%.*s/auth/mock",
	    (int)(path ? (size_t)(path - url) : n), url);
}

static const char *authorize_url(
    struct app *app, const struct pending *pending, const char *state)
{
	struct arena *a = app->arena;
	const struct config *config = &app->config;
	const char *page =
	    pending->mock ? mock_page(app) : config->authorize_url;
	const char *client = config->client_id ? config->client_id : "mock";

	return arena_printf(a,
	    "%s%cresponse_type=code&client_id=%s&redirect_uri=%s&scope=%s"
	    "&state=%s&code_challenge=%s&code_challenge_method=S256",
	    page, strchr(page, '?') ? '&' : '?', encode_percent(a, client),
	    encode_percent(a, config->callback_url),
	    encode_percent(a, OAUTH_SCOPE), state,
	    digest_pkce_challenge(a, pending->verifier));
}

enum err oauth_start(
    struct app *app, int64_t account, const char **url, const char **state)
{
	struct pending pending = { .account = account };

	TRY(mock_mode_is_on(app, &pending.mock));
	if (!pending.mock && !app->config.client_id)
		return fail_with(app, ERR_NOT_CONFIGURED);
	pending.verifier = random_token(app->arena, 32);
	*state = random_token(app->arena, 32);
	TRY(store_state(app, *state, &pending));
	*url = authorize_url(app, &pending, *state);
	return OK;
}

/* Takes the state out of the database: whoever deletes the row may use it. */
static enum err take_state(struct app *app, const char *state,
    struct pending *pending, struct oauth_linked *linked)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;
	int64_t made = 0;

	TRY(db_prepare(&q, &app->db,
	    "DELETE FROM oauth_state WHERE state = $1"
	    " RETURNING code_verifier, created_at, account_id, mock"));
	db_bind_text(&q, 1, state);
	TRY(db_step(&q, &row));
	if (!row)
		return oauth_refuse_state(app, state, linked);
	pending->verifier = db_text(&q, 0);
	pending->account = db_int(&q, 2);
	pending->mock = db_int(&q, 3) != 0;

	const char *created = db_text(&q, 1);

	TRY(db_step(&q, &row)); /* to the end, or it is not committed */
	if (!clock_parse(str_of(created), &made) ||
	    made + OAUTH_STATE_SECONDS < clock_now())
		return fail_with(app, ERR_EXPIRED_STATE);
	return OK;
}

static enum err check_return(struct app *app, const struct oauth_return *back)
{
	if (back->error) {
		bool denied = strcmp(back->error, "access_denied") == 0;

		enum err err =
		    denied ? ERR_ACCESS_DENIED : ERR_AUTHORIZE_FAILED;

		fail_with(app, err);
		fault_reason(&app->fault, back->error_description
					      ? back->error_description
					      : back->error);
		return err;
	}
	if (!back->code)
		return fail_with(app, ERR_MISSING_CODE);
	return OK;
}

/* For the caller, every failure to get tokens is a failure of X. */
static enum err refused(struct app *app, const struct x_call *code)
{
	struct x_call told = *code;

	if (err_status(code->err) != 502)
		told.err = ERR_X_UNAVAILABLE;
	return app_fail_x(app, &told);
}

static enum err link(struct app *app, struct x *x,
    const struct oauth_return *back, const struct pending *pending,
    struct oauth_linked *linked)
{
	struct x_call code = { .kind = X_CODE,
		.code = back->code,
		.verifier = pending->verifier };

	x_run(x, &code);
	if (code.err != OK)
		return refused(app, &code);

	struct x_call me = { .kind = X_ME, .token = code.tokens.access };
	struct account_grant grant = { .tokens = &code.tokens,
		.mock = pending->mock,
		.only = pending->account };

	x_run(x, &me);
	if (me.err == OK) {
		grant.x_user_id = me.id;
		grant.username = me.username;
	} else {
		LOG_CAUSE("users/me failed after the code was exchanged: %s",
		    me.words);
	}
	TRY(account_link(app, &grant, &linked->id, &linked->username));
	linked->unnamed = me.err != OK;
	if (keep_used(app, back->state, linked->id) != OK) /* it is linked */
		LOG_CAUSE("a used state: %s", app->fault.words);
	return OK;
}

enum err oauth_finish(struct app *app, const struct oauth_return *back,
    struct oauth_linked *linked)
{
	SCOPED(x) x = { 0 };
	struct pending pending = { 0 };
	bool mock = false;

	if (!back->state)
		return fail_with(app, ERR_MISSING_STATE);
	TRY(take_state(app, back->state, &pending, linked));
	TRY(check_return(app, back));
	TRY(mock_mode_is_on(app, &mock));
	if (mock != pending.mock)
		return fail(app, ERR_MOCK_MISMATCH,
		    "mock mode was switched while this link was open");
	TRY(app_open_x(app, mock, &x));
	return link(app, &x, back, &pending, linked);
}

enum err oauth_mock_state(struct app *app, const char *state, bool *good)
{
	SCOPED(db_query) q = { 0 };
	char oldest[CLOCK_TEXT];

	oldest_good(oldest);
	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM oauth_state"
	    " WHERE state = $1 AND mock = 1 AND created_at >= $2"));
	db_bind_text(&q, 1, state);
	db_bind_text(&q, 2, oldest);
	return db_step(&q, good);
}
