/*
 * permissions.c - checks who owns our files and who may use them.
 *
 * If the web server and a person's shell are two users, the files belong to
 * whichever came first. The other one gets a clear message before SQLite opens
 * the database read-only or creates files that the first cannot use.
 */
#include "host/permissions.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/encode.h"
#include "base/env.h"
#include "base/file.h"

enum { GROUPS_MAX = 256, ENTRY_MAX = 64 * 1024 };

const char *permissions_user(struct arena *a, uid_t uid)
{
	struct passwd entry, *found = NULL;
	char *text = arena_alloc(a, ENTRY_MAX);

	if (getpwuid_r(uid, &entry, text, ENTRY_MAX, &found) == 0 && found)
		return found->pw_name;
	return arena_printf(a, "user %u", (unsigned)uid);
}

const char *permissions_group(struct arena *a, gid_t gid)
{
	struct group entry, *found = NULL;
	char *text = arena_alloc(a, ENTRY_MAX);

	if (getgrgid_r(gid, &entry, text, ENTRY_MAX, &found) == 0 && found)
		return found->gr_name;
	return arena_printf(a, "%u", (unsigned)gid);
}

/* Whether the user is in the group. */
static bool in_group(uid_t uid, gid_t gid)
{
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX;

	if (uid == geteuid()) {
		count = getgroups(GROUPS_MAX, groups);
		if (gid == getegid())
			return true;
	} else {
		struct passwd entry, *found = NULL;
		char text[4096];

		if (getpwuid_r(uid, &entry, text, sizeof(text), &found) != 0 ||
		    !found ||
		    getgrouplist(
			found->pw_name, found->pw_gid, groups, &count) < 0)
			return false;
	}
	for (int i = 0; i < count; i++) {
		if (groups[i] == gid)
			return true;
	}
	return false;
}

bool permissions_allow(uid_t uid, const struct stat *st, mode_t want)
{
	mode_t mode = st->st_mode;

	if (uid == 0)
		return true;
	if (uid == st->st_uid)
		mode >>= 6;
	else if (in_group(uid, st->st_gid))
		mode >>= 3;
	return (mode & want) == want;
}

const char *permissions_nearest(
    struct arena *a, const char *path, struct stat *st)
{
	while (stat(path, st) != 0) {
		const char *above = file_folder(a, path);

		if (strcmp(above, path) == 0) {
			*st = (struct stat){ 0 };
			return path;
		}
		path = above;
	}
	return path;
}

/* Whether this process may not use PATH with MODE. A missing file is not
 * denied, since its folder decides. */
static bool is_denied(
    struct arena *a, const char *path, int mode, struct stat *owner)
{
	if (faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0)
		return false;
	if (errno == ENOENT || errno == ENOTDIR)
		return false;
	if (errno != EACCES && errno != EPERM)
		return false; /* a full or broken disk is reported elsewhere */
	permissions_nearest(a, path, owner);
	return true;
}

const char *permissions_denied(struct app *app, struct stat *st)
{
	static const char *const names[] = { "logs", "twitter_manager.db",
		"twitter_manager.db-wal", "twitter_manager.db-shm",
		"twitter_manager.db-turn", "locks" };
	struct arena *a = app->arena;
	const char *folder = app->config.instance_dir;

	if (app->config.env_file &&
	    is_denied(a, app->config.env_file, R_OK, st))
		return app->config.env_file;
	if (!folder)
		return NULL;

	const char *there = permissions_nearest(a, folder, st);

	if (is_denied(a, folder, R_OK | W_OK | X_OK, st) ||
	    is_denied(a, there, W_OK | X_OK, st))
		return folder;
	for (size_t i = 0; i < COUNT(names); i++) {
		const char *path = file_join(a, folder, names[i]);

		if (is_denied(a, path, R_OK | W_OK, st))
			return path;
	}
	return NULL;
}

const char *permissions_site(struct app *app)
{
	static const char *const tails[] = { "/cgi-bin/auth/callback",
		"/api/v1/auth/callback", "/auth/callback" };
	const char *url = app->config.callback_url;
	size_t n = url ? strlen(url) : 0;

	for (size_t i = 0; i < COUNT(tails); i++) {
		size_t m = strlen(tails[i]);

		if (n > m && strcmp(url + n - m, tails[i]) == 0)
			return arena_copy(app->arena, url, n - m);
	}
	return NULL;
}

const char *permissions_tool(struct arena *a)
{
	const char *tool = env_program(a);

	return encode_shell(a, tool ? tool : "twitter-manager");
}

const char *permissions_share(struct app *app, const char *group)
{
	struct arena *a = app->arena;
	const char *folder = encode_shell(a,
	    app->config.instance_dir ? app->config.instance_dir : "instance");
	struct buf out = buf_make(a, 64 * 1024);

	buf_printf(&out, "    chgrp -R %s %s\n", group, folder);
	buf_printf(&out, "    find %s -type d -exec chmod 2770 {} +\n", folder);
	buf_printf(&out, "    find %s -type f -exec chmod 0660 {} +", folder);
	if (app->config.env_file) {
		const char *file = encode_shell(a, app->config.env_file);

		buf_printf(&out, "\n    chgrp %s %s\n    chmod 0640 %s", group,
		    file, file);
	}
	return buf_cstr(&out);
}

const char *permissions_advice(
    struct app *app, const struct stat *st, const char *command)
{
	struct arena *a = app->arena;
	const char *user = permissions_user(a, st->st_uid);
	const char *site = permissions_site(app);
	struct buf out = buf_make(a, 64 * 1024);

	buf_printf(&out,
	    "Run it as %s:\n"
	    "    sudo -u %s %s %s\n"
	    "or let a web cron fetch the tick:\n"
	    "    curl -fsS -H \"X-API-Key: $API_KEY\" %s/api/v1/tick\n"
	    "or share the files: set SHARED_GROUP=1 in .env, put both users"
	    " into one group, and run as root, with that group for GROUP:\n"
	    "%s",
	    user, user, permissions_tool(a), command,
	    site ? site : "https://YOUR.SITE", permissions_share(app, "GROUP"));
	return buf_cstr(&out);
}

enum err permissions_check(struct app *app, const char *command)
{
	struct stat st;
	const char *path = permissions_denied(app, &st);

	if (!path)
		return OK;

	enum err err = fail(app, ERR_SYSTEM,
	    "%s belongs to %s; this is %s, who may not use it", path,
	    permissions_user(app->arena, st.st_uid),
	    permissions_user(app->arena, geteuid()));

	if (st.st_uid == geteuid())
		app->fault.hint = arena_printf(app->arena,
		    "Its owner has no permission to use it:\n"
		    "    chmod u+rwX %s",
		    encode_shell(app->arena, path));
	else
		app->fault.hint = permissions_advice(app, &st, command);
	return err;
}
