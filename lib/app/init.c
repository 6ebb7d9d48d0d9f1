/* init.c - a first .env, with new keys. */
#include "app/init.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/random.h"

static enum err has_tokens(struct app *app, bool *has)
{
	SCOPED(db_query) q = { 0 };

	*has = false;
	if (access(app->config.database, F_OK) != 0)
		return OK;
	TRY(db_open(&app->db, app->config.database, app->arena, &app->fault));
	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM twitter_account WHERE access_token <> ''"));
	return db_step(&q, has);
}

static const char *target(struct app *app)
{
	const char *named = env_process("TWITTER_MANAGER_ENV");

	if (app->config.env_file)
		return app->config.env_file;
	return named ? named : ".env";
}

static enum err append(struct app *app, const char *file, const char *text)
{
	bool made = false;
	int fd = file_open_append(file, &made);

	/* a last line without its end must not swallow the first new one */
	if (fd < 0 || !file_write_all(fd, "\n", made ? 0 : 1) ||
	    !file_write_all(fd, text, strlen(text)) || fsync(fd) != 0) {
		enum err err =
		    fail(app, errno == ENOSPC ? ERR_DISK_FULL : ERR_SYSTEM,
			"cannot write %s: %s", file, strerror(errno));

		if (fd >= 0)
			close(fd);
		return err;
	}
	close(fd);
	return OK;
}

enum err init_keys(struct app *app, const char **file)
{
	struct config *config = &app->config;
	struct buf text = buf_make(app->arena, 4096);
	bool tokens = false;

	*file = NULL;
	if (config->api_key && config->encryption_key)
		return OK;
	if (!config->encryption_key) {
		TRY(has_tokens(app, &tokens));
		if (tokens)
			return fail(app, ERR_CONFIG_INVALID,
			    "%s has accounts whose tokens a new ENCRYPTION_KEY"
			    " would not open: put back the one that sealed"
			    " them",
			    config->database);
	}
	buf_text(&text, "# Settings of Twitter Manager; .env.example explains"
			" them all.\n");
	if (!config->api_key)
		buf_printf(&text, "API_KEY=%s\n", random_token(app->arena, 32));
	if (!config->encryption_key)
		buf_printf(
		    &text, "ENCRYPTION_KEY=%s\n", keyring_new_key(app->arena));
	TRY(append(app, target(app), buf_cstr(&text)));
	*file = target(app);
	return OK;
}
