/* spawn.h - another program, given its input and a time to end. */
#ifndef WATCH_SPAWN_H
#define WATCH_SPAWN_H

#include <stdint.h>

#include "app/app.h"

/* Runs the program ARGV[0], an absolute path, with ARGV (ends with NULL), feeds
 * it INPUT and waits for its end; after SECONDS it is killed. It gets none of
 * our environment, for that holds keys, and what it writes is dropped.
 * ERR_SYSTEM unless it has read all and ended well. */
enum err spawn_feed(struct app *app, const char *const *argv, const char *input,
    int64_t seconds) MUST_CHECK;

#endif
