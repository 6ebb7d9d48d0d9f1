/*
 * spawn.c - runs another program with given input and a time limit.
 *
 * It uses posix_spawn and no shell, so no character of an argument has a
 * special meaning. The program leads a process group: if it takes too long,
 * whatever it has started is killed with it.
 */
#include "watch/spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum { PAUSE_MS = 10 };

struct program {
	pid_t pid;
	int input; /* our end of its input */
	int64_t until_ms;
};

static enum err open_pipe(struct app *app, int ends[2])
{
	if (pipe(ends) != 0)
		return fail(app, ERR_SYSTEM, "cannot create a pipe: %s",
		    strerror(errno));
	for (int i = 0; i < 2; i++)
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	return OK;
}

static int prepare(
    posix_spawnattr_t *attr, posix_spawn_file_actions_t *files, int input)
{
	sigset_t none, all;
	int error = 0;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setpgroup(attr, 0);
	posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
					   POSIX_SPAWN_SETSIGDEF |
					   POSIX_SPAWN_SETPGROUP);
	error = posix_spawn_file_actions_adddup2(files, input, STDIN_FILENO);
	for (int fd = STDOUT_FILENO; !error && fd <= STDERR_FILENO; fd++)
		error = posix_spawn_file_actions_addopen(
		    files, fd, "/dev/null", O_WRONLY, 0);
	return error;
}

static enum err start(struct app *app, const char *const *argv, int input,
    struct program *program)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
			     "/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	char *const env[] = { path, locale, NULL };
	posix_spawnattr_t attr;
	posix_spawn_file_actions_t files;
	size_t count = 0;

	assert(argv[0]);
	while (argv[count])
		count++;

	char **copies = arena_array(app->arena, count + 1, sizeof(*copies));

	for (size_t i = 0; i < count; i++)
		copies[i] = arena_text(app->arena, argv[i]);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_init(&files);

	int error = prepare(&attr, &files, input);

	if (!error)
		error = posix_spawn(
		    &program->pid, argv[0], &files, &attr, copies, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return error ? fail(app, ERR_SYSTEM, "cannot run %s: %s", argv[0],
			   strerror(error))
		     : OK;
}

static int left_ms(const struct program *program)
{
	int64_t left = program->until_ms - clock_mono_ms();

	return left < 0 ? 0 : (int)left;
}

/* Writes TEXT until the deadline; false if not all of it was read. */
static bool feed(struct program *program, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		struct pollfd ready = { program->input, POLLOUT, 0 };
		int found = poll(&ready, 1, left_ms(program));

		if (found == 0 || (found < 0 && errno != EINTR))
			return false;

		ssize_t n = found < 0 ? 0 : write(program->input, text, left);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
	return true;
}

/* Waits for the program to end and kills it at the deadline; false if that was
 * necessary. */
static bool ends(struct program *program, int *status)
{
	while (waitpid(program->pid, status, WNOHANG) == 0) {
		if (left_ms(program) == 0) {
			kill(-program->pid, SIGKILL);
			waitpid(program->pid, status, 0);
			return false;
		}
		poll(NULL, 0, PAUSE_MS);
	}
	return true;
}

enum err spawn_feed(struct app *app, const char *const *argv, const char *input,
    int64_t seconds)
{
	struct program program = { .until_ms =
				       clock_mono_ms() + seconds * 1000 };
	int pipes[2];
	int status = -1;

	signal(SIGCHLD,
	    SIG_DFL); /* if ignored, waitpid would not give the status */
	TRY(open_pipe(app, pipes));
	program.input = pipes[1];

	enum err err = start(app, argv, pipes[0], &program);

	close(pipes[0]);
	if (err != OK) {
		close(pipes[1]);
		return err;
	}

	bool fed = feed(&program, input);

	close(pipes[1]);
	if (!ends(&program, &status))
		return fail(app, ERR_SYSTEM, "%s took more than %d seconds",
		    argv[0], (int)seconds);
	if (WIFSIGNALED(status))
		return fail(app, ERR_SYSTEM, "%s was ended by signal %d",
		    argv[0], WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return fail(app, ERR_SYSTEM, "%s exited with %d", argv[0],
		    WEXITSTATUS(status));
	return fed ? OK
		   : fail(app, ERR_SYSTEM, "%s did not read the whole mail",
			 argv[0]);
}
