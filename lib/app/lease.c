/*
 * lease.c - lets one process at a time work for an account.
 *
 * A holder's name is "BOOT/SLOT": the id of this boot of this machine, and the
 * random position of a byte in the file `locks` on which the process keeps a
 * record lock as long as it lives. The kernel releases the lock the moment the
 * process dies, however it dies; process ids, in contrast, can be reused,
 * hidden, or belong to another namespace.
 */
#include "app/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"

static const uint64_t slots = UINT64_C(1) << 40;

/* The lock file, opened once in a process: closing any descriptor of a file
 * releases all record locks of the process on it. -1 with errno. */
static int open_locks(struct app *app)
{
	if (!app->locks) {
		const char *path =
		    file_join(app->arena, app->config.instance_dir, "locks");
		int fd = file_open(path, O_RDWR, NULL);

		if (fd < 0)
			return -1;
		app->locks = fd;
	}
	return app->locks;
}

/* The id of this boot of this machine. */
static const char *boot_id(struct app *app)
{
	char id[64] = "";
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, id, 36);

	if (fd >= 0)
		close(fd);
	if (n < 36 && gethostname(id, sizeof(id) - 1) != 0)
		return "unknown";
	return arena_text(app->arena, id);
}

static struct flock record(int64_t slot)
{
	return (struct flock){ .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = (off_t)slot,
		.l_len = 1 };
}

enum err lease_open(struct app *app)
{
	int64_t slot = (int64_t)random_below(slots);
	struct flock lock = record(slot);

	if (app->holder)
		return OK;

	int fd = open_locks(app);

	if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0)
		return fail(app, errno == ENOSPC ? ERR_DISK_FULL : ERR_SYSTEM,
		    "cannot lock the file locks in the instance folder:"
		    " %s",
		    strerror(errno));
	app->holder =
	    arena_printf(app->arena, "%s/%" PRId64, boot_id(app), slot);
	return OK;
}

/* Asks the kernel whether the process that locked SLOT is alive. Our own lock
 * would not show, but nobody asks about that one. */
static bool slot_is_locked(struct app *app, int64_t slot)
{
	struct flock lock = record(slot);
	int fd = open_locks(app);
	bool locked = true; /* if this cannot be told, assume so */

	if (fd < 0)
		return locked;
	if (fcntl(fd, F_GETLK, &lock) == 0)
		locked = lock.l_type != F_UNLCK;
	return locked;
}

bool lease_lives(struct app *app, const char *holder, const char *until)
{
	const char *slash = holder ? strchr(holder, '/') : NULL;
	const char *boot = boot_id(app);
	int64_t slot = 0;
	int64_t end = 0;

	if (!slash)
		return false;
	if (strlen(boot) == (size_t)(slash - holder) &&
	    memcmp(boot, holder, strlen(boot)) == 0 &&
	    str_int64(str_of(slash + 1), 0, (int64_t)slots, &slot))
		return slot_is_locked(app, slot);
	return until && clock_parse(str_of(until), &end) && end > clock_now();
}

/* The live holder of the lease, or NULL. */
static enum err living_holder(
    struct app *app, int64_t account, const char **holder)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	*holder = NULL;
	TRY(db_prepare(&q, &app->db,
	    "SELECT lease_holder, lease_until FROM twitter_account"
	    " WHERE id = $1 AND lease_holder IS NOT NULL"));
	db_bind_int(&q, 1, account);
	TRY(db_step(&q, &row));
	if (!row)
		return OK;

	const char *found = db_text(&q, 0);
	bool ours = app->holder && strcmp(found, app->holder) == 0;

	if (ours || lease_lives(app, found, db_text(&q, 1)))
		*holder = found;
	return OK;
}

enum err lease_take(struct app *app, int64_t account, bool *taken)
{
	SCOPED(db_query) q = { 0 };
	char until[CLOCK_TEXT];
	const char *holder = NULL;
	int64_t changed = 0;

	TRY(living_holder(app, account, &holder));
	*taken = !holder || strcmp(holder, app->holder) == 0;
	if (!*taken)
		return OK;
	clock_sql(clock_now() + LEASE_SECONDS, until);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET lease_holder = $2, lease_until = $3"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, app->holder);
	db_bind_text(&q, 3, until);
	TRY(db_run(&q, &changed));
	*taken = changed == 1; /* the account may be gone */
	return OK;
}

enum err lease_release(struct app *app, int64_t account)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET lease_holder = NULL, lease_until = NULL"
	    " WHERE id = $1 AND lease_holder = $2"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, app->holder);
	return db_run(&q, NULL);
}

enum err lease_held(struct app *app, int64_t account, bool *held)
{
	const char *holder = NULL;

	TRY(living_holder(app, account, &holder));
	*held = holder != NULL;
	return OK;
}

enum err lease_tick(struct app *app, bool *alone)
{
	struct flock lock = record((int64_t)slots); /* after all slots */
	int fd = open_locks(app);

	if (fd < 0)
		return fail(app, ERR_SYSTEM, "cannot open the lock file: %s",
		    strerror(errno));
	*alone = fcntl(fd, F_SETLK, &lock) == 0;
	return OK;
}

bool lease_tick_runs(struct app *app)
{
	struct flock lock = record((int64_t)slots);
	int fd = open_locks(app);

	return fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 &&
	       lock.l_type != F_UNLCK;
}
