/* key.c - the API keys that people make: each for what it may be used for. */
#include "app/key.h"

#include <inttypes.h>
#include <string.h>

#include "app/apikey.h"
#include "app/confine.h"
#include "app/event.h"
#include "app/scope.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/digest.h"

/* Marks a key as one, for people and for programs that look for secrets. */
#define PREFIX "tm_"
enum { SECRET_BYTES = 32 };

#define IS_ADMIN                                   \
	"(account_ids IS NULL AND (scopes IS NULL" \
	" OR ' ' || scopes || ' ' LIKE '% admin %'))"
#define COLUMNS                                                       \
	"id, name, scopes, created_at, expires_at, last_used_on,"     \
	" CASE WHEN " APIKEY_WORKS " THEN 1 ELSE 0 END, account_ids," \
	" revoked_at"

/* As the column has it: their names with a blank between two. */
static const char *scopes_text(struct arena *a, const char *const *scopes)
{
	struct buf text = buf_make(a, 256);

	for (size_t i = 0; scope_names[i]; i++) {
		for (size_t j = 0; scopes[j]; j++) {
			if (strcmp(scopes[j], scope_names[i]) != 0)
				continue;
			buf_text(&text, text.n ? " " : "");
			buf_text(&text, scope_names[i]);
			break;
		}
	}
	return buf_cstr(&text);
}

static void add_accounts(cJSON *json, const struct confine *accounts)
{
	if (!accounts) {
		json_add_null(json, "account_ids");
		return;
	}

	cJSON *ids = json_add(json, "account_ids", json_array());

	for (size_t i = 0; i < accounts->count; i++)
		json_push_int(ids, accounts->ids[i]);
}

static cJSON *key_json(struct db_query *q)
{
	const struct confine *accounts =
	    confine_read(q->db->arena, db_peek(q, 7));
	unsigned scopes = scopes_read(db_peek(q, 2));
	cJSON *json = json_object();

	json_add_int(json, "id", db_int(q, 0));
	json_add_text(json, "name", db_peek(q, 1));
	json_add(json, "scopes",
	    scopes_json(accounts ? scopes_confined(scopes) : scopes));
	add_accounts(json, accounts);
	json_add_time(json, "created_at", db_peek(q, 3));
	json_add_time(json, "expires_at", db_peek(q, 4));
	json_add_text(json, "last_used_on", db_peek(q, 5));
	json_add_bool(json, "is_active", db_int(q, 6) != 0);
	json_add_time(json, "revoked_at", db_peek(q, 8));
	return json;
}

enum err key_get(struct app *app, int64_t id, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now(), now);
	TRY(db_prepare(
	    &q, &app->db, "SELECT " COLUMNS " FROM api_key WHERE id = $2"));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_KEY_NOT_FOUND);
	*out = key_json(&q);
	return OK;
}

static enum err count(struct app *app, int64_t *total)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db, "SELECT count(*) FROM api_key"));
	TRY(db_step(&q, &row));
	*total = db_int(&q, 0);
	return OK;
}

enum err key_list(struct app *app, int64_t before, int64_t limit, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	cJSON *keys = json_array();
	char now[CLOCK_TEXT];
	int64_t last = 0;
	int64_t total = 0;
	bool row = false;

	TRY(count(app, &total));
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT " COLUMNS " FROM api_key WHERE ($2 = 0 OR id < $2)"
	    " ORDER BY id DESC LIMIT $3 + 1"));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, before);
	db_bind_int(&q, 3, limit);
	TRY(db_step(&q, &row));
	for (int64_t n = 0; row && n < limit; n++) {
		last = db_int(&q, 0);
		json_push(keys, key_json(&q));
		TRY(db_step(&q, &row));
	}
	*out = json_object();
	json_add(*out, "keys", keys);
	json_add_int(*out, "total", total);
	json_add_text(*out, "next_cursor",
	    row ? arena_printf(app->arena, "%" PRId64, last) : NULL);
	return OK;
}

/* ---- accounts ------------------------------------------------------------ */

/* What a key, which exists, is confined to, and its scopes as they are
 * stored. */
static enum err read_stored(struct app *app, int64_t id,
    const struct confine **accounts, const char **scopes)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT account_ids, scopes FROM api_key WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	*accounts = confine_read(app->arena, db_peek(&q, 0));
	*scopes = db_text(&q, 1);
	return OK;
}

/* The first of ACCOUNTS that does not exist and is not among BEFORE; 0: none.
 * Ids of accounts that were deleted stay in keys: no other gets them. */
static enum err find_unknown(struct app *app, const struct confine *accounts,
    const struct confine *before, int64_t *unknown)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT value FROM json_each($1) WHERE value NOT IN"
	    " (SELECT id FROM twitter_account) AND value NOT IN"
	    " (SELECT value FROM json_each($2)) LIMIT 1"));
	db_bind_text(&q, 1, accounts->json);
	db_bind_text(&q, 2, before ? before->json : "[]");
	TRY(db_step(&q, &row));
	*unknown = row ? db_int(&q, 0) : 0;
	return OK;
}

static enum err refuse(
    struct app *app, struct key_fault *fault, const char *words)
{
	fault->words = words;
	return fail(app, ERR_INVALID_INPUT, "account_ids: %s", words);
}

/* A key with all rights makes other keys and links accounts: confined, it could
 * give itself what it lacks. */
