/* spawn.h - runs another program with given input and a time limit. */
#ifndef WATCH_SPAWN_H
#define WATCH_SPAWN_H

#include <stdint.h>

#include "app/app.h"

/* Runs the program ARGV[0], an absolute path, with the arguments ARGV (ends
 * with NULL) and INPUT on its standard input, and waits for it; kills it after
 * SECONDS. It does not get our environment, which holds keys, and its output is
 * dropped. ERR_SYSTEM unless it reads all input and exits with 0. */
enum err spawn_feed(struct app *app, const char *const *argv, const char *input,
    int64_t seconds) MUST_CHECK;

#endif
