/* mock_mode.c - whether mock mode is on: then nothing is sent to X. */
#include "app/mock_mode.h"

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
	return kv_set(&app->db, "mock_mode", on ? "1" : "0");
}
