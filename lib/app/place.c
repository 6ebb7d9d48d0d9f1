/*
 * place.c - whether the instance folder is ours alone.
 *
 * Files in a folder of our own need no further look: nobody else can lay, link
 * or replace one there, not those that SQLite opens by itself either. So it is
 * the folder that is looked at, once a process and before anything is opened,
 * and nothing is done in one that others can write to. (Root trusts whom the
 * folder belongs to: its cron works for that user.)
 */
#include "app/place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Whoever owns the settings leads us anywhere anyhow: often the site's owner,
 * whose folder the web server's user may use as one of its group. */
static bool owns_settings(const struct app *app, uid_t owner)
{
	struct stat st;

	return app->config.env_file && stat(app->config.env_file, &st) == 0 &&
	       st.st_uid == owner;
}

static bool is_trusted(const struct app *app, uid_t owner)
{
	uid_t me = geteuid();

	return owner == me || owner == 0 || me == 0 ||
	       app->config.shared_group || owns_settings(app, owner);
}

static enum err refuse(struct app *app, const char *words)
{
	fail(app, ERR_SYSTEM, "%s", words);
	app->fault.hint = "Run `twitter-manager doctor`: it names the folder"
			  " and says how to fix it.";
	return ERR_SYSTEM;
}

enum err place_check(struct app *app, bool *there)
{
	const char *folder = app->config.instance_dir;
	struct stat st;

	*there = lstat(folder, &st) == 0;
	if (*there && S_ISLNK(st.st_mode)) {
		if (!is_trusted(app, st.st_uid))
			return refuse(app,
			    "the link to the instance folder belongs to another"
			    " user, who could lead it elsewhere");
		*there = stat(folder, &st) == 0;
	}
	if (!*there)
		return OK;
	if (st.st_mode & S_IWOTH)
		return refuse(app,
		    "every user of this machine may write to the instance"
		    " folder, so its files cannot be trusted");
	/* if it cannot be used anyway, whoever uses it tells */
	if (!is_trusted(app, st.st_uid) &&
	    faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0)
		return refuse(app,
		    "the instance folder belongs to another user, who could"
		    " replace its files");
	return OK;
}

enum err place_make(struct app *app)
{
	bool there = false;

	TRY(place_check(app, &there));
	if (there || !file_make_folder(app->arena, app->config.instance_dir))
		return OK;
	return place_check(app, &there); /* another user may have been faster */
}
