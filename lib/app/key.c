/* key.c - the API keys that people make: each for what it may be used for. */
#include "app/key.h"

#include <inttypes.h>
#include <string.h>

#include "app/apikey.h"
#include "app/scope.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/digest.h"

/* Marks a key as one, for people and for programs that look for secrets. */
#define PREFIX "tm_"
enum { SECRET_BYTES = 32 };

#define IS_ADMIN "(scopes IS NULL OR ' ' || scopes || ' ' LIKE '% admin %')"
#define COLUMNS                                                   \
	"id, name, scopes, created_at, expires_at, last_used_on," \
	" CASE WHEN " APIKEY_WORKS " THEN 1 ELSE 0 END"

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

static cJSON *key_json(struct db_query *q)
{
	cJSON *json = json_object();

	json_add_int(json, "id", db_int(q, 0));
	json_add_text(json, "name", db_peek(q, 1));
	json_add(json, "scopes", scopes_json(scopes_read(db_peek(q, 2))));
	json_add_null(json, "account_ids");
	json_add_time(json, "created_at", db_peek(q, 3));
	json_add_time(json, "expires_at", db_peek(q, 4));
	json_add_text(json, "last_used_on", db_peek(q, 5));
	json_add_bool(json, "is_active", db_int(q, 6) != 0);
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

enum err key_create(struct app *app, const struct key_changes *new, cJSON **out)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	const char *key = arena_printf(
	    app->arena, PREFIX "%s", random_token(app->arena, SECRET_BYTES));
	char expires[CLOCK_TEXT];

	clock_sql(new->expires_at, expires);
	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO api_key(key_hash, name, scopes, expires_at)"
	    " VALUES($1, $2, $3, $4)"));
	db_bind_text(&q, 1, digest_sha256_hex(app->arena, key));
	db_bind_text(&q, 2, new->name);
	db_bind_text(&q, 3, scopes_text(app->arena, new->scopes));
	db_bind_text(&q, 4, new->expires_at ? expires : NULL);
	TRY(db_run(&q, NULL));
	TRY(key_get(app, db_last_id(&app->db), out));
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

enum err key_change(
    struct app *app, int64_t id, const struct key_changes *changes, cJSON **out)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	const char *scopes =
	    changes->scopes ? scopes_text(app->arena, changes->scopes) : NULL;
	char expires[CLOCK_TEXT];

	clock_sql(changes->expires_at, expires);
	TRY(db_begin(&tx, &app->db));
	TRY(key_get(app, id, out));
	if ((scopes && !(scopes_read(scopes) & SCOPE_ADMIN)) ||
	    (changes->new_expiry && changes->expires_at))
		TRY(check_not_last(app, id));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE api_key SET name = coalesce($2, name),"
	    " scopes = coalesce($3, scopes),"
	    " expires_at = CASE WHEN $4 <> 0 THEN $5 ELSE expires_at END"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, changes->name);
	db_bind_text(&q, 3, scopes);
	db_bind_int(&q, 4, changes->new_expiry);
	db_bind_text(&q, 5, changes->expires_at ? expires : NULL);
	TRY(db_run(&q, NULL));
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
	TRY(db_run(&q, NULL));
	return db_commit(&tx);
}
