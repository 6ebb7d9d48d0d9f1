/* counters.c - updates the counters when a tweet is posted or fails. */
#include "publish/counters.h"

#include "base/clock.h"

/* A clock before 2000 is not set. A day is stored as a negative owner, so the
 * days around 1970 would hit rows that count other things. */
enum { DAY = 86400, YEAR_2000 = 946684800 };

static enum err add_to_today(struct app *app, const char *kind)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO tally VALUES($1, $2, 1)"
	    " ON CONFLICT(owner, kind) DO UPDATE SET n = n + 1"));
	db_bind_int(&q, 1, -(clock_now() / DAY));
	db_bind_text(&q, 2, kind);
	return db_run(&q, NULL);
}

enum err counters_add(struct app *app, int64_t account, bool posted)
{
	SCOPED(db_query) row = { 0 };

	if (clock_now() >= YEAR_2000)
		TRY(add_to_today(app, posted ? "posted" : "failed"));
	TRY(db_prepare(&row, &app->db,
	    "UPDATE twitter_account"
	    " SET failures = CASE WHEN $2 THEN 0 ELSE failures + 1 END"
	    " WHERE id = $1"));
	db_bind_int(&row, 1, account);
	db_bind_int(&row, 2, posted);
	return db_run(&row, NULL);
}

enum err counters_take_back(
    struct app *app, int64_t account, const char *ended_at)
{
	SCOPED(db_query) day = { 0 };
	SCOPED(db_query) row = { 0 };
	int64_t at = 0;

	TRY(db_prepare(&day, &app->db,
	    "UPDATE tally SET n = n - 1"
	    " WHERE owner = $1 AND kind = 'failed' AND n > 0"));
	if (ended_at && clock_parse(str_of(ended_at), &at) && at >= YEAR_2000) {
		db_bind_int(&day, 1, -(at / DAY));
		TRY(db_run(&day, NULL));
	}
	TRY(db_prepare(&row, &app->db,
	    "UPDATE twitter_account SET failures = failures - 1"
	    " WHERE id = $1 AND failures > 0"));
	db_bind_int(&row, 1, account);
	return db_run(&row, NULL);
}
