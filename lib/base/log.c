/*
 * log.c - the log: a JSON line an event.
 *
 * A line is one write in append mode, so lines of different processes never
 * mix. Whoever creates a new day's file deletes the old ones: once a day,
 * without cron.
 */
#include "base/log.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"

static const char *const prefixes[] = {
	[LOG_API] = "api-",
	[LOG_X] = "x-",
	[LOG_ERROR] = "error-",
};

static struct {
	const char *folder;
	const char *request_id;
	int keep_days;
	char day[11]; /* of the open files */
	int fd[COUNT(prefixes)];
} log_file = { .request_id = "", .fd = { -1, -1, -1 } };

void log_open(const char *folder, int keep_days, const char *request_id)
{
	log_file.folder = folder;
	log_file.keep_days = keep_days;
	log_file.request_id = request_id;
}

const char *log_request_id(void)
{
	return log_file.request_id;
}

static bool day_after(const char *prefix, const char *name, int64_t *day)
{
	size_t n = strlen(prefix);
	char text[] = "YYYY-MM-DD 00:00:00";

	if (strncmp(name, prefix, n) != 0 || strlen(name) != n + 14 ||
	    strcmp(name + n + 10, ".log") != 0)
		return false;
	memcpy(text, name + n, 10);
	return clock_parse(str_of(text), day);
}

/* The day in a name such as "api-2026-11-22.log", in seconds; false for other
 * names. Access logs are those of `make run`. */
static bool day_of(const char *name, int64_t *day)
{
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		if (day_after(prefixes[i], name, day))
			return true;
	}
	return day_after("access-", name, day);
}

int log_prune(void)
{
	int gone = 0;
	DIR *dir = log_file.folder ? opendir(log_file.folder) : NULL;
	int64_t today = clock_now() / 86400 * 86400;
	int64_t oldest = today - (int64_t)log_file.keep_days * 86400;

	if (!dir)
		return 0;
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		int64_t day = 0;

		if (day_of(e->d_name, &day) && day < oldest &&
		    unlinkat(dirfd(dir), e->d_name, 0) == 0)
			gone++;
	}
	closedir(dir);
	return gone;
}

/* Closes yesterday's files in a process that runs past midnight. */
static void turn_day(const char *now)
{
	if (memcmp(log_file.day, now, 10) == 0)
		return;
	memcpy(log_file.day, now, 10);
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		if (log_file.fd[i] >= 0)
			close(log_file.fd[i]);
		log_file.fd[i] = -1;
	}
}

static bool make_folder(void)
{
	struct arena a = arena_make(16 * 1024);
	bool there = file_make_folder(&a, log_file.folder);

	arena_end(&a);
	return there;
}

/* The descriptor of today's file; -1 if it cannot be opened. */
static int open_today(enum log_kind kind, const char *now)
{
	bool made = false;

	turn_day(now);
	if (log_file.fd[kind] >= 0 || !log_file.folder)
		return log_file.fd[kind];

	size_t size = strlen(log_file.folder) + sizeof("/error-YYYY-MM-DD.log");
	char *path = cJSON_malloc(size); /* in the current arena */

	snprintf(
	    path, size, "%s/%s%.10s.log", log_file.folder, prefixes[kind], now);
	log_file.fd[kind] = file_open_append(path, &made);
	if (log_file.fd[kind] < 0 && make_folder())
		log_file.fd[kind] = file_open_append(path, &made);
	if (made)
		log_prune();
	return log_file.fd[kind];
}

void log_write(enum log_kind kind, cJSON *line)
{
	char now[CLOCK_TEXT];

	clock_rfc3339(clock_now(), now);

	int fd = open_today(kind, now);

	if (fd < 0)
		return;

	cJSON *whole = json_object();

	json_add_text(whole, "time", now);
	json_add_text(whole, "request_id", log_file.request_id);
	while (line->child) {
		cJSON *item = cJSON_DetachItemViaPointer(line, line->child);

		json_add(whole, item->string, item);
	}

	const char *text = json_print(whole);
	size_t n = strlen(text);
	char *bytes = cJSON_malloc(n + 1);

	memcpy(bytes, text, n);
	bytes[n] = '\n';
	/* one write: at worst a line is incomplete; a request never fails */
	if (write(fd, bytes, n + 1) < 0)
		return;
}

void log_error(const char *file, int line, const char *fmt, ...)
{
	struct arena a = arena_make(16 * 1024);
	cJSON *entry = json_object();
	va_list args;

	va_start(args, fmt);
	json_add_text(entry, "cause", arena_vprintf(&a, fmt, args));
	va_end(args);
	json_add_text(entry, "file", file);
	json_add_int(entry, "line", line);
	log_write(LOG_ERROR, entry);
	arena_end(&a);
}
