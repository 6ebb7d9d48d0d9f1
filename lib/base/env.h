/* env.h - settings as text: the environment first, then a .env file. */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

extern char **environ;

struct env {
	struct arena *arena;
	const char *file;       /* path of the .env that is there; NULL: none */
	const char *folder;     /* its folder, else env_home() */
	struct env_pair *pairs; /* the last one first */
};

/* Reads the file that TWITTER_MANAGER_ENV names, else the first ".env" going
 * up at most four folders from the folder of the running program. No file is
 * no fault; ERR_CONFIG_INVALID for one that cannot be read or understood. */
enum err env_open(struct env *env, struct arena *a, struct fault *f) MUST_CHECK;

/* The setting's text: the process environment's if not empty, else the file's
 * if not empty, else NULL. *from_file tells which (may be NULL). */
const char *env_get(const struct env *env, const char *name, bool *from_file);

/* A variable of the process environment alone; NULL when absent or empty. */
const char *env_process(const char *name);

/* The running program's own file; NULL where the system does not tell. Behind
 * the archive's launcher (cgi-bin/dist) it is the launcher's. */
const char *env_program(struct arena *a);

/* The archive's folder private/, whose launcher started this program; NULL for
 * a program that was started by itself. */
const char *env_private(struct arena *a);

/* The folder where a new .env belongs: in the archive the one that holds
 * private/; for a CGI program its own folder without the part that its URL has
 * in every layout (/api/v1, /auth, /cgi-bin); else, and where the system does
 * not tell, the working directory: ".". */
const char *env_home(struct arena *a);

/* Understands the bytes of a .env: comments, quotes, export, CRLF. Gives the
 * number of the line that cannot be understood, 0 if there is none. */
int env_parse(struct env *env, const char *text, size_t n);

#endif
