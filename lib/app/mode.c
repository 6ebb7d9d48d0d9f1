/* mode.c - mock mode: nothing goes to X. */
#include "app/mode.h"

#include "store/kv.h"

enum err mode_mock(struct app *app, bool *on)
{
	const char *value = NULL;

	TRY(kv_find(&app->db, "mock_mode", &value));
	*on = value ? value[0] == '1' : app->config.mock_mode;
	return OK;
}

enum err mode_set_mock(struct app *app, bool on)
{
	if (!on && !app->config.client_id)
		return fail(app, ERR_APP_MISSING,
		    "mock mode stays on: no X app is set");
	return kv_set(&app->db, "mock_mode", on ? "1" : "0");
}
