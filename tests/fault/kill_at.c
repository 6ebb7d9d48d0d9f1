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
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
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
	int64_t steps;        /* so far */
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

/* The text at ADDRESS of the program's memory, a page of it at the most. */
static bool read_path(struct trace *t, uint64_t address)
{
	enum { PAGE = 4096 };
	char memory[64];
	size_t size = PAGE - address % PAGE;

	snprintf(memory, sizeof(memory), "/proc/%d/mem", (int)t->pid);

	int fd = open(memory, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : pread(fd, t->what, size - 1, (off_t)address);

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return false;
	t->what[n] = '\0';
	return below(t, t->what);
}

/* Whether the call that is being entered is one of ours; t->what says of what.
 */
static bool touches(
    struct trace *t, const struct row *row, const uint64_t *args)
{
	switch (row->clue) {
	case BY_FD:
		return read_fd(t, args[0]);
	case BY_FIFTH:
		return read_fd(t, args[4]);
	case BY_PATH:
		return read_path(t, args[0]);
	case BY_SECOND_PATH:
		return read_path(t, args[1]);
	}
	return false;
}

static const struct row *row_of(uint64_t number)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		if ((uint64_t)rows[i].number == number)
			return &rows[i];
	}
	return NULL;
}

static void count_step(struct trace *t, const char *side, const char *name)
{
	t->steps++;
	if (t->log)
		fprintf(t->log, "%s %s %s\n", side, name, t->what);
	if (t->steps == t->step)
		kill(t->pid, t->signal);
}

/* The program has stopped at one side of a system call. */
static void on_call(struct trace *t)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(info), &info) < 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		uint64_t args[6];

		for (size_t i = 0; i < COUNT(args); i++)
			args[i] = info.entry.args[i];
		t->in = row_of(info.entry.nr);
		if (t->in && !touches(t, t->in, args))
			t->in = NULL;
		if (t->in)
			count_step(t, "enter", t->in->name);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && t->in) {
		count_step(t, "leave", t->in->name);
		t->in = NULL;
	}
}

/* Follows the program to its end; its exit status, as a shell has it. */
static int follow(struct trace *t)
{
	enum { CALL = SIGTRAP | 0x80 }; /* by PTRACE_O_TRACESYSGOOD */
	int status = 0;
	long pass = 0;

	for (;;) {
		if (waitpid(t->pid, &status, 0) < 0)
			die("waitpid: %s", strerror(errno));
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		pass = 0;
		if (WSTOPSIG(status) == CALL)
			on_call(t);
		else if (WSTOPSIG(status) != SIGTRAP) /* not the execve's */
			pass = WSTOPSIG(status);
		/* fails where it has been killed: waitpid will tell */
		ptrace(PTRACE_SYSCALL, t->pid, NULL, pass);
	}
}

static pid_t start(char **command)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execv(command[0], command);
		_exit(EX_UNAVAILABLE);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
		die("cannot start %s", command[0]);
	ptrace(PTRACE_SETOPTIONS, pid, NULL, options);
	ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
	return pid;
}

static int64_t number(const char *text, int64_t max)
{
	int64_t n = 0;

	if (!str_int64(str_of(text), 0, max, &n))
		die("no number: %s", text);
	return n;
}

int main(int argc, char **argv)
{
	struct trace t = { .signal = SIGKILL };
	int option;

	while ((option = getopt(argc, argv, "+s:o:")) != -1) {
		if (option == 's')
			t.signal = (int)number(optarg, SIGRTMIN);
		else if (option == 'o' && !t.log)
			t.log = fopen(optarg, "we");
		else
			return EX_USAGE;
	}
	if (argc - optind < 3) {
		fputs("usage: kill_at [-s SIGNAL] [-o FILE] FOLDER STEP"
		      " PROGRAM [ARGUMENT...]\n",
		    stderr);
		return EX_USAGE;
	}
	t.folder = argv[optind];
	t.step = number(argv[optind + 1], INT64_MAX);
	t.pid = start(argv + optind + 2);

	int status = follow(&t);

	if (t.log && fclose(t.log) != 0)
		die("the log could not be written");
	return status;
}