static enum err check_rights(struct app *app, const char *scopes,
    const struct confine *accounts, struct key_fault *fault)
{
	if (!accounts || !(scopes_read(scopes) & SCOPE_ADMIN))
		return OK;
	return refuse(app, fault,
	    "must be null for a key with the scope admin, which stands for"
	    " everything");
}

/* Checks the accounts that were given, and gives them as they are stored. */
static enum err check_accounts(struct app *app, const int64_t *given,
    const struct confine *before, struct key_fault *fault,
    const struct confine **out)
{
	const struct confine *accounts = confine_make(app->arena, given);
	int64_t unknown = 0;
	size_t n = 0;

	while (given[n])
		n++;
	if (n != accounts->count)
		return refuse(app, fault, "names an account twice");
	TRY(find_unknown(app, accounts, before, &unknown));
	if (unknown)
		return refuse(app, fault,
		    arena_printf(app->arena,
			"names account %" PRId64 ", which does not exist",
			unknown));
	*out = accounts;
	return OK;
}

/* ---- making and changing ------------------------------------------------- */

enum err key_create(struct app *app, const struct key_changes *new,
    struct key_fault *fault, cJSON **out)
{
	const char *scopes = scopes_text(app->arena, new->scopes);
	const struct confine *accounts = NULL;
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	const char *key = arena_printf(
	    app->arena, PREFIX "%s", random_token(app->arena, SECRET_BYTES));
	char expires[CLOCK_TEXT];

	clock_sql(new->expires_at, expires);
	TRY(db_begin(&tx, &app->db));
	if (new->accounts)
		TRY(check_accounts(app, new->accounts, NULL, fault, &accounts));
	TRY(check_rights(app, scopes, accounts, fault));
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO api_key(key_hash, name, scopes, expires_at,"
	    " account_ids) VALUES($1, $2, $3, $4, $5)"));
	db_bind_text(&q, 1, digest_sha256_hex(app->arena, key));
	db_bind_text(&q, 2, new->name);
	db_bind_text(&q, 3, scopes);
	db_bind_text(&q, 4, new->expires_at ? expires : NULL);
	db_bind_text(&q, 5, accounts ? accounts->json : NULL);
	TRY(db_run(&q, NULL));

	int64_t id = db_last_id(&app->db);

	TRY(event_created(app, EVENT_KEY_CREATED, id));
	TRY(key_get(app, id, out));
	json_add_text(*out, "key", key);
	return db_commit(&tx);
}

/* Fails if the key has all rights and no other one that lasts has them. */
static enum err check_not_last(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT (SELECT count(*) FROM api_key WHERE id = $2"
	    " AND " APIKEY_WORKS " AND " IS_ADMIN
	    "), (SELECT count(*) FROM api_key"
	    " WHERE id <> $2 AND is_active = 1 AND revoked_at IS NULL"
	    " AND expires_at IS NULL AND " IS_ADMIN ")"));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, id);
	TRY(db_step(&q, &row));
	if (db_int(&q, 0) && !db_int(&q, 1))
		return fail_with(app, ERR_LAST_ADMIN_KEY);
	return OK;
}

/* The accounts of a key after the change, as far as they are allowed with the
 * rights that it has then (SCOPES; NULL: those it had). */
static enum err change_accounts(struct app *app, int64_t id,
    const struct key_changes *changes, const char *scopes,
    struct key_fault *fault, const struct confine **out)
{
	const struct confine *before = NULL;
	const char *scopes_before = NULL;

	TRY(read_stored(app, id, &before, &scopes_before));
	*out = changes->new_accounts ? NULL : before;
	if (changes->accounts)
		TRY(check_accounts(app, changes->accounts, before, fault, out));
	return check_rights(app, scopes ? scopes : scopes_before, *out, fault);
}

enum err key_change(struct app *app, int64_t id,
    const struct key_changes *changes, struct key_fault *fault, cJSON **out)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	const char *scopes =
	    changes->scopes ? scopes_text(app->arena, changes->scopes) : NULL;
	const struct confine *accounts = NULL;
	char expires[CLOCK_TEXT];

	clock_sql(changes->expires_at, expires);
	TRY(db_begin(&tx, &app->db));
	TRY(key_get(app, id, out));
	TRY(change_accounts(app, id, changes, scopes, fault, &accounts));
	if ((scopes && !(scopes_read(scopes) & SCOPE_ADMIN)) ||
	    (changes->new_expiry && changes->expires_at))
		TRY(check_not_last(app, id));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE api_key SET name = coalesce($2, name),"
	    " scopes = coalesce($3, scopes),"
	    " expires_at = CASE WHEN $4 <> 0 THEN $5 ELSE expires_at END,"
	    " account_ids = $6 WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, changes->name);
	db_bind_text(&q, 3, scopes);
	db_bind_int(&q, 4, changes->new_expiry);
	db_bind_text(&q, 5, changes->expires_at ? expires : NULL);
	db_bind_text(&q, 6, accounts ? accounts->json : NULL);
	TRY(event_run(app, EVENT_KEY_CHANGED, id, &q, NULL));
	TRY(key_get(app, id, out));
	return db_commit(&tx);
}

enum err key_revoke(struct app *app, int64_t id)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	cJSON *key = NULL;
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_begin(&tx, &app->db));
	TRY(key_get(app, id, &key));
	TRY(check_not_last(app, id));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE api_key SET is_active = 0,"
	    " revoked_at = coalesce(revoked_at, $2) WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, now);
	TRY(event_run(app, EVENT_KEY_REVOKED, id, &q, NULL));
	return db_commit(&tx);
}
