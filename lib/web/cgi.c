/*
 * cgi.c - the life of a CGI program: limits, request, route, authentication,
 * handler, reply.
 *
 * Nothing that a server passes on is relied on: descriptors, signals, umask and
 * limits are set here, and the command line is ignored, since some servers put
 * the query there.
 */
#include "web/cgi.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/env.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "web/authenticate.h"
#include "web/error.h"
#include "web/params.h"
#include "web/request.h"
#include "web/response.h"
#include "web/tag.h"

enum {
	MEMORY_MAX = 64 * 1024 * 1024, /* one request's arena */
	DATA_MAX = 512 * 1024 * 1024,  /* the whole process, OpenSSL included */
	SECONDS_MAX = 25               /* the strictest server kills after 30 */
};

static volatile sig_atomic_t stop;

/* The reply when nothing else is possible; may be sent from a signal
 * handler. */
static void last_words(enum err err, const char *words)
{
	static const char first[] =
	    "Status: 500 Internal Server Error\r\n"
	    "Content-Type: application/json; charset=utf-8\r\n"
	    "X-Request-Id: ";
	static const char second[] = "\r\nCache-Control: no-store\r\n"
				     "X-Content-Type-Options: nosniff\r\n\r\n"
				     "{\"error\":\"";
	const char *const parts[] = { first, log_request_id(), second, words,
		"\",\"code\":\"", err_name(err),
		"\",\"retryable\":", err_retryable(err) ? "true" : "false",
		",\"request_id\":\"", log_request_id(), "\"}" };
	char reply[1024];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(parts); i++) {
		for (const char *p = parts[i]; *p && n < sizeof(reply); p++)
			reply[n++] = *p;
	}
	if (write(STDOUT_FILENO, reply, n) < 0)
		_exit(EX_IOERR);
}

static void on_alarm(int number)
{
	(void)number;
	last_words(ERR_OUT_OF_TIME, "this took too long and was stopped");
	_exit(EX_TEMPFAIL);
}

static void on_term(int number)
{
	(void)number;
	stop = 1;
}

static void on_second_death(const char *words)
{
	(void)words; /* for the log; the reply is already sent */
}

static void on_death(const char *words)
{
	struct arena a = arena_make(1024 * 1024);

	last_words(ERR_INTERNAL, "this program reached a limit and"
				 " stopped");
	die_hook(on_second_death);
	json_arena(&a); /* the request's own arena may be full */
	LOG_CAUSE("%s", words);
}

static void set_signal(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

static void set_signals(void)
{
	static const int inherited[] = { SIGCHLD, SIGINT, SIGQUIT, SIGHUP,
		SIGXFSZ, SIGUSR1, SIGUSR2 };
	sigset_t none;

	for (size_t i = 0; i < COUNT(inherited); i++)
		set_signal(inherited[i], SIG_DFL);
	set_signal(SIGPIPE, SIG_IGN);
	set_signal(SIGALRM, on_alarm);
	set_signal(SIGTERM, on_term);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void set_limits(void)
{
	const struct rlimit no_core = { 0, 0 };
	const struct rlimit data = { DATA_MAX, DATA_MAX };

	umask(077);
	setrlimit(RLIMIT_CORE, &no_core);
	if (ARENA_CHUNK) /* sanitizers map terabytes */
		setrlimit(RLIMIT_DATA, &data);
	alarm(SECONDS_MAX);
}

/* If descriptor 0, 1 or 2 were closed, the next file we open would get it.
 * Those above belong to the server and must not reach programs that we
 * start. */
static void set_descriptors(void)
{
	int fd = open("/dev/null", O_RDWR);

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDWR);
	file_close_from(STDERR_FILENO + 1);
}

/* In CGI, HTTP_PROXY is the client's header "Proxy" and not a setting. */
static void clean_environment(void)
{
	static const char *const names[] = { "HTTP_PROXY", "http_proxy",
		"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
		"no_proxy", "NO_PROXY", "ftp_proxy", "FTP_PROXY" };

	for (size_t i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
}

/* Executes the program of that name in this program's folder, which then finds
 * the environment and body as the server passed them. Returns only if that
 * fails. */
static enum err hand_over(struct call *c, const char *neighbour)
{
	const char *own = env_program(c->arena);
	const char *slash = own ? strrchr(own, '/') : NULL;

	if (!slash)
		return fail(c->app, ERR_SYSTEM,
		    "the system does not say where this program is");

	char *file = arena_printf(
	    c->arena, "%.*s/%s", (int)(slash - own), own, neighbour);
	char *argv[] = { file, NULL };

	execv(file, argv);
	return fail(c->app, ERR_SYSTEM, "cannot start %s: %s", neighbour,
	    strerror(errno));
}

static enum err answer(struct call *c, const struct route *routes, size_t count,
    enum err configured)
{
	cJSON *body = NULL;

	TRY(request_read(c));
	TRY(route_find(c, routes, count));
	if (!c->route) { /* OPTIONS */
		c->response.status = 204;
		c->response.content_type = "application/json; charset=utf-8";
		return OK;
	}
	if (c->route->neighbour)
		return hand_over(c, c->route->neighbour);
	if (c->route->scopes != SCOPE_OPEN || (c->route->flags & ROUTE_PAGE))
		TRY(configured);
	TRY(authenticate(c));
	if (c->route->method != METHOD_GET)
		TRY(request_body(c, &body));
	TRY(params_read(c, body));
	if (c->request.method == METHOD_HEAD && c->route->flags & ROUTE_ACTS) {
		route_answer_head(c);
		return OK;
	}
	return tag_run(c);
}

int cgi_main(const struct route *routes, size_t count)
{
	SCOPED(arena) arena = arena_make(MEMORY_MAX);
	SCOPED(app) app = { 0 };
	struct call c = { .app = &app, .arena = &arena };

	c.started_ms = clock_mono_ms();
	if (!env_process("REQUEST_METHOD")) {
		fputs("This is a CGI program: a web server runs it.\n", stderr);
		return EX_USAGE;
	}
	set_descriptors();
	set_signals();
	set_limits();
	clean_environment();
	die_hook(on_death);

	const char *id = request_given_id();
	enum err configured =
	    app_open(&app, &arena, id ? id : random_token(&arena, 12));
	struct fault unreadable = app.fault;

	app.stop = &stop;
	enum err err = answer(&c, routes, count, configured);

	if (err != OK && err == configured)
		app.fault = unreadable;
	request_drain(&c);
	if (err != OK)
		response_error(&c, err);
	/* From here on only this code writes the reply; if nobody reads it, the
	 * alarm ends the process silently. */
	set_signal(SIGALRM, SIG_DFL);
	response_send(&c);
	db_tidy(&app.db);
	if (ARENA_CHUNK) /* the kernel frees faster; debug finds leaks */
		_exit(EX_OK);
	return EX_OK;
}
