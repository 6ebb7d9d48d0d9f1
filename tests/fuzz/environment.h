/* environment.h - an input whose lines are the variables of a CGI program. */
#ifndef TESTS_FUZZ_ENVIRONMENT_H
#define TESTS_FUZZ_ENVIRONMENT_H

#include "base/env.h"
#include "fuzz/fuzz.h"

enum { VARIABLES_MOST = 64 };

/* Puts the lines of TEXT into the environment, in place of all that is there; a
 * name may come twice. LIST has the room for them, and must outlive their use.
 * Gives the environment as it was. */
static inline char **environment_set(char *text, char **list)
{
	char **before = environ;
	size_t n = 0;

	while (text && n < VARIABLES_MOST) {
		char *end = strchr(text, '\n');

		if (end)
			*end = '\0';
		if (strchr(text, '='))
			list[n++] = text;
		text = end ? end + 1 : NULL;
	}
	list[n] = NULL;
	environ = list;
	return before;
}

#endif
