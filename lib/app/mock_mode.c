/* mock_mode.c - whether mock mode is on: then nothing is sent to X. */
#include "app/mock_mode.h"

#include "app/event.h"
#include "store/kv.h"

enum err mock_mode_is_on(struct app *app, bool *on)
{
	const char *value = NULL;

	TRY(kv_find(&app->db, "mock_mode", &value));
	*on = value ? value[0] == '1' : app->config.mock_mode;
	return OK;
}

enum err mock_mode_set(struct app *app, bool on)
{
	if (!on && !app->config.client_id)
		return fail_with(app, ERR_APP_MISSING);

	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO kv(name, value) VALUES('mock_mode', $1)"
	    " ON CONFLICT(name) DO UPDATE SET value = $1"));
	db_bind_text(&q, 1, on ? "1" : "0");
	TRY(event_run(app, EVENT_MOCK_MODE_CHANGED, 0, &q, NULL));
	return db_commit(&tx);
}
