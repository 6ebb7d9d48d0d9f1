/* doctor_files.c - checks settings, permissions and free space. */
#include <dirent.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/env.h"
#include "base/file.h"
#include "base/version.h"
#include "host/doctor_check.h"
#include "host/permissions.h"

/* ---- settings ------------------------------------------------------------ */

static struct doctor_says settings_fault(struct doctor *d)
{
	const struct fault *f = &d->app->fault;

	if (f->err == ERR_CONFIG_MISSING)
		return doctor_say(d, DOCTOR_FAIL,
		    arena_printf(d->a,
			"Create a .env with new keys, or set"
			" TWITTER_MANAGER_ENV to its path:\n"
			"    %s init",
			permissions_tool(d->a)),
		    "%s", f->words);
	return doctor_say(d, DOCTOR_FAIL, f->hint ? f->hint : err_hint(f->err),
	    "%s", f->words);
}

struct doctor_says doctor_settings(struct doctor *d)
{
	struct app *app = d->app;

	app->fault = d->settings;
	if (d->configured != OK)
		return settings_fault(d);
	if (config_keys(&app->config, &app->fault) != OK ||
	    keyring_open(&app->keyring, d->a, app->config.encryption_key,
		&app->fault) != OK)
		return settings_fault(d);
	if (!app->config.env_file)
		return doctor_say(d, DOCTOR_OK, NULL,
		    "there is no .env; all settings come from the"
		    " environment");
	return doctor_say(
	    d, DOCTOR_OK, NULL, "%s is valid", app->config.env_file);
}

/* ---- permissions --------------------------------------------------------- */

/* Whether every user can reach the folder of PATH. */
static bool reachable(struct arena *a, const char *path)
{
	struct stat st;

	do {
		path = file_folder(a, path);
		if (stat(path, &st) != 0 || !(st.st_mode & S_IXOTH))
			return false;
	} while (strcmp(path, "/") != 0 && strcmp(path, ".") != 0);
	return true;
}

struct doctor_says doctor_user(struct doctor *d)
{
	struct app *app = d->app;
	const char *folder = app->config.instance_dir;
	const char *me = permissions_user(d->a, geteuid());
	struct stat st;
	const char *path = permissions_denied(app, &st);

	if (path && st.st_uid != geteuid())
		return doctor_say(d, DOCTOR_FAIL,
		    permissions_advice(app, &st, "tick"),
		    "%s belongs to %s; this is %s, who may not use it", path,
		    permissions_user(d->a, st.st_uid), me);
	if (path)
		return doctor_say(d, DOCTOR_FAIL,
		    arena_printf(
			d->a, "    chmod u+rwX %s", encode_shell(d->a, path)),
		    "%s cannot use its own %s", me, path);
	if (!folder)
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "the place of the files is not"
		    " known");
	if (stat(folder, &st) != 0)
		return doctor_say(d, DOCTOR_OK, NULL,
		    "%s does not exist yet; the first request or tick"
		    " creates it",
		    folder);

	const char *owner = permissions_user(d->a, st.st_uid);

	if (geteuid() != 0 && geteuid() != st.st_uid &&
	    !app->config.shared_group)
		return doctor_say(d, DOCTOR_FAIL,
		    permissions_advice(app, &st, "tick"),
		    "%s belongs to %s; files that this user, %s, creates"
		    " in it would lock out %s",
		    folder, owner, me, owner);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the files belong to %s; this is %s%s", owner, me,
	    app->config.shared_group ? "; the group shares them" : "");
}

/* Which permissions of the .env are too wide; NULL: none. */
static const char *too_open(
    struct doctor *d, const struct stat *st, enum doctor_status *status)
{
	*status = DOCTOR_WARN;
	if ((st->st_mode & S_IRWXO) && reachable(d->a, d->app->config.env_file))
		*status = DOCTOR_FAIL;
	if (st->st_mode & S_IRWXO)
		return *status == DOCTOR_FAIL
			   ? "can be read by every user of this machine"
			   : "would be open to all users if a folder"
			     " above it were";
	if ((st->st_mode & S_IRWXG) && !d->app->config.shared_group)
		return "is open to its group";
	return NULL;
}

struct doctor_says doctor_env_file(struct doctor *d)
{
	const struct config *config = &d->app->config;
	const char *file = config->env_file;
	enum doctor_status status = DOCTOR_OK;
	struct stat st, folder;

	if (!file || stat(file, &st) != 0)
		return doctor_say(d, DOCTOR_SKIP, NULL, "there is no .env");

	const char *name = encode_shell(d->a, file);
	bool others = config->instance_dir &&
		      stat(config->instance_dir, &folder) == 0 &&
		      folder.st_uid != st.st_uid && folder.st_uid != 0;

	if (others && !permissions_allow(folder.st_uid, &st, 4))
		return doctor_say(d, DOCTOR_FAIL,
		    arena_printf(d->a,
			"Let that user read it, as root:\n"
			"    chgrp %s %s\n"
			"    chmod 0640 %s",
			permissions_group(d->a, folder.st_gid), name, name),
		    "%s belongs to %s, and %s, to whom the instance folder"
		    " belongs, cannot read it",
		    file, permissions_user(d->a, st.st_uid),
		    permissions_user(d->a, folder.st_uid));

