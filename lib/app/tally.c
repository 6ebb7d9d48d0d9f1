/*
 * tally.c - how many tweets there are, without counting rows.
 *
 * Triggers keep the counts of the statuses that there are. What other programs
 * write may have another, or belong to an account that is gone: the indexes
 * tell at once that there is no such row, and count those that there are.
 */
#include "app/tally.h"

#include <string.h>

#include "app/tweet.h"
#include "app/tweet_state.h"

/* By ranges, since an index knows no "not in". */
#define HOW_MANY(of, range) "(SELECT count(*) FROM tweet WHERE " of range ")"
#define ODD(of)                                                                \
	"SELECT " HOW_MANY(of, "status < 'failed'") " + " HOW_MANY(            \
	    of, "status > 'failed' AND status < 'pending'") " + " HOW_MANY(of, \
	    "status > 'pending' AND status < 'posted'") " + " HOW_MANY(of,     \
	    "status > 'posted'") " + " HOW_MANY(of, "status IS NULL")

static enum err read_int(struct db_query *q, int64_t *n)
{
	bool row = false;

	TRY(db_step(q, &row));
	*n = db_int(q, 0);
	return OK;
}

#define IS_KNOWN "status = 'failed' OR status = 'pending' OR status = 'posted'"

/* Whether the index holds a status that nobody knows: the first one, and those
 * that come after each that is known. To plan for this costs less than to plan
 * for counting them, and nearly always there is none. */
static enum err are_odd(struct app *app, bool *odd)
{
	SCOPED(db_query) first = { 0 };
	SCOPED(db_query) next = { 0 };
	bool row = false;

	TRY(db_prepare(&first, &app->db,
	    "SELECT " IS_KNOWN " FROM tweet ORDER BY status LIMIT 1"));
	TRY(db_step(&first, &row));
	*odd = row && !db_int(&first, 0);
	TRY(db_prepare(&next, &app->db,
	    "SELECT " IS_KNOWN " FROM tweet WHERE status > $1"
	    " ORDER BY status LIMIT 1"));
	for (size_t i = 0; tweet_statuses[i] && !*odd; i++) {
		db_bind_text(&next, 1, tweet_statuses[i]);
		TRY(db_step(&next, &row));
		*odd = row && !db_int(&next, 0);
		db_reset(&next);
	}
	return OK;
}

enum err tally_odd(struct app *app, int64_t account, int64_t *n)
{
	SCOPED(db_query) q = { 0 };
	bool odd = false;

	*n = 0;
	TRY(are_odd(app, &odd));
	if (!odd)
		return OK;
	if (account)
		TRY(db_prepare(
		    &q, &app->db, ODD("twitter_account_id = $1 AND ")));
	else
		TRY(db_prepare(&q, &app->db, ODD("")));
	if (account)
		db_bind_int(&q, 1, account);
	return read_int(&q, n);
}

/* What is kept; *kept is false for an account that has no counts. */
static enum err read_kept(struct app *app, int64_t account, const char *status,
    int64_t *n, bool *kept)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT sum(n) FROM tally"
	    " WHERE owner = $1 AND ($2 IS NULL OR status = $2)"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, status);
	TRY(read_int(&q, n));
	*kept = !db_null(&q, 0);
	return OK;
}

/* The tweets of an account that is gone. */
static enum err count_rows(
    struct app *app, int64_t account, const char *status, int64_t *n)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*) FROM tweet t WHERE t.twitter_account_id = $1"
	    " AND ($2 IS NULL OR $2 = " TWEET_STATUS ")"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, status);
	return read_int(&q, n);
}

enum err tally_count(
    struct app *app, int64_t account, const char *status, int64_t *n)
{
	int64_t odd = 0;
	bool kept = false;

	TRY(read_kept(app, account, status, n, &kept));
	if (!kept)
		return count_rows(app, account, status, n);
	if (!status || strcmp(status, "failed") == 0)
		TRY(tally_odd(app, account, &odd));
	*n += odd;
	return OK;
}
