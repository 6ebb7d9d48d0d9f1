/*
 * env.c - settings as text.
 *
 * Web servers start CGI programs with an empty environment or their own, so
 * settings normally come from a file. The file is searched for from the
 * program's folder on, since the working directory depends on the server.
 */
#include "base/env.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"

enum { FILE_MAX = 64 * 1024, FOLDERS_UP = 4 };

struct env_pair {
	struct str name;
	const char *value;
	struct env_pair *next;
};

const char *env_process(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] ? value : NULL;
}

const char *env_get(const struct env *env, const char *name)
{
	const char *value = env_process(name);

	if (value)
		return value;
	for (const struct env_pair *p = env->pairs; p; p = p->next) {
		if (str_eq(p->name, name))
			return p->value[0] ? p->value : NULL;
	}
	return NULL;
}

static bool name_byte(char c, bool first)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!name_byte(s.p[i], i == 0))
			return false;
	}
	return s.n > 0;
}

/* Whether only a comment follows. */
static bool only_comment(struct str s)
{
	s = str_trim(s);
	return !s.n || s.p[0] == '#';
}

/* "..." has the escapes \" \\ \n \$; '...' has none. */
static bool read_quoted(struct arena *a, struct str s, const char **value)
{
	char quote = s.p[0];
	char *text = arena_alloc(a, s.n);
	size_t at = 0;
	size_t i = 1;

	for (; i < s.n && s.p[i] != quote; i++) {
		char c = s.p[i];

		if (quote == '"' && c == '\\' && i + 1 < s.n &&
		    strchr("\"\\$n", s.p[i + 1])) {
			c = s.p[++i] == 'n' ? '\n' : s.p[i];
		}
		text[at++] = c;
	}
	if (i == s.n || !only_comment((struct str){ s.p + i + 1, s.n - i - 1 }))
		return false;
	*value = text;
	return true;
}

/* An unquoted value ends at a blank followed by '#'. */
static const char *read_bare(struct arena *a, struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '#' && (s.p[i - 1] == ' ' || s.p[i - 1] == '\t'))
			s.n = i;
	}
	s = str_trim(s);
	if (s.n && s.p[0] == '#')
		s.n = 0;
	return arena_copy(a, s.p, s.n);
}

static bool read_line(struct env *env, struct str line)
{
	line = str_trim(line);
	if (!line.n || line.p[0] == '#')
		return true;
	if (line.n > 7 && memcmp(line.p, "export", 6) == 0 &&
	    (line.p[6] == ' ' || line.p[6] == '\t'))
		line = str_trim((struct str){ line.p + 7, line.n - 7 });

	struct str value = line;
	struct str name = str_trim(str_cut(&value, '='));

	if (!value.p || !is_name(name))
		return false;

	struct env_pair *pair = arena_new(env->arena, struct env_pair);

	pair->name = name;
	value = str_trim(value);
	if (value.n && (value.p[0] == '"' || value.p[0] == '\'')) {
		if (!read_quoted(env->arena, value, &pair->value))
			return false;
	} else {
		pair->value = read_bare(env->arena, value);
	}
	pair->next = env->pairs; /* the last of two settings is found first */
	env->pairs = pair;
	return true;
}

int env_parse(struct env *env, const char *text, size_t n)
{
	struct str rest = { text, n };
	int number = 0;

	if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		rest = (struct str){ text + 3, n - 3 };
	while (rest.p) {
		struct str line = str_cut(&rest, '\n');

		number++;
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n && memchr(line.p, '\0', line.n))
			return number;
		if (!read_line(env, line))
			return number;
	}
	return 0;
}

/* Removes the last component of PATH; false if it has none. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

const char *env_program(struct arena *a)
{
	char path[PATH_MAX];
	char whole[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	const char *named = (const char *)getauxval(AT_EXECFN);

	if (n > 0 && n < (ssize_t)sizeof(path))
		return arena_copy(a, path, (size_t)n);
	/* there is no /proc: the name that the caller used */
	return named && realpath(named, whole) ? arena_text(a, whole) : NULL;
}

/* The file NAME in the running program's folder or above; NULL: none. */
static const char *find_above(struct arena *a, const char *name)
{
	const char *program = env_program(a);

	if (!program)
		return NULL;

	char *path = arena_text(a, program);

	for (int up = 0; up <= FOLDERS_UP && go_up(path); up++) {
		const char *file = file_join(a, path, name);

		if (access(file, F_OK) == 0)
			return file;
	}
	return NULL;
}

const char *env_private(struct arena *a)
{
	const char *tool = find_above(a, "private/bin/twitter-manager");

	return tool ? file_folder(a, file_folder(a, tool)) : NULL;
}

/* Removes TAIL from the end of PATH, if it is there. */
static bool cut_tail(char *path, const char *tail)
{
	size_t n = strlen(path);
	size_t m = strlen(tail);

	if (n < m || strcmp(path + n - m, tail) != 0)
		return false;
	path[n - m] = '\0';
	return true;
}

const char *env_home(struct arena *a)
{
	static const char *const tails[] = { "/api/v1", "/auth", "/cgi-bin" };
	const char *private = env_private(a);
	const char *program = env_program(a);

	if (private)
		return file_folder(a, private);
	if (!program || !env_process("REQUEST_METHOD"))
		return ".";

	char *path = arena_text(a, program);

	go_up(path);
	for (size_t i = 0; i < COUNT(tails); i++) {
		if (cut_tail(path, tails[i]))
			break;
	}
	return path[0] ? path : "/";
}

enum err env_open(struct env *env, struct arena *a, struct fault *f)
{
	const char *named = env_process("TWITTER_MANAGER_ENV");
	const char *file = named ? named : find_above(a, ".env");
	struct str text;

	*env = (struct env){ .arena = a };
	if (!file) {
		env->folder = env_home(a);
		return OK;
	}
	env->folder = file_folder(a, file);
	if (!file_read(a, file, FILE_MAX, &text)) {
		if (errno == ENOENT)
			return OK;
		env->file = file;
		return FAULT(f, ERR_CONFIG_INVALID, "cannot read %s: %s", file,
		    strerror(errno));
	}
	env->file = file;

	int line = env_parse(env, text.p, text.n);

	if (line)
		return FAULT(f, ERR_CONFIG_INVALID,
		    "line %d of %s is not a setting (NAME=value)", line, file);
	return OK;
}