	const char *wrong = too_open(d, &st, &status);
	bool needed = others && !(st.st_mode & (S_IWGRP | S_IRWXO));

	if (wrong && !needed)
		return doctor_say(d, status,
		    arena_printf(d->a, "    chmod %s %s",
			config->shared_group || others ? "0640" : "0600", name),
		    "%s %s", file, wrong);
	return doctor_say(d, DOCTOR_OK, NULL, "%s has the mode %04o", file,
	    (unsigned)(st.st_mode & 07777));
}

/* ---- the instance folder ------------------------------------------------- */

enum flaw { FOREIGN, NOT_SHARED, OTHER_GROUP, READABLE, LOOSE, FLAWS };

static const struct {
	enum doctor_status status;
	const char *words;
} flaws[] = {
	[FOREIGN] = { DOCTOR_FAIL, "belong to another user than the folder" },
	[NOT_SHARED] = { DOCTOR_FAIL, "are not open to the group,"
				      " although SHARED_GROUP is set" },
	[OTHER_GROUP] = { DOCTOR_FAIL, "belong to another group than the"
				       " folder" },
	[READABLE] = { DOCTOR_FAIL, "can be read by every user" },
	[LOOSE] = { DOCTOR_WARN, "are open to more users than necessary" },
};
_Static_assert(COUNT(flaws) == FLAWS, "a flaw without its words");

struct folder {
	struct folder *next;
	const char *path;
	bool open; /* every user can reach it */
};

struct walk {
	struct doctor *d;
	struct stat top;
	struct folder *waiting;
	size_t seen;
	size_t counts[FLAWS];
	const char *first[FLAWS];
};

static void note(struct walk *w, enum flaw flaw, const char *path)
{
	if (!w->counts[flaw]++)
		w->first[flaw] = path;
}

static void look_at(
    struct walk *w, const char *path, const struct stat *st, bool open)
{
	bool shared = w->d->app->config.shared_group;
	bool folder = S_ISDIR(st->st_mode);
	mode_t wanted = folder ? S_IRWXG | S_ISGID : S_IRGRP | S_IWGRP;

	w->seen++;
	if (!shared && st->st_uid != w->top.st_uid)
		note(w, FOREIGN, path);
	if (shared && (st->st_mode & wanted) != wanted)
		note(w, NOT_SHARED, path);
	if (shared && st->st_gid != w->top.st_gid)
		note(w, OTHER_GROUP, path);
	if (open && !folder && (st->st_mode & S_IRWXO))
		note(w, READABLE, path);
	else if (st->st_mode & (S_IRWXO | (shared ? 0U : S_IRWXG)))
		note(w, LOOSE, path);
}

static void add_folder(
    struct walk *w, const char *path, const struct stat *st, bool open)
{
	struct folder *folder = arena_new(w->d->a, struct folder);

	folder->path = path;
	folder->open = open && (st->st_mode & S_IXOTH);
	folder->next = w->waiting;
	w->waiting = folder;
}

/* The .htaccess from setup must be readable for the web server's user. */
static bool passed_over(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	       strcmp(name, ".htaccess") == 0;
}

static void walk_folder(struct walk *w, const struct folder *folder)
{
	enum { MOST = 20000 }; /* entries; that is enough to tell */
	DIR *dir = opendir(folder->path);
	const struct dirent *e = dir ? readdir(dir) : NULL;

	for (; e && w->seen < MOST; e = readdir(dir)) {
		const char *path;
		struct stat st;

		if (passed_over(e->d_name))
			continue;
		path = file_join(w->d->a, folder->path, e->d_name);
		if (lstat(path, &st) != 0 || S_ISLNK(st.st_mode))
			continue;
		look_at(w, path, &st, folder->open);
		if (S_ISDIR(st.st_mode))
			add_folder(w, path, &st, folder->open);
	}
	if (dir)
		closedir(dir);
}

static const char *flaw_hint(struct walk *w)
{
	struct app *app = w->d->app;
	struct arena *a = w->d->a;
	const char *folder = encode_shell(a, app->config.instance_dir);
	const char *group = permissions_group(a, w->top.st_gid);

	if (w->counts[NOT_SHARED] || w->counts[OTHER_GROUP])
		return arena_printf(a,
		    "As root, with the group that both users are in:\n%s",
		    permissions_share(app, group));
	if (w->counts[FOREIGN])
		return arena_printf(a,
		    "As root:\n"
		    "    chown -R %s:%s %s\n"
		    "    chmod -R u+rwX,go= %s\n"
		    "If %s is not the web server's user, use that user"
		    " instead.",
		    permissions_user(a, w->top.st_uid), group, folder, folder,
		    permissions_user(a, w->top.st_uid));
	return arena_printf(a, "    chmod -R %s %s",
	    app->config.shared_group ? "o=" : "u+rwX,go=", folder);
}

