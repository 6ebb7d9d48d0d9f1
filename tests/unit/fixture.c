/* fixture.c - an installation of a test's own. */
#include "unit/test.h"

#include "unit/fixture.h"

#include "base/clock.h"

enum { LIMIT = 1 << 24 };

void fixture_open(struct fixture *f, const char *sql)
{
	*f = (struct fixture){ .folder = scratch_make(),
		.arena = arena_make(LIMIT) };
	clock_set(FIXTURE_NOW);
	scratch_app(&f->folder, &f->arena, &f->app);
	if (sql)
		scratch_sql(&f->app.db, sql);
}

void fixture_end(struct fixture *f)
{
	app_end(&f->app);
	arena_end(&f->arena);
	scratch_end(&f->folder);
}

int64_t fixture_number(struct fixture *f, const char *sql)
{
	return scratch_number(&f->app.db, sql);
}

void fixture_sql(struct fixture *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	scratch_sql(&f->app.db, arena_vprintf(&f->arena, fmt, args));
	va_end(args);
}

const char *fixture_time(struct fixture *f, int64_t later)
{
	char *text = arena_alloc(&f->arena, CLOCK_TEXT);

	clock_sql(FIXTURE_NOW + later, text);
	return text;
}
