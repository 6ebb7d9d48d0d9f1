/* pending.c - the accounts with pending tweets: for which of them a publishing
 * run has something to do, and why the others wait. */
#include "publish/pending.h"

#include <string.h>

#include "app/account_standing.h"
#include "app/tweet_state.h"
#include "base/clock.h"
#include "publish/backoff.h"
#include "publish/late.h"
#include "publish/report.h"
#include "publish/token.h"

/* The owners of pending tweets, also of those without an account. */
#define OWNERS                                    \
	"SELECT owner FROM tally WHERE owner > 0" \
	" AND kind >= 'pending' AND kind < 'pending~' AND n > 0"

/* Accounts with pending tweets, from the counts. A tick takes up those that
 * have a tweet to send, one whose answer was lost, or a token that ends soon.
 */
static enum err prepare_accounts(struct run *run, struct db_query *q)
{
	char *soon = arena_alloc(run->app->arena, CLOCK_TEXT);
	char *now = arena_alloc(run->app->arena, CLOCK_TEXT);

	if (!run->order.tick) {
		TRY(db_prepare(q, &run->app->db,
		    "SELECT id FROM twitter_account WHERE id IN (" OWNERS ")"
		    " AND ($1 = 0 OR id = $1) ORDER BY id"));
		db_bind_int(q, 1, run->order.account);
		return OK;
	}
	clock_sql(clock_now() + TOKEN_REFRESH_EARLY, soon);
	clock_sql(clock_now(), now);
	TRY(db_prepare(q, &run->app->db,
	    "SELECT id FROM twitter_account WHERE (status = 'active'"
	    " AND mock = 0 AND refresh_token <> '' AND expires_at < $1)"
	    " OR id IN"
	    " (SELECT twitter_account_id FROM tweet WHERE next_at <= $2)"
	    " OR id IN"
	    " (SELECT t.twitter_account_id FROM tweet t WHERE t.id IN"
	    "  (" TWEET_IDS_SENT "))"
	    " ORDER BY id"));
	db_bind_text(q, 1, soon);
	db_bind_text(q, 2, now);
	return OK;
}

enum err pending_accounts(struct run *run, const int64_t **accounts)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;
	size_t n = 0;
	size_t size = 64;
	int64_t *list = arena_array(run->app->arena, size, sizeof(*list));

	TRY(prepare_accounts(run, &q));
	TRY(db_step(&q, &row));
	while (row) {
		if (n + 1 == size) {
			list = arena_grow(
			    run->app->arena, list, size, sizeof(*list));
			size *= 2;
		}
		list[n++] = db_int(&q, 0);
		TRY(db_step(&q, &row));
	}
	*accounts = list;
	return OK;
}

/* One account with pending tweets, as the statement below gives it. */
enum {
	ID,
	STATUS,
	CODE,
	OAUTH1,
	MOCK,
	HOLD_UNTIL,
	HOLD_CODE,
	READY,    /* how many tweets could go now */
	NEXT_AT,  /* when the first of the others can; NULL: not known */
	NEXT_CODE /* why one of them waits; NULL: its answer was lost */
};

/* A backoff of the whole app; code OK: there is none. */
struct app_hold {
	enum err code;
	char until[CLOCK_TEXT];
};

/* Why an account that nothing blocks has to wait, and until when; false: it
 * need not. */
static bool must_wait(struct db_query *q, const struct app_hold *app,
    const char *now, const char **code, const char **until)
{
	*until = db_text(q, HOLD_UNTIL);
	*code = db_text(q, HOLD_CODE);
	if (app->code != OK) {
		*until = app->until;
		*code = err_name(app->code);
		return true;
	}
	return *until && strcmp(*until, now) > 0;
}

