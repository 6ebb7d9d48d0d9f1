/* fixture.h - an installation for one test, with the clock standing still. */
#ifndef UNIT_FIXTURE_H
#define UNIT_FIXTURE_H

#include "app/app.h"
#include "unit/scratch.h"

enum { FIXTURE_NOW = 1772366400 /* 2026-03-01 12:00:00 */ };

struct fixture {
	struct scratch folder;
	struct arena arena;
	struct app app; /* its store is open */
};

/* Makes the installation, sets the clock to FIXTURE_NOW and runs SQL, if it is
 * not NULL. */
void fixture_open(struct fixture *f, const char *sql);

void fixture_end(struct fixture *f);

/* The one number that SQL asks for. */
int64_t fixture_number(struct fixture *f, const char *sql);

/* Runs SQL, printf's, which must succeed. */
void fixture_sql(struct fixture *f, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The time LATER seconds after FIXTURE_NOW as the database has it. */
const char *fixture_time(struct fixture *f, int64_t later);

#endif
