/* http_tool.c - does HTTP calls as a script on stdin says, for the tests here.
 *
 *   line TEXT                   a header line for the calls that follow
 *   start METHOD URL MS [BODY]  begins a call that may take MS (0: default)
 *   wait MS                     gathers for MS at most, prints a line a call
 *   run METHOD URL MS [BODY]    does one call and prints its line
 *   stop MS                     sets the stop flag by a signal in MS
 *   sleep MS                    looks away
 *
 * Settings are arguments: ca=FILE proxy=URL connect=MS max=BYTES. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/str.h"
#include "net/http.h"

struct tool {
	struct arena arena;
	struct http http;
	const char *lines[HTTP_LINES];
	size_t line_count;
	size_t reply_max;
	int64_t calls;
};

static volatile sig_atomic_t stop;

static void on_alarm(int signal)
{
	stop = signal;
}

static int64_t number(struct str s)
{
	int64_t n;

	if (!str_int64(s, 0, INT32_MAX, &n))
		die("no number: %.*s", (int)s.n, s.p);
	return n;
}

static void show(const struct http_call *call)
{
	static const char *const outcomes[] = { "unknown", "not_sent",
		"answered" };
	static const char *const names[] = { "date", "Retry-After",
		"x-rate-limit-reset", "x-transaction-id", "content-type",
		"location", "set-cookie", "x-late" };
	cJSON *line = cJSON_CreateObject();
	cJSON *headers = cJSON_AddObjectToObject(line, "headers");
	const int64_t *id = call->context;
	const char *body = call->reply.n ? call->reply.p : "";

	cJSON_AddNumberToObject(line, "id", (double)*id);
	cJSON_AddStringToObject(line, "outcome", outcomes[call->outcome]);
	cJSON_AddNumberToObject(line, "status", (double)call->status);
	cJSON_AddBoolToObject(line, "sent", call->sent);
	cJSON_AddBoolToObject(line, "timed_out", call->timed_out);
	cJSON_AddBoolToObject(line, "too_large", call->too_large);
	cJSON_AddNumberToObject(line, "connects", (double)call->connects);
	cJSON_AddNumberToObject(line, "ms", (double)call->ms);
	cJSON_AddNumberToObject(line, "size", (double)call->reply.n);
	cJSON_AddStringToObject(
	    line, "body", call->reply.n < 1000 ? body : "long");
	if (call->error)
		cJSON_AddStringToObject(line, "error", call->error);
	for (size_t i = 0; i < COUNT(names); i++) {
		const char *value = http_header(call, names[i]);

		if (value)
			cJSON_AddStringToObject(headers, names[i], value);
	}

	char *text = cJSON_PrintUnformatted(line);

	printf("%s\n", text);
	(void)fflush(stdout);
	free(text);
	cJSON_Delete(line);
}

static struct http_call *read_call(struct tool *tool, struct str rest)
{
	struct arena *a = &tool->arena;
	struct http_call *call = arena_new(a, struct http_call);
	int64_t *id = arena_new(a, int64_t);
	struct str method = str_cut(&rest, ' ');
	struct str url = str_cut(&rest, ' ');

	*id = tool->calls++;
	call->arena = a;
	call->context = id;
	call->method = arena_copy(a, method.p, method.n);
	call->url = arena_copy(a, url.p, url.n);
	call->timeout_ms = (int)number(str_cut(&rest, ' '));
	call->reply_max = tool->reply_max;
	memcpy(call->lines, tool->lines, sizeof(call->lines));
	if (rest.p) {
		call->body = arena_copy(a, rest.p, rest.n);
		call->body_n = rest.n;
	}
	return call;
}

static void gather(struct tool *tool, int64_t ms)
{
	int64_t deadline = clock_mono_ms() + ms;

	for (;;) {
		struct http_call *call =
		    http_wait(&tool->http, deadline, stop ? NULL : &stop);

		if (!call)
			break;
		show(call);
	}
	printf("{\"left\":%zu,\"stop\":%s}\n", tool->http.count,
	    stop ? "true" : "false");
	(void)fflush(stdout);
}

static void alarm_in(int64_t ms)
{
	struct itimerval timer = { 0 };

	(void)signal(SIGALRM, on_alarm);
	timer.it_value.tv_sec = ms / 1000;
	timer.it_value.tv_usec = ms % 1000 * 1000;
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void command(struct tool *tool, struct str rest)
{
	struct str word = str_cut(&rest, ' ');

	if (str_eq(word, "line")) {
		tool->lines[tool->line_count++] =
		    arena_copy(&tool->arena, rest.p, rest.n);
	} else if (str_eq(word, "start")) {
		http_start(&tool->http, read_call(tool, rest));
	} else if (str_eq(word, "run")) {
		struct http_call *call = read_call(tool, rest);

		http_run(&tool->http, call);
		show(call);
	} else if (str_eq(word, "wait")) {
		gather(tool, number(rest));
	} else if (str_eq(word, "stop")) {
		alarm_in(number(rest));
	} else if (str_eq(word, "sleep")) {
		int64_t ms = number(rest);
		struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

		nanosleep(&time, NULL);
	} else {
		die("no such command: %.*s", (int)word.n, word.p);
	}
}

static void setting(struct tool *tool, struct http_settings *s, char *arg)
{
	struct str rest = str_of(arg);
	struct str name = str_cut(&rest, '=');

	if (str_eq(name, "ca"))
		s->ca_file = rest.p;
	else if (str_eq(name, "proxy"))
		s->proxy = rest.p;
	else if (str_eq(name, "connect"))
		s->connect_ms = (int)number(rest);
	else if (str_eq(name, "max"))
		tool->reply_max = (size_t)number(rest);
	else
		die("no such setting: %s", arg);
}

int main(int argc, char **argv)
{
	struct http_settings settings = { .user_agent =
					      "twitter-manager/test" };
	struct tool tool = { .arena = arena_make((size_t)1 << 28) };
	struct fault fault = { 0 };
	char *text = NULL;
	size_t size = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	for (int i = 1; i < argc; i++)
		setting(&tool, &settings, argv[i]);
	if (http_open(&tool.http, &tool.arena, &settings, &fault) != OK)
		die("%s", fault.words);
	for (;;) {
		ssize_t n = getline(&text, &size, stdin);

		if (n < 0)
			break;
		command(&tool, (struct str){ .p = text, .n = (size_t)n - 1 });
	}
	free(text);
	http_end(&tool.http);
	arena_end(&tool.arena);
	return 0;
}
