/*
 * init.c - writes a first .env with new keys.
 *
 * The new text is written to a file beside the .env, which is then renamed, so
 * there are complete keys or none, however this program ends. The new file is
 * also the lock: a process that finds it renamed after waiting for it starts
 * over, and then sees the other one's keys.
 */
#include "host/init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/random.h"

enum { ENV_MAX = 64 * 1024 };

static enum err has_tokens(struct app *app, bool *has)
{
	SCOPED(db_query) q = { 0 };

	*has = false;
	if (access(app->config.database, F_OK) != 0)
		return OK;
	if (!app->db.handle)
		TRY(db_open(
		    &app->db, app->config.database, app->arena, &app->fault));
	TRY(db_prepare(&q, &app->db,
	    "SELECT 1 FROM twitter_account WHERE access_token <> ''"));
	return db_step(&q, has);
}

enum err init_allowed(struct app *app)
{
	const char *file = init_file(app);
	struct stat st;
	bool tokens = false;

	if (lstat(file, &st) == 0 && stat(file, &st) != 0)
		return fail(app, ERR_CONFIG_INVALID, "cannot read %s: %s", file,
		    strerror(errno));
	if (app->config.encryption_key)
		return OK;
	TRY(has_tokens(app, &tokens));
	if (!tokens)
		return OK;
	fail(app, ERR_CONFIG_INVALID,
	    "%s has accounts whose tokens a new ENCRYPTION_KEY could not"
	    " decrypt: restore the one that encrypted them",
	    app->config.database);
	app->fault.hint = arena_printf(app->arena,
	    "It is in your copy of .env: restore that as %s. If it is"
	    " lost, move the database elsewhere, set up again and link"
	    " all accounts again.",
	    file);
	return ERR_CONFIG_INVALID;
}

const char *init_file(struct app *app)
{
	const char *named = env_process("TWITTER_MANAGER_ENV");
	const char *folder = app->config.env_folder;
	char whole[PATH_MAX];

	if (app->config.env_file && realpath(app->config.env_file, whole))
		return arena_text(app->arena, whole);
	if (named)
		return named;
	if (!folder || strcmp(folder, ".") == 0)
		return ".env";
	return file_join(app->arena, folder, ".env");
}

static enum err cannot_write(struct app *app, const char *file)
{
	bool full = errno == ENOSPC || errno == EDQUOT;

	return fail(app, full ? ERR_DISK_FULL : ERR_SYSTEM,
	    "cannot write %s: %s", file, strerror(errno));
}

/* Whether PATH names the file of FD. */
static bool same_file(int fd, const char *path)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 && lstat(path, &there) == 0 &&
	       here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

/* Opens and locks PATH, creating it if necessary; -1 with errno. */
static int open_locked(const char *path)
{
	int locked;

	for (;;) {
		int fd = file_open(path, O_RDWR | O_NOFOLLOW, NULL);

		if (fd < 0)
			return -1;
		do
			locked = flock(fd, LOCK_EX);
		while (locked != 0 && errno == EINTR);
		if (locked == 0 && same_file(fd, path))
			return fd;

		int why = errno;

		close(fd);
		errno = why;
		if (locked != 0)
			return -1;
	}
}

/* Reads the present text, with its last line ended, and the mode and owner for
 * the new file, which other users may not read. */
static bool take_over(
    struct app *app, const char *file, int fd, struct buf *text)
{
	struct str old;
	struct stat st;

	if (stat(file, &st) != 0)
		return errno == ENOENT;
	if (!file_read(app->arena, file, ENV_MAX, &old))
		return false;
	buf_add(text, old.p, old.n);
	if (old.n && old.p[old.n - 1] != '\n')
		buf_byte(text, '\n');
	/* root keeps the owner; other users cannot, and need not */
	if (fchown(fd, st.st_uid, st.st_gid) != 0 && geteuid() == 0)
		return false;
	return fchmod(fd, st.st_mode & 0770) == 0;
}

static bool write_anew(int fd, const struct buf *text)
{
	return ftruncate(fd, 0) == 0 && file_write_all(fd, text->p, text->n) &&
	       fsync(fd) == 0;
}

/* Syncs the name, too. Not every file system can. */
static void sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

static const char *new_lines(
    struct app *app, const char *callback_url, struct init_made *made)
{
	const struct config *config = &app->config;
	struct buf text = buf_make(app->arena, 4096);

	buf_text(&text, "# Settings of Twitter Manager; .env.example"
			" explains them all.\n");
	if (!config->api_key) {
		made->api_key = random_token(app->arena, 32);
		buf_printf(&text, "API_KEY=%s\n", made->api_key);
	}
	if (!config->encryption_key)
		buf_printf(
		    &text, "ENCRYPTION_KEY=%s\n", keyring_new_key(app->arena));
	if (callback_url)
		buf_printf(&text, "TWITTER_CALLBACK_URL=%s\n", callback_url);
	return buf_cstr(&text);
}

/* FD is the locked file NEW_FILE. */
static enum err replace(struct app *app, const char *file, const char *new_file,
    int fd, const char *lines)
{
	struct buf text = buf_make(app->arena, (size_t)2 * ENV_MAX);

	if (!take_over(app, file, fd, &text))
		return cannot_write(app, file);
	buf_text(&text, lines);
	if (!write_anew(fd, &text))
		return cannot_write(app, new_file);
	if (rename(new_file, file) != 0)
		return cannot_write(app, file);
	sync_folder(file_folder(app->arena, file));
	return OK;
}

enum err init_keys(
    struct app *app, const char *callback_url, struct init_made *made)
{
	struct config *config = &app->config;

	*made = (struct init_made){ 0 };
	if (config->api_key && config->encryption_key)
		return OK;
	TRY(init_allowed(app));

	const char *file = init_file(app);
	const char *new_file = arena_printf(app->arena, "%s.new", file);
	int fd = open_locked(new_file);

	if (fd < 0)
		return cannot_write(app, new_file);

	enum err err = config_load(config, app->arena, &app->fault);
	bool keys = config->api_key && config->encryption_key;

	if (err == OK && !keys) {
		const char *lines = new_lines(app, callback_url, made);

		err = replace(app, file, new_file, fd, lines);
		if (err == OK) {
			made->file = file;
			made->lines = lines;
		}
	}
	if (!made->file)
		(void)unlink(new_file);
	close(fd);
	return err;
}
