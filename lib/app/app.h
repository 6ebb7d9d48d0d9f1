/* app.h - the settings, database and keys that a process has open. */
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
	int64_t valid_until; /* see app_valid_until; 0: for ever */
	int64_t key_id;      /* the caller's API key; 0: none */
	unsigned key_scopes; /* what it may be used for, see scope.h */
	const volatile sig_atomic_t *stop; /* nonzero: start nothing new */
};

/* Stores a failure with its words in app->fault and gives its code. */
#define fail(app, err, ...) FAULT(&(app)->fault, (err), __VA_ARGS__)

/* The same with the code's own words. */
#define fail_with(app, err) fail((app), (err), "%s", err_words(err))

/* Reads the settings and opens the log. ERR_CONFIG_INVALID. Sets the umask to
 * 007 if SHARED_GROUP is on; programs have set it to 077 before. */
enum err app_open(struct app *app, struct arena *a, const char *request_id)
    MUST_CHECK;

/* Opens the database and the keyring, unless they are open. ERR_CONFIG_MISSING
 * without both keys. */
enum err app_open_store(struct app *app) MUST_CHECK;

/* Notes that what was read here is valid until the time T only, although no row
 * changes: a scheduled tweet becomes due, for example. T is in seconds since
 * 1970, or text as in the database (NULL: no end). app->valid_until is the
 * earliest such time to come. */
void app_valid_until(struct app *app, int64_t t);
void app_valid_until_text(struct app *app, const char *sql_time);

/* Closes what app_open_store opened, so that it can be opened again. */
void app_close_store(struct app *app);

void app_end(struct app *app);

#endif
