/* torture.c - makes one call of a kind fail, put before libc and SQLite by
 * LD_PRELOAD.
 *
 * The file that TORTURE_FILE names is mapped, so that a test sees what was
 * counted even of a process that was killed. It holds three int64 of this
 * machine's: which kind of call (below), which of them fails (from 1; below 0:
 * that one and all that follow), and how many there have been. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The same order as in tests/torture/faults.mjs. */
enum kind {
	ON_NOTHING,
	ON_ALLOCATION,
	ON_SQLITE,   /* a call of SQLite fails and has done nothing */
	ON_ROLLBACK, /* it fails, and SQLite has rolled back */
	ON_WRITE,    /* a write, a sync, a new length */
	ON_DISK,     /* the same, but not of standard output */
	ON_SYSTEM    /* opening, reading, locking, mapping a file */
};

struct plan {
	int64_t kind;
	int64_t which;
	int64_t count;
};

extern char **environ;

static struct plan *plan; /* NULL: nothing fails */
static bool looked;       /* for it */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static struct plan *open_plan(void)
{
	static const char name[] = "TORTURE_FILE=";

	for (char **at = environ; at && *at; at++) {
		size_t n = 0;

		while (name[n] && (*at)[n] == name[n])
			n++;
		if (name[n])
			continue;

		long fd = syscall(
		    SYS_openat, AT_FDCWD, *at + n, O_RDWR | O_CLOEXEC, 0);
		long p = syscall(SYS_mmap, NULL, sizeof(struct plan),
		    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		syscall(SYS_close, fd);
		return p == -1 ? NULL : (struct plan *)(uintptr_t)p;
	}
	return NULL;
}

/* Whether this call, of that kind, fails. */
static bool strikes(enum kind kind)
{
	if (!looked && environ)
		plan = open_plan();
	looked = environ != NULL;
	if (!plan || plan->kind != kind)
		return false;
	plan->count++;
	return plan->which < 0 ? plan->count >= -plan->which
			       : plan->count == plan->which;
}

static bool fails(enum kind kind, int fault)
{
	if (!strikes(kind))
		return false;
	errno = fault;
	return true;
}

/* ---- memory -------------------------------------------------------------- */

void *malloc(size_t size)
{
	return fails(ON_ALLOCATION, ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(ON_ALLOCATION, ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
	return fails(ON_ALLOCATION, ENOMEM) ? NULL : __libc_realloc(p, size);
}

/* ---- SQLite -------------------------------------------------------------- */

/* The next function of that name in the order of loading. */
#define NEXT(type, name) ((type)(uintptr_t)dlsym(RTLD_NEXT, name))

typedef int exec_fn(sqlite3 *db, const char *sql,
    int (*row)(void *, int, char **, char **), void *data, char **words);
typedef int prepare_fn(sqlite3 *db, const char *sql, int bytes,
    sqlite3_stmt **statement, const char **tail);
typedef int step_fn(sqlite3_stmt *statement);
typedef int open_fn(const char *path, sqlite3 **db, int flags, const char *vfs);
typedef int checkpoint_fn(
    sqlite3 *db, const char *name, int mode, int *log, int *done);

/* How many calls of SQLite we are in: those that it makes itself never fail. */
static int depth;

static int leave(int result)
{
	depth--;
	return result;
}

/* Enters a call; what it fails with, and then it is left again; 0: it does not
 * fail. What SQLite rolls back by itself is at
 * www.sqlite.org/lang_transaction.html, 3. */
static int enter(sqlite3 *db)
{
	static const int faults[] = { SQLITE_NOMEM, SQLITE_BUSY, SQLITE_IOERR,
		SQLITE_FULL };
	static unsigned count;
	int fault = SQLITE_OK;

	if (depth++ == 0 && (strikes(ON_SQLITE) || strikes(ON_ROLLBACK)))
		fault = faults[count % (sizeof(faults) / sizeof(faults[0]))];
	if (depth == 1)
		count++;
	if (!fault)
		return SQLITE_OK;
	if (plan->kind == ON_ROLLBACK && !sqlite3_get_autocommit(db))
		NEXT(exec_fn *, "sqlite3_exec")
	(db, "ROLLBACK", NULL, NULL, NULL);
	return leave(fault);
}

int sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs)
{
	open_fn *next = NEXT(open_fn *, "sqlite3_open_v2");
	int result = next(path, db, flags, vfs);

	return result == SQLITE_OK && strikes(ON_SQLITE) ? SQLITE_CANTOPEN
							 : result;
}

int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int bytes,
    sqlite3_stmt **statement, const char **tail)
{
	prepare_fn *next = NEXT(prepare_fn *, "sqlite3_prepare_v2");
	int fault = enter(db);

	*statement = NULL;
	return fault ? fault : leave(next(db, sql, bytes, statement, tail));
}

int sqlite3_step(sqlite3_stmt *statement)
{
	step_fn *next = NEXT(step_fn *, "sqlite3_step");
	int fault = enter(sqlite3_db_handle(statement));

	return fault ? fault : leave(next(statement));
}

int sqlite3_exec(sqlite3 *db, const char *sql,
    int (*row)(void *, int, char **, char **), void *data, char **words)
{
	exec_fn *next = NEXT(exec_fn *, "sqlite3_exec");
	int fault = enter(db);

	return fault ? fault : leave(next(db, sql, row, data, words));
}

int sqlite3_wal_checkpoint_v2(
    sqlite3 *db, const char *name, int mode, int *log, int *done)
{
	checkpoint_fn *next =
	    NEXT(checkpoint_fn *, "sqlite3_wal_checkpoint_v2");
	int fault = enter(db);

	return fault ? fault : leave(next(db, name, mode, log, done));
}

/* ---- files: what is written ---------------------------------------------- */

static bool fails_to_write(int fd, int fault)
{
	return fails(ON_WRITE, fault) ||
	       (fd > STDERR_FILENO && fails(ON_DISK, fault));
}

ssize_t write(int fd, const void *p, size_t n)
{
	return fails_to_write(fd, ENOSPC) ? -1 : syscall(SYS_write, fd, p, n);
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
	return fails_to_write(fd, ENOSPC)
		   ? -1
		   : syscall(SYS_writev, fd, pieces, count);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return fails_to_write(fd, ENOSPC) ? -1
					  : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite(fd, p, n, at);
}

int ftruncate(int fd, off_t n)
{
	return fails_to_write(fd, EIO) ? -1
				       : (int)syscall(SYS_ftruncate, fd, n);
}

int ftruncate64(int fd, off_t n)
{
	return ftruncate(fd, n);
}

int fsync(int fd)
{
	return fails_to_write(fd, EIO) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return fails_to_write(fd, EIO) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

/* ---- files: all else ----------------------------------------------------- */

static int open_at(int folder, const char *path, int flags, mode_t mode)
{
	return fails(ON_SYSTEM, EMFILE)
		   ? -1
		   : (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* The mode behind FLAGS, if there is one. */
#define MODE(flags, mode)                                   \
	do {                                                \
		va_list args;                               \
                                                            \
		va_start(args, flags);                      \
		if ((flags) & (O_CREAT | O_TMPFILE))        \
			(mode) = (mode_t)va_arg(args, int); \
		va_end(args);                               \
	} while (0)

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE(flags, mode);
	return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE(flags, mode);
	return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE(flags, mode);
	return open_at(folder, path, flags, mode);
}

ssize_t read(int fd, void *p, size_t n)
{
	return fails(ON_SYSTEM, EIO) ? -1 : syscall(SYS_read, fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	return fails(ON_SYSTEM, EIO) ? -1 : syscall(SYS_pread64, fd, p, n, at);
}

ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
	return pread(fd, p, n, at);
}

/* Locks can be refused; giving one back always works. */
static bool is_refused(int command, const struct flock *lock)
{
	return (command == F_SETLK || command == F_SETLKW) &&
	       lock->l_type != F_UNLCK && fails(ON_SYSTEM, ENOLCK);
}

static int control(int fd, int command, void *argument)
{
	if (is_refused(command, argument))
		return -1;
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

int fcntl(int fd, int command, ...)
{
	va_list args;

	va_start(args, command);

	void *argument = va_arg(args, void *);

	va_end(args);
	return control(fd, command, argument);
}

int fcntl64(int fd, int command, ...)
{
	va_list args;

	va_start(args, command);

	void *argument = va_arg(args, void *);

	va_end(args);
	return control(fd, command, argument);
}

static void *map(void *at, size_t n, int how, int flags, int fd, off_t from)
{
	if (fd >= 0 && fails(ON_SYSTEM, ENOMEM))
		return MAP_FAILED;
	return (void *)(uintptr_t)syscall(
	    SYS_mmap, at, n, how, flags, fd, from);
}

void *mmap(void *at, size_t n, int how, int flags, int fd, off_t from)
{
	return map(at, n, how, flags, fd, from);
}

void *mmap64(void *at, size_t n, int how, int flags, int fd, off_t from)
{
	return map(at, n, how, flags, fd, from);
}
