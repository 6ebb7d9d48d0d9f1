/*
 * overdue.c - scheduled tweets that did not go out at their time, and why.
 *
 * Each reason is one trouble, whether it strikes one tweet or a thousand: the
 * words tell how many. All are judged by the tweets as they are, so a trouble
 * is over when a person has dealt with the last of them.
 */
#include "watch/overdue.h"

#include <inttypes.h>

#include "app/tally.h"
#include "base/clock.h"

/* Tweets that X rejected so long ago are history, dealt with or not. */
enum { DAY = 86400, LOOK_BACK = 30, ALL_ACCOUNTS = 0 };

/* What a tick sends for, as far as the account goes; an account is a. */
#define USABLE                                     \
	"(coalesce(a.status, 'active') = 'active'" \
	" AND coalesce(a.access_token_secret, '') = '')"

static const char *tweets(struct arena *a, int64_t n)
{
	return arena_printf(
	    a, "%" PRId64 " scheduled tweet%s", n, n == 1 ? "" : "s");
}

/* Those of accounts that cannot be used are told of by look_unusable. */
static enum err look_missed(struct app *app, struct trouble *out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*) FROM tweet t JOIN twitter_account a"
	    " ON a.id = t.twitter_account_id WHERE t.status = 'pending'"
	    " AND t.late = 'held' AND coalesce(t.draft, 0) = 0 AND " USABLE));
	TRY(db_step(&q, &row));

	int64_t n = db_int(&q, 0);

	if (n)
		out->words = arena_printf(app->arena, "%s %s missed",
		    tweets(app->arena, n), n == 1 ? "was" : "were");
	return OK;
}

static enum err look_unusable(struct app *app, struct trouble *out)
{
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*), count(DISTINCT a.id), max(a.username)"
	    " FROM twitter_account a CROSS JOIN tweet t"
	    " ON t.twitter_account_id = a.id AND t.status = 'pending'"
	    " WHERE NOT " USABLE " AND t.scheduled_at <= $1"
	    " AND coalesce(t.draft, 0) = 0"));
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

/* Those that X does not take, or that we do not hand to it; and those of which
 * nobody knows whether they are out. */
static enum err look_failed(
    struct app *app, struct trouble *rejected, struct trouble *unconfirmed)
{
	SCOPED(db_query) q = { 0 };
	int64_t since = clock_now() - (int64_t)LOOK_BACK * DAY;
	char text[CLOCK_TEXT];
	int64_t failed = 0;
	bool row = false;

	TRY(tally_count(app, ALL_ACCOUNTS, "failed", &failed));
	if (!failed)
		return OK;
	clock_sql(since, text);
	TRY(db_prepare(&q, &app->db,
	    "SELECT count(*), coalesce(sum(t.code = 'outcome_unknown'), 0)"
	    " FROM tweet t WHERE t.status = 'failed'"
	    " AND t.scheduled_at IS NOT NULL AND (t.scheduled_at >= $1"
	    " OR EXISTS (SELECT 1 FROM attempt p WHERE p.tweet_id = t.id"
	    " AND p.ended_at >= $1))"));
	db_bind_text(&q, 1, text);
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

enum err overdue_look(struct app *app, struct trouble *troubles)
{
	TRY(look_missed(app, &troubles[TROUBLE_MISSED]));
	TRY(look_unusable(app, &troubles[TROUBLE_UNUSABLE]));
	return look_failed(
	    app, &troubles[TROUBLE_REJECTED], &troubles[TROUBLE_UNCONFIRMED]);
}
