/*
 * tweet_list.c - tweets by filter, a page at a time.
 *
 * A page is read in the order of an index, from where the page before ended, so
 * that it costs the same among a thousand tweets and among a million. Which
 * index that is depends on the order and on the filter; where a filter leaves
 * few tweets, those are read and sorted. Each way is a statement of its own:
 * one with ORs for all would walk no index at all.
 */
#include "app/tweet_list.h"

#include <string.h>

#include "app/account.h"
#include "app/tally.h"
#include "app/tweet.h"
#include "app/tweet_search.h"
#include "app/tweet_state.h"
#include "app/tweet_turn.h"
#include "base/clock.h"

const char *const tweet_states[] = { "draft", "pending", "scheduled", "due",
	"held", "held_back", "sending", "unknown", "unconfirmed", "posted",
	"failed", NULL };

const char *const tweet_sorts[] = { "-id", "id", "scheduled_at",
	"-scheduled_at", "posted_at", "-posted_at", NULL };

/* ---- statements ---------------------------------------------------------- */

/* $1 is the time now, $2 an account, $3 a status, $4 the cursor's id, $5 a
 * state, $6 a pattern, $7 the limit, $8 the offset, $9 a code, $10 and $11 the
 * bounds of the time, $12 an id, $13 the name of an account. */
#define COLUMNS                                                       \
	"SELECT t.id, t.content, t.status, t.created_at, a.username," \
	" t.twitter_account_id, " TWEET_STATE ", t.posted_at,"        \
	" t.twitter_id, t.code, t.reason, " TWEET_TURNS " FROM " TWEET_TABLES

/* What may be NULL is written so that no index is chosen by it. */
#define FIT                                                    \
	" AND ($2 IS NULL OR t.twitter_account_id = $2)"       \
	" AND ($3 IS NULL OR $3 = " TWEET_STATUS ")"           \
	" AND ($9 IS NULL OR $9 = " TWEET_CODE ")"             \
	" AND ($6 IS NULL OR t.content LIKE $6 ESCAPE '\\'"    \
	" OR t.id = $12 OR t.twitter_account_id IN (SELECT id" \
	" FROM twitter_account WHERE lower(username) = lower($13)))"
#define FILTER FIT " AND ($5 IS NULL OR $5 = " TWEET_STATE ")"

#define MADE_BETWEEN                                                   \
	" AND ($10 IS NULL OR $10 <= coalesce(datetime(t.created_at)," \
	" t.created_at)) AND ($11 IS NULL OR"                          \
	" $11 >= coalesce(datetime(t.created_at), t.created_at))"
#define BETWEEN(time) " AND t." time " >= $10 AND t." time " <= $11"

#define IN_ALL            "1"
#define IN_STATUS         "t.status = $3"
#define IN_ACCOUNT        "t.twitter_account_id = $2"
#define IN_ACCOUNT_STATUS "t.twitter_account_id = $2 AND t.status = $3"
#define IN_OPEN           "SELECT tweet_id FROM attempt WHERE ended_at IS NULL"
#define IN_SENT           "t.id IN (" IN_OPEN ")"

#define PAGE " LIMIT $7 OFFSET $8"
#define NEWEST(rows)                                             \
	COLUMNS " WHERE t.id < $4 AND " rows FILTER MADE_BETWEEN \
		" ORDER BY t.id DESC" PAGE
#define OLDEST(rows)                                             \
	COLUMNS " WHERE t.id > $4 AND " rows FILTER MADE_BETWEEN \
		" ORDER BY t.id" PAGE
#define FIRST(time, rows)                                                    \
	COLUMNS " WHERE " rows BETWEEN(time) " AND NOT (t." time             \
					     " = $10 AND t.id <= $4)" FILTER \
					     " ORDER BY t." time ", t.id" PAGE
#define LAST(time, rows)                                                     \
	COLUMNS " WHERE " rows BETWEEN(time) " AND NOT (t." time             \
					     " = $11 AND t.id >= $4)" FILTER \
					     " ORDER BY t." time             \
					     " DESC, t.id DESC" PAGE
