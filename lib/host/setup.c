/*
 * setup.c - the first run for people without a shell.
 *
 * Nothing is stored between two requests: the name of the proof file is
 * computed from the ticket, and once there are keys, nothing here works.
 */
#include "host/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/random.h"
#include "base/str.h"
#include "crypto/digest.h"
#include "host/permissions.h"

#define DOT_PROBE ".twitter-manager-probe"
#define PROBE     "twitter-manager-probe.txt"

enum { TICKET_BYTES = 32, TICKET_LENGTH = 43 };

const char setup_marker[] = "twitter-manager-probe: this file can be read by"
			    " everybody\n";

/* The syntax of Apache 2.4, and that of 2.2. */
static const char closed[] = "# Nothing in here is for the web.\n"
			     "<IfModule mod_authz_core.c>\n"
			     "  Require all denied\n"
			     "</IfModule>\n"
			     "<IfModule !mod_authz_core.c>\n"
			     "  Order deny,allow\n"
			     "  Deny from all\n"
			     "</IfModule>\n";

/* Says, by errno, why we cannot write to FOLDER, and what to do. */
static enum err cannot_write(struct app *app, const char *folder)
{
	int why = errno; /* looking up names changes it */
	const char *group = permissions_group(app->arena, getegid());

	if (why == ENOSPC || why == EDQUOT) {
		fail(
		    app, ERR_DISK_FULL, "there is no space left in %s", folder);
		app->fault.hint = "Free some space on that disk or in"
				  " your quota, then load this page"
				  " again.";
		return ERR_DISK_FULL;
	}
	fail(app, ERR_SYSTEM,
	    "the web server cannot write to the folder %s (%s): it runs"
	    " as %s, group %s",
	    folder, strerror(why), permissions_user(app->arena, geteuid()),
	    group);
	app->fault.hint = arena_printf(app->arena,
	    "With your file manager or FTP program, change the"
	    " permissions of %s: to 775 if it belongs to the group %s,"
	    " else to 777. Then load this page again. Once the keys are"
	    " created, change the permissions back.",
	    folder, group);
	return ERR_SYSTEM;
}

/* Creates PATH with TEXT. A probe left empty by a killed program would hide a
 * problem, so an existing file is checked and, if incomplete, rewritten. With
 * KEEP, an existing file belongs to someone else and is left alone. */
static bool make_file(
    struct arena *a, const char *path, const char *text, bool keep)
{
	const int flags =
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
	size_t n = strlen(text);
	struct str there = { 0 };
	bool known = file_read(a, path, n, &there);

	if (keep ? (known ? there.n > 0 : errno == EFBIG)
		 : known && str_eq(there, text))
		return true;

	int fd = open(path, flags, 0644); /* for a server of another user */
	bool written =
	    fd >= 0 && fchmod(fd, 0644) == 0 && file_write_all(fd, text, n);
	int why = errno;

	if (fd >= 0)
		close(fd);
	if (fd >= 0 && !written)
		(void)unlink(path);
	errno = why;
	return written;
}

static bool has_keys(const struct app *app)
{
	return app->config.api_key && app->config.encryption_key;
}

/* Checks again: ERR_NOT_FOUND if another request has created keys in between;
 * then deletes the probes, which may be this request's. */
static enum err still_none(struct app *app, const struct setup *s)
{
	TRY(config_load(&app->config, app->arena, &app->fault));
	if (!has_keys(app))
		return OK;
	for (size_t i = 0; i < COUNT(s->probes); i++)
		(void)unlink(s->probes[i]);
	return fail(app, ERR_NOT_FOUND,
	    "another request has just created the"
	    " keys");
}

enum err setup_wanted(struct app *app)
{
	if (has_keys(app))
		return fail_with(app, ERR_NOT_FOUND);
	return init_allowed(app);
}

enum err setup_begin(struct app *app, struct setup *s)
{
	struct arena *a = app->arena;
	const char *instance = app->config.instance_dir;

	TRY(setup_wanted(app));
	*s = (struct setup){ .file = init_file(app) };
	s->folder = file_folder(a, s->file);
	s->probes[0] = file_join(a, s->folder, DOT_PROBE);
	s->probes[1] = file_join(a, instance, PROBE);
	if (access(s->folder, W_OK | X_OK) != 0 ||
	    !make_file(a, s->probes[0], setup_marker, false))
		return cannot_write(app, s->folder);
	if (!file_make_folder(a, instance))
		return cannot_write(app, file_folder(a, instance));
	if (!make_file(a, file_join(a, instance, ".htaccess"), closed, true) ||
	    !make_file(a, s->probes[1], setup_marker, false))
		return cannot_write(app, instance);
	return still_none(app, s);
}

const char *setup_ticket(struct arena *a)
{
	return random_token(a, TICKET_BYTES);
}

bool setup_is_ticket(const char *text)
{
	static const char bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-_";

	return text && strlen(text) == TICKET_LENGTH &&
	       strspn(text, bytes) == TICKET_LENGTH;
}

const char *setup_proof(struct arena *a, const char *ticket)
{
	return arena_printf(
	    a, "twitter-manager-%.32s.txt", digest_sha256_hex(a, ticket));
}

static bool is_plain_file(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Left from a visit before there was a .env elsewhere, if any. */
static void clear_home(struct app *app)
{
	const char *home = env_home(app->arena);

	(void)unlink(file_join(app->arena, home, DOT_PROBE));
	(void)unlink(file_join(app->arena, home, "instance/" PROBE));
}

enum err setup_end(struct app *app, const struct setup *s, const char *ticket,
    const char *callback_url, struct init_made *made,
    const char *left[SETUP_PROBES + 2])
{
	const char *name = setup_proof(app->arena, ticket);
	const char *proof = file_join(app->arena, s->folder, name);
	size_t n = 0;

	if (!is_plain_file(proof)) {
		TRY(still_none(app, s));
		return fail(app, ERR_SETUP_UNPROVEN,
		    "the file %s is not in the folder %s yet", name, s->folder);
	}
	TRY(init_keys(app, callback_url, made));
	if (!made->file) {
		TRY(still_none(app, s));
		return fail(
		    app, ERR_SYSTEM, "%s has disappeared again", s->file);
	}

	const char *const gone[] = { proof, s->probes[0], s->probes[1] };

	for (size_t i = 0; i < COUNT(gone); i++) {
		if (unlink(gone[i]) != 0 && errno != ENOENT)
			left[n++] = gone[i];
	}
	left[n] = NULL;
	clear_home(app);
	return OK;
}

bool setup_is_guest(const struct setup *s)
{
	struct stat st;

	return stat(s->folder, &st) == 0 && st.st_uid != geteuid();
}

bool setup_is_open(const struct setup *s)
{
	struct stat st;

	return stat(s->folder, &st) == 0 && (st.st_mode & 022);
}
