/* kill_at.c - runs a program and kills it at a given step.
 *
 *     kill_at [-s SIGNAL] [-o FILE] FOLDER STEP PROGRAM [ARGUMENT...]
 *
 * A step is the entry into, or the return from, a system call that touches the
 * network or a file below FOLDER. At step number STEP (from 1; 0: never) the
 * program gets SIGNAL (9): SIGKILL at an entry means that the call is not made
 * any more. FILE gets a line for each step, "enter NAME WHAT" or "leave NAME
 * WHAT", WHAT being "socket" or the file's name. Ends as the program did, with
 * 128 + the signal's number if one has ended it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/die.h"
#include "base/str.h"

/* How a call tells what it touches. */
enum clue {
	BY_FD,         /* its first argument is a descriptor */
	BY_FIFTH,      /* its fifth is (mmap) */
	BY_PATH,       /* its first argument is a path */
	BY_SECOND_PATH /* its second is (openat) */
};

static const struct row {
	const char *name;
	long number;
	enum clue clue;
} rows[] = {
	{ "connect", SYS_connect, BY_FD },
	{ "sendto", SYS_sendto, BY_FD },
	{ "sendmsg", SYS_sendmsg, BY_FD },
	{ "sendmmsg", SYS_sendmmsg, BY_FD },
	{ "recvfrom", SYS_recvfrom, BY_FD },
	{ "recvmsg", SYS_recvmsg, BY_FD },
	{ "shutdown", SYS_shutdown, BY_FD },
	{ "read", SYS_read, BY_FD },
	{ "readv", SYS_readv, BY_FD },
	{ "pread64", SYS_pread64, BY_FD },
	{ "write", SYS_write, BY_FD },
	{ "writev", SYS_writev, BY_FD },
	{ "pwrite64", SYS_pwrite64, BY_FD },
	{ "fsync", SYS_fsync, BY_FD },
	{ "fdatasync", SYS_fdatasync, BY_FD },
	{ "ftruncate", SYS_ftruncate, BY_FD },
	{ "fallocate", SYS_fallocate, BY_FD },
	{ "fcntl", SYS_fcntl, BY_FD },
	{ "flock", SYS_flock, BY_FD },
	{ "close", SYS_close, BY_FD },
	{ "mmap", SYS_mmap, BY_FIFTH },
	{ "unlink", SYS_unlink, BY_PATH },
	{ "rename", SYS_rename, BY_PATH },
	{ "mkdir", SYS_mkdir, BY_PATH },
	{ "openat", SYS_openat, BY_SECOND_PATH },
	{ "unlinkat", SYS_unlinkat, BY_SECOND_PATH },
};

struct trace {
	pid_t pid;
	const char *folder;
	int64_t step; /* to send the signal at */
	int signal;
	FILE *log;
	int64_t steps;       /* so far */
	const struct row *in; /* the call that the program is in, if any */
	char what[PATH_MAX];
};

static bool below(const struct trace *t, const char *path)
{
	return strncmp(path, t->folder, strlen(t->folder)) == 0;
}

static bool read_fd(struct trace *t, uint64_t fd)
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)t->pid, (int)fd);

	ssize_t n = readlink(link, t->what, sizeof(t->what) - 1);

	if (n < 0)
		return false;
	t->what[n] = '\0';
	if (strncmp(t->what, "socket:", 7) == 0) {
		t->what[6] = '\0';
		return true;
	}
	return below(t, t->what);
}

static bool read_path(struct trace *t, uint64_t address)
{
	struct iovec to = { t->what, sizeof(t->what) - 1 };
	struct iovec from = { NULL, sizeof(t->what) - 1 };

	/* a page at a time, since the next may not be there */
	memcpy(&from.iov_base, &address, sizeof(from.iov_base));
	to.iov_len = from.iov_len = 4096 - address % 4096 < sizeof(t->what) - 1
					? 4096 - address % 4096
					: sizeof(t->what) - 1;

	ssize_t n = process_vm_readv(t->pid, &to, 1, &from, 1, 0);

	if (n < 0)
		return false;
	t->what[n] = '\0';
	return below(t, t->what);
}
