/* apikey.c - checks API keys against their stored hashes. */
#include "app/apikey.h"

#include <string.h>

#include "app/scope.h"
#include "base/clock.h"
#include "crypto/digest.h"
#include "store/kv.h"

#define SETTINGS_KEY "api_key_of_settings"

/* Stores the key of the settings, which may do everything. The one stored
 * before stops working; rows of other programs stay, and what a person revoked
 * stays revoked. */
static enum err adopt(struct app *app, const char *hash)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) off = { 0 };
	SCOPED(db_query) on = { 0 };
	const char *before = NULL;

	TRY(db_begin(&tx, &app->db));
	TRY(kv_find(&app->db, SETTINGS_KEY, &before));
	if (before && strcmp(before, hash) == 0)
		return OK; /* another process was faster */
	TRY(db_prepare(&off, &app->db,
	    "UPDATE api_key SET is_active = 0 WHERE key_hash = $1"));
	db_bind_text(&off, 1, before);
	TRY(db_run(&off, NULL));
	TRY(db_prepare(&on, &app->db,
	    "INSERT INTO api_key(key_hash) VALUES($1)"
	    " ON CONFLICT(key_hash) DO UPDATE SET scopes = NULL,"
	    " expires_at = NULL,"
	    " is_active = CASE WHEN revoked_at IS NULL THEN 1 ELSE 0 END"));
	db_bind_text(&on, 1, hash);
	TRY(db_run(&on, NULL));
	TRY(kv_set(&app->db, SETTINGS_KEY, hash));
	return db_commit(&tx);
}

bool apikey_plausible(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c >= 0x7F || c == ',')
			return false;
	}
	return s.n > 0 && s.n <= 512;
}

/* What the table says of a key. */
struct found {
	const char *settings; /* the hash of the settings' key, stored last */
	int64_t id;           /* of a key that works; 0: none */
	unsigned scopes;
	const char *used_on;
};

/* One statement, since every request needs it, and so that both parts are of
 * one moment: another process may be adopting a key. */
static enum err look_up(struct app *app, const char *hash, struct found *out)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT (SELECT value FROM kv WHERE name = $2), id, scopes,"
	    " last_used_on FROM (SELECT 1) LEFT JOIN api_key"
	    " ON key_hash = $3 AND " APIKEY_WORKS));
	db_bind_text(&q, 1, now);
	db_bind_text(&q, 2, SETTINGS_KEY);
	db_bind_text(&q, 3, hash);
	TRY(db_step(&q, &row));
	*out = (struct found){ .settings = db_text(&q, 0),
		.id = db_int(&q, 1),
		.scopes = scopes_read(db_peek(&q, 2)),
		.used_on = db_text(&q, 3) };
	return OK;
}

static enum err mark_used(struct app *app, int64_t id, const char *today)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE api_key SET last_used_on = $2 WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, today);
	TRY(db_run(&q, NULL));
	return db_commit(&tx);
}

/* Notes the day on which the key was used last: one write a day. What cannot be
 * noted keeps nobody out. */
static void note_use(struct app *app, const struct found *key)
{
	enum { DATE = 10 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	now[DATE] = '\0';
	if (key->used_on && strcmp(key->used_on, now) == 0)
		return;

	const struct fault before = app->fault;

	if (mark_used(app, key->id, now) != OK)
		app->fault = before;
}

enum err apikey_check(struct app *app, const char *key)
{
	const char *own = digest_sha256_hex(app->arena, app->config.api_key);
	const char *hash = key ? digest_sha256_hex(app->arena, key) : "";
	struct found found;

	TRY(look_up(app, hash, &found));
	if (!found.settings || strcmp(found.settings, own) != 0) {
		TRY(adopt(app, own));
		TRY(look_up(app, hash, &found));
	}
	app->key_id = found.id;
	app->key_scopes = found.id ? found.scopes : 0;
	if (!found.id)
		return fail_with(app, ERR_INVALID_API_KEY);
	note_use(app, &found);
	return OK;
}
