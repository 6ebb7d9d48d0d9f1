/*
 * key_in_query.c - warns of API keys that callers send in the query.
 *
 * Our logs hold no query, but those of other servers, proxies and browsers do.
 * The day is noted in the database, once for each key, so that a web cron that
 * calls each minute leaves one line a day.
 */
#include "app/key_in_query.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/kv.h"

static enum err find(
    struct app *app, const char *name, const char *today, bool *told)
{
	const char *day = NULL;

	TRY(kv_find(&app->db, name, &day));
	*told = day && strcmp(day, today) == 0;
	return OK;
}

/* Notes the day; *told if another process was faster. */
static enum err note(
    struct app *app, const char *name, const char *today, bool *told)
{
	SCOPED(db_tx) tx = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(find(app, name, today, told));
	if (*told)
		return OK;
	TRY(kv_set(&app->db, name, today));
	return db_commit(&tx);
}

void key_in_query_warn(struct app *app)
{
	enum { DATE = 10 };
	const struct fault before = app->fault;
	const char *name =
	    arena_printf(app->arena, "key_in_query %" PRId64, app->key_id);
	char today[CLOCK_TEXT];
	bool told = false;

	clock_sql(clock_now(), today);
	today[DATE] = '\0';
	if (find(app, name, today, &told) == OK && !told &&
	    note(app, name, today, &told) == OK && !told)
		LOG_CAUSE("the API key %" PRId64 " came in the query"
			  " (?api_key=), which other servers and proxies log:"
			  " send it in the header X-API-Key",
		    app->key_id);
	app->fault = before;
}
