/* app.h - what a process of ours has open. */
#ifndef APP_APP_H
#define APP_APP_H

#include <signal.h>

#include "app/config.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "crypto/keyring.h"
#include "store/db.h"

struct app {
	struct arena *arena;
	struct config config;
	struct fault fault; /* the latest failure */
	struct db db;
	struct keyring keyring;
	int locks;          /* the lock file, see lease.c; 0: not open */
	const char *holder; /* this process's name in leases; NULL: none */
	int64_t opened_at;
	int64_t turns_at; /* see app_turns_at; 0: nothing turns */
	int64_t key_id;   /* the API key the caller has shown; 0: none */
	const volatile sig_atomic_t *stop; /* set: take up nothing new */
};

/* Notes a failure with its words and returns its code. */
#define fail(app, err, ...) FAULT(&(app)->fault, (err), __VA_ARGS__)

/* Reads the settings and opens the log. ERR_CONFIG_INVALID is noted. Programs
 * have set the umask to 077; SHARED_GROUP makes it 007 here. */
enum err app_open(struct app *app, struct arena *a, const char *request_id)
    MUST_CHECK;

/* Opens the database and the keyring; asks for both keys first. Nothing is
 * done where they are open. */
enum err app_open_store(struct app *app) MUST_CHECK;

/* Notes that what was read here turns into something else at the time T (in
 * seconds since 1970, or as the database has it; NULL: never) with no row
 * changed, as a scheduled tweet becomes due: app->turns_at is the first such
 * time to come. */
void app_turns_at(struct app *app, int64_t t);
void app_turns_at_text(struct app *app, const char *sql_time);

/* Closes what app_open_store opened, so that it can be opened again. */
void app_close_store(struct app *app);

void app_end(struct app *app);

#endif
