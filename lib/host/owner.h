/* owner.h - whose our files are, and what a user can do whom they shut out. */
#ifndef HOST_OWNER_H
#define HOST_OWNER_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "app/app.h"

/* Their names, or their numbers where they have none. */
const char *owner_user(struct arena *a, uid_t uid);
const char *owner_group(struct arena *a, gid_t gid);

/* PATH as one word of a shell's command. */
const char *owner_quote(struct arena *a, const char *path);

/* Whether the file mode lets the user in: WANT of 4, 2, 1 (read, write, go),
 * added up. A superuser goes anywhere. */
bool owner_may(uid_t uid, const struct stat *st, mode_t want);

/* Looks up PATH, or the folder nearest above it that there is; gives which. */
const char *owner_nearest(struct arena *a, const char *path, struct stat *st);

/* The first of the .env, the instance folder and the files in it that this
 * process must use and may not; NULL: there is none. *st is its own, or that
 * of the folder that shuts this process out. */
const char *owner_shut_out(struct app *app, struct stat *st);

/* ERR_SYSTEM, with what can be done about it as its hint, where one of our
 * files is shut to this process. COMMAND is what the user wanted to run. */
enum err owner_check(struct app *app, const char *command) MUST_CHECK;

/* What a user can do whom the files of OWNER are shut to. */
const char *owner_ways_out(
    struct app *app, const struct stat *st, const char *command);

/* The commands that hand our files to group GROUP for SHARED_GROUP=1. */
const char *owner_share(struct app *app, const char *group);

/* Where the site begins, as far as the settings tell: no slash at its end. */
const char *owner_site(struct app *app);

/* This tool's file, quoted. */
const char *owner_tool(struct arena *a);

#endif
