/* permissions.h - checks who owns our files, who may use them, and gives advice
 * to those who may not. */
#ifndef HOST_PERMISSIONS_H
#define HOST_PERMISSIONS_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "app/app.h"

/* The name of a user or group, or its number if it has none. */
const char *permissions_user(struct arena *a, uid_t uid);
const char *permissions_group(struct arena *a, gid_t gid);

/* Whether the file's mode gives the user all of WANT: 4, 2, 1 (read, write,
 * search), added up. The superuser may do everything. */
bool permissions_allow(uid_t uid, const struct stat *st, mode_t want);

/* Reads the status of PATH, or of the nearest folder above it that exists;
 * returns which one it was. */
const char *permissions_nearest(
    struct arena *a, const char *path, struct stat *st);

/* The first of the .env, the instance folder and the files in it that this
 * process needs and may not use, with its status in *st (or that of the folder
 * above that denies the access); NULL if all may be used. */
const char *permissions_denied(struct app *app, struct stat *st);

/* ERR_SYSTEM, with advice as its hint, if this process may not use one of our
 * files. COMMAND is what the user asked for. */
enum err permissions_check(struct app *app, const char *command) MUST_CHECK;

/* What a user can do who may not use the files of the owner in *st. */
const char *permissions_advice(
    struct app *app, const struct stat *st, const char *command);

/* The commands that hand our files to group GROUP for SHARED_GROUP=1. */
const char *permissions_share(struct app *app, const char *group);

/* The URL of the site, from TWITTER_CALLBACK_URL, without a slash at its end;
 * NULL if that setting does not tell. */
const char *permissions_site(struct app *app);

/* The path of this tool, quoted for a shell. */
const char *permissions_tool(struct arena *a);

#endif