/* Puts one account with pending tweets where it belongs. */
static void sort_account(struct run *run, struct db_query *q,
    const struct app_hold *app, const char *now, struct publish_result *result)
{
	struct arena *a = run->app->arena;
	struct account_standing standing = account_standing(
	    &(struct account_facts){ .status = db_peek(q, STATUS),
		.code = err_named(db_peek(q, CODE)),
		.oauth1 = db_int(q, OAUTH1) != 0,
		.mock = db_int(q, MOCK) != 0,
		.mock_mode = run->mock,
		.tick = run->order.tick });
	const char *code, *until;

	if (standing.skipped)
		return;
	if (standing.blocked != OK) {
		report_waiting(a, &result->blocked, db_int(q, ID),
		    err_name(standing.blocked), NULL);
		return;
	}
	if (!must_wait(q, app, now, &code, &until)) {
		result->remaining += db_int(q, READY);
		if (db_int(q, READY) || db_null(q, NEXT_AT))
			return;
		until = db_text(q, NEXT_AT);
		code = db_null(q, NEXT_CODE) ? err_name(ERR_OUTCOME_UNKNOWN)
					     : db_text(q, NEXT_CODE);
	}
	report_waiting(a, &result->held_back, db_int(q, ID), code, until);
}

/* The tweets that may be sent now, and more, as TWEET_READY says; and those
 * that wait for a time which X or a lost answer has set. */
#define SENDABLE                                   \
	"SELECT id FROM tweet WHERE next_at <= $1" \
	" UNION SELECT id FROM tweet WHERE $2 = 0" \
	" AND row_state = 'pending' UNION SELECT value FROM json_each($3)"
#define WAITING                                              \
	"SELECT id FROM tweet WHERE row_state = 'held_back'" \
	" UNION " TWEET_IDS_SENT

enum err pending_rest(struct run *run, struct publish_result *result)
{
	SCOPED(db_query) q = { 0 };
	struct app_hold *app = arena_new(run->app->arena, struct app_hold);
	char now[CLOCK_TEXT], before[CLOCK_TEXT], spread[CLOCK_TEXT];
	int64_t seconds = 0;
	bool row = false;

	TRY(backoff_of_app(run->app, &app->code, &seconds));
	clock_sql(clock_now() + seconds, app->until);
	clock_sql(clock_now(), now);
	clock_sql(clock_now() - run->app->config.late_spread_seconds, spread);
	late_before(run->app, before);
	TRY(db_prepare(&q, &run->app->db,
	    "WITH ready AS (SELECT t.twitter_account_id AS owner, count(*) AS n"
	    "  FROM tweet t JOIN twitter_account a"
	    "  ON a.id = t.twitter_account_id WHERE t.id IN (" SENDABLE ")"
	    "  AND " TWEET_READY
	    "  AND (t.scheduled_at IS NULL OR t.scheduled_at >= $5"
	    "   OR a.late_at IS NULL OR a.late_at <= $6) GROUP BY 1),"
	    " waiting AS (SELECT t.twitter_account_id AS owner,"
	    "  min(coalesce(t.retry_at, p.look_at)) AS next_at,"
	    "  max(CASE WHEN t.retry_at IS NOT NULL THEN t.code END) AS code"
	    "  FROM tweet t LEFT JOIN attempt p"
	    "  ON p.tweet_id = t.id AND p.ended_at IS NULL"
	    "  WHERE t.status = 'pending' AND t.id IN (" WAITING ") GROUP BY 1)"
	    " SELECT a.id, a.status, a.code,"
	    " coalesce(a.access_token_secret, '') <> '', a.mock,"
	    " a.hold_until, a.hold_code,"
	    " coalesce(r.n, 0), w.next_at, w.code FROM twitter_account a"
	    " LEFT JOIN ready r ON r.owner = a.id"
	    " LEFT JOIN waiting w ON w.owner = a.id WHERE a.id IN"
	    " (" OWNERS " AND kind NOT LIKE 'pending draft %')"
	    " AND ($4 = 0 OR a.id = $4) ORDER BY a.id"));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, run->order.tick);
	db_bind_text(&q, 3, run->order.ids);
	db_bind_int(&q, 4, run->order.account);
	db_bind_text(&q, 5, before);
	db_bind_text(&q, 6, spread);
	TRY(db_step(&q, &row));
	while (row) {
		sort_account(run, &q, app, now, result);
		TRY(db_step(&q, &row));
	}
	return OK;
}
