/*
 * overdue.c - finds scheduled tweets that did not go out on time, and says why.
 *
 * Each reason is one condition, whether it affects one tweet or a thousand; its
 * words give the number. Conditions follow from the tweets as they are, so each
 * is over when someone has dealt with the last of its tweets.
 */
#include "watch/overdue.h"

#include <inttypes.h>

#include "app/tally.h"
#include "base/clock.h"

/* Tweets that X rejected longer ago no longer count, nor does anyone need to
 * know of more than MOST. */
enum { DAY = 86400, LOOK_BACK = 30, MOST = 100 };

/* The accounts that a tick sends for; the account's row is a. */
#define USABLE                                     \
	"(coalesce(a.status, 'active') = 'active'" \
	" AND coalesce(a.access_token_secret, '') = '')"

/* The kinds of tweets that missed their time, in a row n of the tally. */
#define HELD "n.kind >= 'pending held ' AND n.kind < 'pending held!'"

static const char *tweets(struct arena *a, int64_t n)
{
	return arena_printf(a, "%s%" PRId64 " scheduled tweet%s",
	    n > MOST ? "more than " : "", n > MOST ? MOST : n,
	    n == 1 ? "" : "s");
}

/* Tweets of accounts that cannot be used belong to check_unusable. */
static enum err check_missed(struct app *app, struct condition *out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT coalesce(sum(n.n), 0) FROM twitter_account a"
	    " CROSS JOIN tally n ON n.owner = a.id AND " HELD
	    " WHERE " USABLE));
	TRY(db_step(&q, &row));

	int64_t n = db_int(&q, 0);

	if (n)
		out->words = arena_printf(app->arena, "%s %s missed",
		    tweets(app->arena, n), n == 1 ? "was" : "were");
	return OK;
}

static enum err check_unusable(struct app *app, struct condition *out)
{
	SCOPED(db_query) any = { 0 };
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	TRY(db_prepare(&any, &app->db,
	    "SELECT 1 FROM twitter_account a WHERE NOT " USABLE " LIMIT 1"));
	TRY(db_step(&any, &row));
	if (!row)
		return OK;
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "WITH waiting AS (SELECT owner, n FROM tally n WHERE " HELD
	    " UNION ALL SELECT twitter_account_id, count(*) FROM tweet"
	    " WHERE id IN (" TWEET_IDS_OVERDUE ")"
	    " AND scheduled_at <= $1 GROUP BY 1)"
	    " SELECT coalesce(sum(w.n), 0), count(DISTINCT a.id),"
	    " max(a.username) FROM waiting w"
	    " JOIN twitter_account a ON a.id = w.owner"
	    " WHERE NOT " USABLE " AND w.n > 0"));
	db_bind_text(&q, 1, now);
	TRY(db_step(&q, &row));

	int64_t n = db_int(&q, 0), accounts = db_int(&q, 1);

	if (!n)
		return OK;
	out->words = arena_printf(app->arena,
	    "%s did not go out: %s can't be used", tweets(app->arena, n),
	    accounts == 1
		? arena_printf(app->arena, "@%s", db_peek(&q, 2))
		: arena_printf(app->arena, "%" PRId64 " accounts", accounts));
	return OK;
}

/* The newest $2 of them by the end of their attempts, from the time $1 on, and
 * by their ids: a tweet can fail without an attempt. */
#define BY_ATTEMPT                                                \
	"SELECT p.tweet_id FROM attempt p CROSS JOIN tweet t"     \
	" ON t.id = p.tweet_id WHERE p.ended_at >= $1"            \
	" AND p.outcome NOT IN ('posted', 'found')"               \
	" AND t.status = 'failed' AND t.scheduled_at IS NOT NULL" \
	" ORDER BY p.ended_at DESC LIMIT $2"
#define BY_ID(state)                                         \
	"SELECT id FROM tweet WHERE row_state = '" state "'" \
	" AND scheduled_at IS NOT NULL ORDER BY id DESC LIMIT $2"
#define ENDED                                                         \
	"SELECT * FROM (" BY_ATTEMPT ") UNION SELECT * FROM (" BY_ID( \
	    "failed") ") UNION SELECT * FROM (" BY_ID("unconfirmed") ")"

/* Tweets that X rejected or that we could not send, and tweets that could not
 * be confirmed. */
static enum err check_failed(
    struct app *app, struct condition *rejected, struct condition *unconfirmed)
{
	SCOPED(db_query) q = { 0 };
	int64_t since = clock_now() - (int64_t)LOOK_BACK * DAY;
	char text[CLOCK_TEXT];
	const struct tally_filter failed = { .status = "failed",
		.scheduled = true };
	struct tally all;
	bool row = false;

	TRY(tally_read(app, 0, &all));
	if (!tally_sum(&all, &failed))
		return OK;
	clock_sql(since, text);
	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*), coalesce(sum(t.code = 'outcome_unknown'), 0)"
	    " FROM tweet t WHERE t.status = 'failed' AND t.id IN (" ENDED ")"
	    " AND t.scheduled_at IS NOT NULL AND (t.scheduled_at >= $1"
	    " OR EXISTS (SELECT 1 FROM attempt p WHERE p.tweet_id = t.id"
	    " AND p.ended_at >= $1))"));
	db_bind_text(&q, 1, text);
	db_bind_int(&q, 2, MOST + 1);
	TRY(db_step(&q, &row));

	int64_t unknown = db_int(&q, 1), n = db_int(&q, 0) - unknown;

	if (n)
		rejected->words = arena_printf(app->arena, "%s %s rejected",
		    tweets(app->arena, n), n == 1 ? "was" : "were");
	if (unknown)
		unconfirmed->words = arena_printf(app->arena,
		    "we couldn't confirm whether %s %s posted",
		    tweets(app->arena, unknown), unknown == 1 ? "was" : "were");
	return OK;
}

enum err overdue_check(struct app *app, struct condition *conditions)
{
	TRY(check_missed(app, &conditions[CONDITION_MISSED]));
	TRY(check_unusable(app, &conditions[CONDITION_UNUSABLE]));
	return check_failed(app, &conditions[CONDITION_REJECTED],
	    &conditions[CONDITION_UNCONFIRMED]);
}