struct doctor_says doctor_files(struct doctor *d)
{
	struct walk w = { .d = d };
	const char *path = d->app->config.instance_dir;
	struct doctor_says says = { DOCTOR_OK, NULL, NULL };
	struct buf detail = buf_make(d->a, 64 * 1024);

	if (!path || stat(path, &w.top) != 0)
		return doctor_say(
		    d, DOCTOR_SKIP, NULL, "there is no instance folder yet");
	look_at(&w, path, &w.top, false);
	add_folder(&w, path, &w.top, reachable(d->a, path));
	while (w.waiting) {
		const struct folder *folder = w.waiting;

		w.waiting = folder->next;
		walk_folder(&w, folder);
	}
	for (size_t i = 0; i < FLAWS; i++) {
		if (!w.counts[i])
			continue;
		if (says.status != DOCTOR_FAIL)
			says.status = flaws[i].status;
		buf_printf(&detail, "%s%zu of %zu files and folders %s (%s)",
		    detail.n ? "; " : "", w.counts[i], w.seen, flaws[i].words,
		    w.first[i]);
	}
	if (says.status == DOCTOR_OK)
		buf_printf(&detail, "%zu files and folders in %s are %s",
		    w.seen, path,
		    d->app->config.shared_group ? "for the group only"
						: "for their owner only");
	else
		says.hint = flaw_hint(&w);
	says.detail = buf_cstr(&detail);
	return says;
}

/* ---- programs and free space --------------------------------------------- */

/* The first archives had a loader and libraries of their own, and unpacking a
 * newer one over such leaves them. How to remove them; NULL: there are none. */
static const char *leftovers(struct arena *a, const char *private)
{
	const char *programs = file_join(a, private, "programs");

	if (access(programs, F_OK) != 0)
		return NULL;
	return arena_printf(a, "    rm -r %s %s/lib/*.so*",
	    encode_shell(a, programs), encode_shell(a, private));
}

struct doctor_says doctor_programs(struct doctor *d)
{
	const char *program = env_program(d->a);
	const char *env_file = d->app->config.env_file;
	const char *private = env_private(d->a);
	const char *removing = private ? leftovers(d->a, private) : NULL;
	const char *const paths[] = { program ? file_folder(d->a, program)
					      : NULL,
		program, private, private ? file_folder(d->a, private) : NULL,
		env_file ? file_folder(d->a, env_file) : NULL };
	struct stat st;

	for (size_t i = 0; i < COUNT(paths); i++) {
		if (!paths[i] || stat(paths[i], &st) != 0 ||
		    !(st.st_mode & S_IWOTH))
			continue;
		return doctor_say(d, DOCTOR_WARN,
		    arena_printf(
			d->a, "    chmod o-w %s", encode_shell(d->a, paths[i])),
		    "every user can write to %s and could replace our"
		    " programs",
		    paths[i]);
	}
	if (removing)
		return doctor_say(d, DOCTOR_WARN, removing,
		    "the libraries and the loader of an older version are still"
		    " in %s, and no program uses them",
		    private);
	return doctor_say(d, DOCTOR_OK, NULL, "not every user can write to %s",
	    paths[0] ? paths[0] : "the folder of the programs");
}

struct doctor_says doctor_libraries(struct doctor *d)
{
	int64_t days = version_days(libraries_day, clock_now());

	if (!libraries_day[0])
		return doctor_say(d, DOCTOR_OK, NULL,
		    "the libraries are this system's, which keeps them up to"
		    " date");
	if (version_is_old(days))
		return doctor_say(d, DOCTOR_WARN,
		    "Unpack a newer archive over this one. \"make dist\" makes"
		    " one with the newest libraries.",
		    "the libraries in the programs are %" PRId64 " days old"
		    " and may lack security updates",
		    days);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the libraries in the programs were the newest on %s",
	    libraries_day);
}

struct doctor_says doctor_space(struct doctor *d)
{
	enum { MIB = 1024 * 1024, FAIL_MIB = 10, WARN_MIB = 100 };
	struct statvfs fs;
	struct stat st;
	const char *path = d->app->config.instance_dir;

	if (!path)
		return doctor_say(
		    d, DOCTOR_SKIP, NULL, "where the files are is not known");
	path = permissions_nearest(d->a, path, &st);
	if (statvfs(path, &fs) != 0)
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "the file system of %s does not say how much space"
		    " is free",
		    path);

	uint64_t mib = (uint64_t)fs.f_bavail * fs.f_frsize / MIB;
	const char *hint = "Free some space on that disk; logs are kept"
			   " for LOG_RETENTION_DAYS.";

	if (fs.f_files && !fs.f_favail)
		return doctor_say(d, DOCTOR_FAIL,
		    "Delete files from that file system.",
		    "no more files can be created where %s is (no inodes"
		    " are left)",
		    path);
	if (mib < WARN_MIB)
		return doctor_say(d, mib < FAIL_MIB ? DOCTOR_FAIL : DOCTOR_WARN,
		    hint, "only %" PRIu64 " MiB are free where %s is", mib,
		    path);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "%" PRIu64 " MiB are free where %s is", mib, path);
}
