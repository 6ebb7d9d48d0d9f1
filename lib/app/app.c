/* app.c - the settings, database and keys that a process has open. */
#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

enum err app_open(struct app *app, struct arena *a, const char *request_id)
{
	*app = (struct app){ .arena = a, .opened_at = clock_now() };
	json_arena(a);

	enum err err = config_load(&app->config, a, &app->fault);

	if (app->config.shared_group)
		umask(007);
	log_open(app->config.log_folder, (int)app->config.log_retention_days,
	    request_id);
	return err;
}

enum err app_open_store(struct app *app)
{
	if (app->db.handle)
		return OK;
	TRY(config_keys(&app->config, &app->fault));
	TRY(keyring_open(&app->keyring, app->arena, app->config.encryption_key,
	    &app->fault));

	const char *file = app->config.database;
	enum err err = db_open(&app->db, file, app->arena, &app->fault);

	if (err == ERR_DATABASE && !app->fault.hint &&
	    faccessat(AT_FDCWD, file, R_OK | W_OK, AT_EACCESS) != 0 &&
	    errno == EACCES)
		app->fault.hint = "This program's user may not use the file:"
				  " run `twitter-manager doctor`.";
	return err;
}

void app_valid_until(struct app *app, int64_t t)
{
	if (t > app->opened_at && (!app->valid_until || t < app->valid_until))
		app->valid_until = t;
}

void app_valid_until_text(struct app *app, const char *sql_time)
{
	int64_t t = 0;
	char plain[CLOCK_TEXT];

	if (!sql_time)
		return;
	if (clock_parse(str_of(sql_time), &t))
		clock_sql(t, plain);
	if (t && strcmp(plain, sql_time) == 0)
		app_valid_until(app, t);
	else /* SQL compares it as text: valid for this second */
		app_valid_until(app, clock_now() + 1);
}

void app_close_store(struct app *app)
{
	db_end(&app->db);
	keyring_end(&app->keyring);
}

void app_end(struct app *app)
{
	app_close_store(app);
	if (app->locks)
		close(app->locks);
}
