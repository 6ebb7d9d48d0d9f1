/* backoff.c - how long an account, or the whole app, waits to call X again. */
#include "publish/backoff.h"

#include "base/clock.h"
#include "base/random.h"
#include "store/kv.h"

enum { FIRST_SECONDS = 30, LONGEST_SECONDS = 3600 };

int64_t backoff_seconds(int64_t count, int64_t at_least)
{
	int64_t most = FIRST_SECONDS;

	while (count-- > 0 && most < LONGEST_SECONDS)
		most *= 2;
	if (most > LONGEST_SECONDS)
		most = LONGEST_SECONDS;

	int64_t seconds = most - (int64_t)random_below((uint64_t)most / 2);

	return seconds > at_least ? seconds : at_least;
}

static enum err make_wait(struct app *app, int64_t account, enum err why,
    int64_t seconds, int64_t failures)
{
	SCOPED(db_query) q = { 0 };
	char until[CLOCK_TEXT];

	clock_sql(clock_now() + seconds, until);
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET hold_until = $2, hold_code = $3,"
	    " hold_count = coalesce(hold_count, 0) + $4 WHERE id = $1"));
	db_bind_int(&q, 1, account);
	db_bind_text(&q, 2, until);
	db_bind_text(&q, 3, err_name(why));
	db_bind_int(&q, 4, failures);
	return db_run(&q, NULL);
}

enum err backoff_account(
    struct app *app, int64_t account, enum err why, int64_t seconds)
{
	return make_wait(app, account, why, seconds, 1);
}

enum err backoff_until_open(struct app *app, int64_t account, int64_t seconds)
{
	return make_wait(app, account, ERR_RATE_LIMITED, seconds, 0);
}

enum err backoff_clear(struct app *app, int64_t account)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET hold_until = NULL, hold_code = NULL,"
	    " hold_count = 0 WHERE id = $1"));
	db_bind_int(&q, 1, account);
	return db_run(&q, NULL);
}

/* Kept as "code until", until as the database has times. */
enum err backoff_app(struct app *app, enum err why, int64_t seconds)
{
	char until[CLOCK_TEXT];

	clock_sql(clock_now() + seconds, until);
	return kv_set(&app->db, "app_hold",
	    arena_printf(app->arena, "%s %s", err_name(why), until));
}

enum err backoff_app_last(struct app *app, enum err *why, int64_t *until)
{
	const char *value = NULL;

	*why = OK;
	*until = 0;
	TRY(kv_find(&app->db, "app_hold", &value));
	if (!value)
		return OK;

	struct str rest = str_of(value);
	struct str code = str_cut(&rest, ' ');

	if (!rest.p || !clock_parse(rest, until))
		return OK;
	*why = err_named(arena_copy(app->arena, code.p, code.n));
	if (*why == ERR__COUNT)
		*why = ERR_X_UNAVAILABLE;
	return OK;
}

enum err backoff_of_app(struct app *app, enum err *why, int64_t *seconds)
{
	int64_t until = 0;

	TRY(backoff_app_last(app, why, &until));
	if (until <= clock_now())
		*why = OK;
	*seconds = *why == OK ? 0 : until - clock_now();
	return OK;
}

/* A person ends what waits for a person or for an hour to pass. Accounts whose
 * tweets X refuses keep waiting: the request was about all accounts. */
enum err backoff_lift(struct app *app)
{
	SCOPED(db_query) q = { 0 };
	enum err why = OK;
	int64_t seconds = 0;

	TRY(backoff_of_app(app, &why, &seconds));
	if (why != OK && why != ERR_RATE_LIMITED)
		TRY(kv_set(&app->db, "app_hold", NULL));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET hold_until = NULL, hold_code = NULL,"
	    " hold_count = 0"
	    " WHERE hold_code NOT IN ('rate_limited', 'account_held_back')"));
	return db_run(&q, NULL);
}
