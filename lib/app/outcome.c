/* outcome.c - what every end of a tweet counts for. */
#include "app/outcome.h"

#include "base/clock.h"

enum { DAY = 86400 };

enum err outcome_note(struct app *app, int64_t account, bool posted)
{
	SCOPED(db_query) day = { 0 };
	SCOPED(db_query) row = { 0 };

	TRY(db_prepare(&day, &app->db,
	    "INSERT INTO tally VALUES($1, $2, 1)"
	    " ON CONFLICT(owner, status) DO UPDATE SET n = n + 1"));
	db_bind_int(&day, 1, -(clock_now() / DAY));
	db_bind_text(&day, 2, posted ? "posted" : "failed");
	TRY(db_run(&day, NULL));
	TRY(db_prepare(&row, &app->db,
	    "UPDATE twitter_account"
	    " SET failures = CASE WHEN $2 THEN 0 ELSE failures + 1 END"
	    " WHERE id = $1"));
	db_bind_int(&row, 1, account);
	db_bind_int(&row, 2, posted);
	return db_run(&row, NULL);
}