#define FIRST_SCHEDULED(rows) FIRST("scheduled_at", rows)
#define LAST_SCHEDULED(rows)  LAST("scheduled_at", rows)
#define FIRST_POSTED(rows)    FIRST("posted_at", rows)
#define LAST_POSTED(rows)     LAST("posted_at", rows)

/* clang-format off */
#define EACH_PATH(statement)                                                   \
	{ [PATH_ALL] = statement(IN_ALL), \
	  [PATH_STATUS] = statement(IN_STATUS), \
	  [PATH_ACCOUNT] = statement(IN_ACCOUNT), \
	  [PATH_ACCOUNT_STATUS] = statement(IN_ACCOUNT_STATUS), \
	  [PATH_SENT] = statement(IN_SENT) }
/* clang-format on */

static const char *const pages[TWEET_SORTS][PATHS] = {
	[TWEET_NEWEST] = EACH_PATH(NEWEST),
	[TWEET_OLDEST] = EACH_PATH(OLDEST),
	[TWEET_SCHEDULED] = EACH_PATH(FIRST_SCHEDULED),
	[TWEET_SCHEDULED_LAST] = EACH_PATH(LAST_SCHEDULED),
	[TWEET_POSTED] = EACH_PATH(FIRST_POSTED),
	[TWEET_POSTED_LAST] = EACH_PATH(LAST_POSTED),
};

/* How many there are among a path's rows: of any state, or of one. */
#define COUNT_OF(from)      "SELECT count(*) FROM " from " WHERE "
#define ANY_MADE(rows)      COUNT_OF("tweet t") rows FIT MADE_BETWEEN
#define ONE_MADE(rows)      COUNT_OF(TWEET_TABLES) rows FILTER MADE_BETWEEN
#define ANY_SCHEDULED(rows) COUNT_OF("tweet t") rows BETWEEN("scheduled_at") FIT
#define ONE_SCHEDULED(rows) \
	COUNT_OF(TWEET_TABLES) rows BETWEEN("scheduled_at") FILTER
#define ANY_POSTED(rows) COUNT_OF("tweet t") rows BETWEEN("posted_at") FIT
#define ONE_POSTED(rows) COUNT_OF(TWEET_TABLES) rows BETWEEN("posted_at") FILTER

static const char *const counts[TIMES][2][PATHS] = {
	[TIME_MADE] = { EACH_PATH(ANY_MADE), EACH_PATH(ONE_MADE) },
	[TIME_SCHEDULED] = { EACH_PATH(ANY_SCHEDULED),
	    EACH_PATH(ONE_SCHEDULED) },
	[TIME_POSTED] = { EACH_PATH(ANY_POSTED), EACH_PATH(ONE_POSTED) },
};

/* Those that have a time, by an index alone and with no look at their rows; and
 * of those that are posted: the others are few. */
#define COUNT_TIMED(time) COUNT_OF("tweet t") "1" BETWEEN(time)
#define COUNT_POSTED                                         \
	"SELECT count(*) - (SELECT count(*) FROM tweet n"    \
	" WHERE (n.status < 'posted' OR n.status > 'posted'" \
	" OR n.status IS NULL)"                              \
	" AND coalesce(n.posted_at, NULL) >= $10"            \
	" AND coalesce(n.posted_at, NULL) <= $11)"           \
	" FROM tweet t WHERE 1" BETWEEN("posted_at")

/* ---- reading ------------------------------------------------------------- */

/* The least and the greatest that a column of times can hold. */
static void bind_times(struct db_query *q, const struct tweet_search *s)
{
	if (s->from[0])
		db_bind_text(q, 10, s->from);
	else if (s->time != TIME_MADE)
		db_bind_int(q, 10, INT64_MIN);
	if (s->to[0] || s->time != TIME_MADE)
		db_bind_text(q, 11, s->to[0] ? s->to : "\xF4\x8F\xBF\xBF");
}

