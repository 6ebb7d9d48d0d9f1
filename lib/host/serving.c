/*
 * serving.c - remembers where `make run` listens.
 *
 * conf/serve writes "PID HOST PORT" to the instance folder, since PORT may come
 * from the command line, which nothing else remembers.
 */
#include "host/serving.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

enum { NOTE_MAX = 1024 };

/* Whether process PID is the server, and not another process that got the same
 * number. True if the system does not show its name. */
static bool is_server(struct arena *a, int64_t pid)
{
	const char *path = arena_printf(a, "/proc/%" PRId64 "/comm", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char name[64]; /* files in /proc have no size */
	ssize_t n;

	if (fd < 0)
		return kill((pid_t)pid, 0) == 0;
	n = read(fd, name, sizeof(name));
	close(fd);

	struct str rest = { name, n > 0 ? (size_t)n : 0 };

	return str_eq(str_cut(&rest, '\n'), "lighttpd");
}

bool serving_find(struct app *app)
{
	struct config *config = &app->config;
	struct arena *a = app->arena;
	struct str note = { 0 };
	int64_t pid = 0, port = 0;

	if (!config->instance_dir ||
	    !file_read(a, file_join(a, config->instance_dir, "serving"),
		NOTE_MAX, &note))
		return false;

	struct str line = str_cut(&note, '\n');
	struct str number = str_cut(&line, ' ');
	struct str host = str_cut(&line, ' ');

	if (!str_int64(number, 1, INT_MAX, &pid) || !host.n ||
	    !str_int64(line, 1, 65535, &port) || !is_server(a, pid))
		return false;
	config->host = arena_copy(a, host.p, host.n);
	config->port = port;
	if (!config->callback_set)
		config->callback_url = config_callback(a, port);
	return true;
}

const char *serving_site(struct app *app)
{
	static const char *const anywhere[] = { "0.0.0.0", "127.0.0.1",
		"::", "[::]" };
	const char *host = app->config.host;
	bool bare = strchr(host, ':') && host[0] != '[';

	for (size_t i = 0; i < COUNT(anywhere); i++) {
		if (strcmp(host, anywhere[i]) == 0)
			return arena_printf(app->arena, "http://localhost:%d",
			    (int)app->config.port);
	}
	return arena_printf(app->arena, "http://%s%s%s:%d", bare ? "[" : "",
	    host, bare ? "]" : "", (int)app->config.port);
}
