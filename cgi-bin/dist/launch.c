/*
 * launch.c - starts a program of the archive with the libraries it carries.
 *
 * A host may have an older libc than ours, and has no libcjson. So what stands
 * where a web server looks is this, wholly static: it goes up from its own
 * folder to the one that holds private/, and runs the program there that has
 * its own name by the loader that lies beside it. The program could not tell
 * where it was called from, since to the system it is the loader that runs; so
 * it is told.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/env.h"

enum { FOLDERS_UP = 4, ARGUMENTS_MAX = 64 };

/* What was executed; where /proc is not mounted, as the caller named it. */
static bool own_path(char path[static PATH_MAX])
{
	char given[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", given, sizeof(given) - 1);
	unsigned long name = getauxval(AT_EXECFN);

	if (n > 0)
		given[n] = '\0';
	else if (name)
		snprintf(given, sizeof(given), "%s", (const char *)name);
	else
		return false;
	return realpath(given, path) != NULL;
}

/* Finds private/ with a program NAME in it, beginning in FOLDER, which is cut
 * as far as that takes. */
static bool find_private(char *folder, const char *name)
{
	for (int up = 0; up <= FOLDERS_UP; up++) {
		char file[PATH_MAX + 64];
		char *slash = strrchr(folder, '/');

		snprintf(
		    file, sizeof(file), "%s/private/programs/%s", folder, name);
		if (access(file, R_OK) == 0)
			return true;
		if (!slash)
			return false;
		*slash = '\0';
	}
	return false;
}

/* A request is answered, for a server shows nothing of an exit status. */
static int give_up(const char *words)
{
	if (!env_process("REQUEST_METHOD")) {
		fprintf(stderr, "twitter-manager: %s\n", words);
		return EX_SOFTWARE;
	}
	printf("Status: 500 Internal Server Error\r\n"
	       "Content-Type: application/json; charset=utf-8\r\n"
	       "Cache-Control: no-store\r\n\r\n"
	       "{\"error\":\"%s\",\"code\":\"system_error\","
	       "\"retryable\":false,\"hint\":\"Unpack the archive again: its"
	       " folder private/ must lie beside index.html or above it.\"}",
	    words);
	return EX_OK;
}

static void run(const char *private, const char *name, int argc, char **argv)
{
	char loader[PATH_MAX + 64];
	char libraries[PATH_MAX + 64];
	char program[PATH_MAX + 64];
	char only[] = "--inhibit-cache";
	char from[] = "--library-path";
	char *args[ARGUMENTS_MAX + 8] = { loader, only, from, libraries,
		program };
	int n = 5;

	snprintf(
	    loader, sizeof(loader), "%s/lib/ld-linux-x86-64.so.2", private);
	snprintf(libraries, sizeof(libraries), "%s/lib", private);
	snprintf(program, sizeof(program), "%s/programs/%s", private, name);
	for (int i = 1; i < argc && i <= ARGUMENTS_MAX; i++)
		args[n++] = argv[i];
	execv(loader, args);
}

int main(int argc, char **argv)
{
	char own[PATH_MAX];
	char folder[PATH_MAX];
	char private[PATH_MAX + 16];

	if (!own_path(own))
		return give_up(
		    "the system does not tell where this program is");

	char *name = strrchr(own, '/') + 1;

	memcpy(folder, own, (size_t)(name - own));
	folder[name - own - 1] = '\0';
	if (!find_private(folder, name))
		return give_up("private/ does not hold this program");
	snprintf(private, sizeof(private), "%s/private", folder);
	if (setenv("TWITTER_MANAGER_LAUNCHER", own, 1) != 0 ||
	    setenv("TWITTER_MANAGER_PRIVATE", private, 1) != 0)
		return give_up("there is no memory for the environment");
	run(private, name, argc, argv);
	return give_up("the loader in private/lib cannot be started");
}
