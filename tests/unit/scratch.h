/* scratch.h - what several unit tests need: a folder of a test's own, and a
 * look at how a child process ends. */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include "app/app.h"
#include "base/arena.h"

struct scratch {
	char path[64]; /* absolute; empty when it is gone */
};

/* A new, empty folder. */
struct scratch scratch_make(void);

/* Removes the folder with all that is in it. */
void scratch_end(struct scratch *s);

/* The path of NAME in the folder. */
const char *scratch_path(
    const struct scratch *s, struct arena *a, const char *name);

/* Makes the file PATH with TEXT in it, in place of what was there. */
void scratch_write(const char *path, const char *text);

/* All of the file PATH; NULL if it cannot be read. */
const char *scratch_read(struct arena *a, const char *path);

/* Opens an app with new keys whose instance folder is S, and its store. Where
 * the environment was set so before, it stays: children open the same. */
void scratch_app(const struct scratch *s, struct arena *a, struct app *app);

/* The one number that SQL asks for. */
int64_t scratch_number(struct db *db, const char *sql);

/* Runs SQL, which must succeed. */
void scratch_sql(struct db *db, const char *sql);

typedef void child_fn(void *arg);

/* Runs RUN in a child process with its standard error closed to /dev/null and
 * gives its exit status: 0 when RUN returned, -1 when a signal ended it. */
int child_status(child_fn *run, void *arg);

#endif
