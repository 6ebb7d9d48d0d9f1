/* store.h - a database for targets that need one. It is made once; each input
 * works in a transaction of its own that is rolled back. */
#ifndef TESTS_FUZZ_STORE_H
#define TESTS_FUZZ_STORE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app.h"
#include "fuzz/fuzz.h"

static char store_folder[] = "/tmp/twitter-manager-fuzz-XXXXXX";

static inline void store_remove(void)
{
	static const char *const ends[] = { ".db", ".db-wal", ".db-shm",
		".db-turn" };

	for (size_t i = 0; i < COUNT(ends); i++) {
		char path[sizeof(store_folder) + 16];

		snprintf(
		    path, sizeof(path), "%s/fuzz%s", store_folder, ends[i]);
		unlink(path);
	}
	rmdir(store_folder);
}

/* Opens the database in APP, which must live as long as the process. What is
 * read from then on belongs to the arena that app->db.arena is set to. */
static inline void store_open(struct app *app, struct arena *a)
{
	if (!mkdtemp(store_folder) || atexit(store_remove) != 0)
		abort();
	*app = (struct app){ .arena = a };
	if (db_open(&app->db, arena_printf(a, "%s/fuzz.db", store_folder), a,
		&app->fault) != OK)
		abort();
}

/* Runs SQL, which must succeed. */
static inline void store_run(struct app *app, const char *sql)
{
	if (db_script(&app->db, sql) != OK)
		abort();
}

#endif