static void bind_filter(struct db_query *q, const struct tweet_search *s)
{
	const struct tweet_filter *f = s->filter;

	if (f->account)
		db_bind_int(q, 2, f->account);
	db_bind_text(q, 3, s->status);
	db_bind_text(q, 6, s->like);
	db_bind_text(q, 9, f->code);
	if (s->id)
		db_bind_int(q, 12, s->id);
	db_bind_text(q, 13, s->name);
}

/* Where the page begins: behind the last row of the one before. */
static void bind_start(struct db_query *q, const struct tweet_search *s)
{
	const struct tweet_filter *f = s->filter;
	int64_t id = f->cursor.id;

	if (s->descends)
		db_bind_int(q, 4, id ? id : INT64_MAX);
	else
		db_bind_int(q, 4, id);
	if (f->cursor.value)
		db_bind_text(q, s->descends ? 11 : 10, f->cursor.value);
	db_bind_int(q, 7, f->limit + 1);
	db_bind_int(q, 8, id ? 0 : (f->page - 1) * f->limit);
}

static enum err prepare_count(
    struct app *app, struct db_query *q, const struct tweet_search *s)
{
	bool posted = s->status && strcmp(s->status, "posted") == 0;
	bool bare = s->time != TIME_MADE && !s->filter->account && !s->like &&
		    !s->filter->code && !s->state;

	if (bare && !s->status)
		return s->time == TIME_POSTED
			   ? db_prepare(q, &app->db, COUNT_TIMED("posted_at"))
			   : db_prepare(
				 q, &app->db, COUNT_TIMED("scheduled_at"));
	if (bare && posted && s->time == TIME_POSTED)
		return db_prepare(q, &app->db, COUNT_POSTED);
	TRY(db_prepare_text(
	    q, &app->db, counts[s->time][s->state != NULL][s->counted]));
	bind_filter(q, s);
	if (!s->state)
		return OK;
	db_bind_text(q, 1, s->now);
	db_bind_text(q, 5, s->state);
	return OK;
}

/* Counts what matches: by the counts that are kept, where they can tell. */
static enum err count(
    struct app *app, const struct tweet_search *s, int64_t *total)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	if (s->plain)
		return tally_count(app, s->filter->account, s->status, total);
	TRY(prepare_count(app, &q, s));
	bind_times(&q, s);
	TRY(db_step(&q, &row));
	*total = db_int(&q, 0);
	return OK;
}

/* The newest of an account's tweets of one status: the index of accounts goes
 * by status, and all statuses at once would have to be sorted. */
#define OF_STATUS(status)                                                    \
	"SELECT id FROM (SELECT id FROM tweet WHERE twitter_account_id = $2" \
	" AND status = '" status "' AND id < $4"                             \
	" ORDER BY id DESC LIMIT $7 + $8)"
#define OF_ACCOUNT                                                \
	"t.id IN (" OF_STATUS("pending") " UNION ALL " OF_STATUS( \
	    "posted") " UNION ALL " OF_STATUS("failed") ")"

/* The lists asked for most often, newest first, with nothing in them that they
 * do not need: preparing a statement costs, too. */
static enum err prepare_plain(
    struct app *app, struct db_query *q, const struct tweet_search *s)
{
#define PLAIN(rows) \
	COLUMNS " WHERE t.id < $4 AND " rows " ORDER BY t.id DESC" PAGE

	int64_t account = s->filter->account;

	if (s->status && account)
		TRY(db_prepare(q, &app->db, PLAIN(IN_ACCOUNT_STATUS)));
	else if (s->status)
		TRY(db_prepare(q, &app->db, PLAIN(IN_STATUS)));
	else if (account)
		TRY(db_prepare(q, &app->db, PLAIN(OF_ACCOUNT)));
	else
		TRY(db_prepare(q, &app->db, PLAIN(IN_ALL)));
#undef PLAIN
	if (account)
		db_bind_int(q, 2, account);
	if (s->status)
		db_bind_text(q, 3, s->status);
	return OK;
}

static enum err prepare_page(
    struct app *app, struct db_query *q, const struct tweet_search *s)
{
	if (s->plain) {
		TRY(prepare_plain(app, q, s));
	} else {
		TRY(db_prepare_text(
		    q, &app->db, pages[s->filter->sort][s->path]));
		bind_filter(q, s);
		bind_times(q, s);
		db_bind_text(q, 5, s->state);
	}
	db_bind_text(q, 1, s->now);
	bind_start(q, s);
	return OK;
}

