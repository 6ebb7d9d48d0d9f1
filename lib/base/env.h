/* env.h - settings as text: first the environment, then a .env file. */
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
	const char *file;       /* path of the .env; NULL: none */
	const char *folder;     /* its folder, else env_home() */
	struct env_pair *pairs; /* in reverse order */
};

/* Reads the file that TWITTER_MANAGER_ENV names, else the first ".env" in the
 * folder of the running program or up to four folders above. A missing file is
 * not an error; ERR_CONFIG_INVALID if it cannot be read or understood. */
enum err env_open(struct env *env, struct arena *a, struct fault *f) MUST_CHECK;

/* The text of a setting: from the environment or, if it is not there or empty,
 * from the file; NULL if that has none either. */
const char *env_get(const struct env *env, const char *name);

/* A variable of the environment only; NULL if absent or empty. */
const char *env_process(const char *name);

/* The file of the running program; NULL if the system does not say. */
const char *env_program(struct arena *a);

/* The folder private/ of the archive that the running program belongs to: it
 * lies beside the program's folder or up to four folders above; NULL: none. */
const char *env_private(struct arena *a);

/* The folder for a new .env: in the archive the one that contains private/; for
 * a CGI program its own folder without the part that belongs to its URL in
 * every layout (/api/v1, /auth, /cgi-bin); otherwise the working directory,
 * ".". */
const char *env_home(struct arena *a);

/* Parses the bytes of a .env: comments, quotes, export, CRLF. Gives the number
 * of the first line that cannot be understood, or 0. */
int env_parse(struct env *env, const char *text, size_t n);

#endif
