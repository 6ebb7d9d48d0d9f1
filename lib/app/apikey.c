/* apikey.c - who may call. */
#include "app/apikey.h"

#include <string.h>

#include "crypto/digest.h"
#include "store/kv.h"

#define SETTINGS_KEY "api_key_of_settings"

/* Puts the settings' key into the table. The row that the settings put there
 * before stops working; rows that others made stay. */
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
	    " ON CONFLICT(key_hash) DO UPDATE SET is_active = 1"));
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

/* The hash that the settings put here last, and the id of the active key that
 * has HASH (0: none has); one statement, for every request asks this. */
static enum err look_up(
    struct app *app, const char *hash, const char **settings, int64_t *id)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT (SELECT value FROM kv WHERE name = $1), (SELECT id"
	    " FROM api_key WHERE key_hash = $2 AND is_active = 1)"));
	db_bind_text(&q, 1, SETTINGS_KEY);
	db_bind_text(&q, 2, hash);
	TRY(db_step(&q, &row));
	*settings = db_text(&q, 0);
	*id = db_int(&q, 1);
	return OK;
}

enum err apikey_check(struct app *app, const char *key)
{
	const char *own = digest_sha256_hex(app->arena, app->config.api_key);
	const char *hash = key ? digest_sha256_hex(app->arena, key) : "";
	const char *settings = NULL;

	TRY(look_up(app, hash, &settings, &app->key_id));
	if (!settings || strcmp(settings, own) != 0) {
		TRY(adopt(app, own));
		TRY(look_up(app, hash, &settings, &app->key_id));
	}
	return app->key_id ? OK
			   : fail(app, ERR_INVALID_API_KEY, "Invalid API key");
}