enum { STORED = 2, STATE = 6, POSTED_AT, TWITTER_ID, CODE, REASON };
enum { SCHEDULED_AT = REASON + 1 };

/* What is not confirmed may have any status and any code in its row: see
 * TWEET_STATUS and TWEET_CODE, which cost more. */
static cJSON *read_row(struct app *app, struct db_query *q)
{
	const char *state = db_peek(q, STATE);
	bool doubt = strcmp(state, "unconfirmed") == 0;
	const char *status = doubt ? "failed" : db_peek(q, STORED);
	cJSON *json = tweet_brief(q, status);

	json_add_text(json, "state", state);
	account_add_time(json, "scheduled_at", db_peek(q, SCHEDULED_AT));
	account_add_time(json, "posted_at", db_peek(q, POSTED_AT));
	json_add_text(json, "twitter_id", db_peek(q, TWITTER_ID));
	json_add_text(json, "code",
	    doubt ? err_name(ERR_OUTCOME_UNKNOWN) : db_peek(q, CODE));
	json_add_text(json, "reason", db_peek(q, REASON));
	if (strcmp(status, "pending") == 0)
		tweet_turn(app, q, SCHEDULED_AT);
	return json;
}

/* The cursor of Q's row. */
static const char *cursor_of(
    struct arena *a, const struct tweet_search *s, struct db_query *q)
{
	struct cursor cursor = { .id = db_int(q, 0) };

	if (s->time != TIME_MADE)
		cursor.value = db_peek(
		    q, s->time == TIME_SCHEDULED ? SCHEDULED_AT : POSTED_AT);
	return cursor_text(a, tweet_sorts[s->filter->sort], &cursor);
}

bool tweet_sort_timed(enum tweet_sort sort)
{
	return sort >= TWEET_SCHEDULED;
}

/* ---- the list ------------------------------------------------------------ */

/* Reads a page; one row more than it holds tells that there is a next one. */
static enum err read_page(struct app *app, const struct tweet_search *s,
    cJSON *tweets, const char **next)
{
	SCOPED(db_query) q = { 0 };
	const char *last = NULL;
	bool row = false;

	TRY(prepare_page(app, &q, s));
	TRY(db_step(&q, &row));
	for (int64_t n = 0; row && n < s->filter->limit; n++) {
		if (n + 1 == s->filter->limit)
			last = cursor_of(app->arena, s, &q);
		json_push(tweets, read_row(app, &q));
		TRY(db_step(&q, &row));
	}
	if (row)
		*next = last;
	return OK;
}

/* A tweet that is not on the page may come to it, or to the count, as time
 * passes. Where nothing is counted, to find out when would cost the most. */
static enum err note_turns(struct app *app, const struct tweet_search *s)
{
	static const char *const turning[] = { "pending", "scheduled", "due",
		"held_back", "sending", "unknown" };

	for (size_t i = 0; i < COUNT(turning); i++) {
		if (!tweet_search_is(s, turning[i]))
			continue;
		if (!s->filter->uncounted)
			return tweet_turn_all(app);
		app_turns_at(app, app->opened_at + 1);
	}
	return OK;
}

enum err tweet_list(
    struct app *app, const struct tweet_filter *filter, cJSON **out)
{
	struct tweet_search s = { 0 };
	cJSON *tweets = json_array();
	const char *next = NULL;
	int64_t total = 0;

	TRY(tweet_search_for(app, filter, &s));
	if (!s.none && !filter->uncounted)
		TRY(count(app, &s, &total));
	TRY(note_turns(app, &s));
	if (!s.none)
		TRY(read_page(app, &s, tweets, &next));
	*out = json_object();
	json_add(*out, "tweets", tweets);
	if (!filter->uncounted)
		json_add_int(*out, "total", total);
	json_add_text(*out, "next_cursor", next);
	return OK;
}
