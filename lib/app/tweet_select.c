/*
 * tweet_select.c - the statements that find the tweets of a search.
 *
 * A page is read in the order of an index, from the end of the previous page,
 * so it costs the same among a thousand tweets and a million. A statement is
 * put together from the literals below: the rows of the search's path, the
 * order, and the filters for which the path does not stand already. One
 * statement for all of them would use no index.
 */
#include "app/tweet_select.h"

#include "app/tweet.h"
#include "base/buf.h"

/* $1 is the time now, $2 an account, $3 a status, $4 the cursor's id, $5 a
 * state, $6 a pattern, $7 the limit, $8 the offset, $9 a code, $10 and $11 the
 * bounds of the time, $12 an id, $13 the name of an account, $14 a state as
 * rows show it. */

#define SENT "t.id IN (SELECT tweet_id FROM attempt WHERE ended_at IS NULL)"

static const char *const rows[PATHS] = {
	[PATH_ALL] = "1 = 1",
	[PATH_STATUS] = "t.status = $3",
	[PATH_ACCOUNT] = "t.twitter_account_id = $2",
	[PATH_ACCOUNT_STATUS] = "t.twitter_account_id = $2 AND t.status = $3",
	[PATH_STATE] = "t.row_state = $14",
	[PATH_CODE] = "t.code = $9",
	[PATH_PASSED] = "t.id IN (SELECT id FROM tweet WHERE next_at <= $1)",
	[PATH_SENT] = SENT,
};

#define MADE                                                           \
	" AND ($10 IS NULL OR $10 <= coalesce(datetime(t.created_at)," \
	" t.created_at)) AND ($11 IS NULL OR"                          \
	" $11 >= coalesce(datetime(t.created_at), t.created_at))"
#define FIRST(time)                                         \
	" ORDER BY t." time ", t.id",                       \
	    " AND NOT (t." time " = $10 AND t.id <= $4)",   \
	    " AND t." time " >= $10 AND t." time " <= $11", \
	    " AND t." time " IS NOT NULL"
#define LAST(time)                                          \
	" ORDER BY t." time " DESC, t.id DESC",             \
	    " AND NOT (t." time " = $11 AND t.id >= $4)",   \
	    " AND t." time " >= $10 AND t." time " <= $11", \
	    " AND t." time " IS NOT NULL"

static const struct order {
	const char *by;
	const char *after;  /* the cursor */
	const char *within; /* the bounds */
	const char *all;    /* without them and a cursor */
	enum tweet_sort reverse;
} orders[TWEET_SORTS] = {
	[TWEET_NEWEST] = { " ORDER BY t.id DESC", " AND t.id < $4", MADE, "",
	    TWEET_OLDEST },
	[TWEET_OLDEST] = { " ORDER BY t.id", " AND t.id > $4", MADE, "",
	    TWEET_NEWEST },
	[TWEET_SCHEDULED] = { FIRST("scheduled_at"), TWEET_SCHEDULED_LAST },
	[TWEET_SCHEDULED_LAST] = { LAST("scheduled_at"), TWEET_SCHEDULED },
	[TWEET_POSTED] = { FIRST("posted_at"), TWEET_POSTED_LAST },
	[TWEET_POSTED_LAST] = { LAST("posted_at"), TWEET_POSTED },
};

/* Written so that SQLite does not choose an index for them. */
#define OF_ACCOUNT " AND ($2 IS NULL OR t.twitter_account_id = $2)"
#define OF_STATUS  " AND ($3 IS NULL OR $3 = " TWEET_STATUS ")"
#define OF_CODE    " AND ($9 IS NULL OR $9 = " TWEET_CODE ")"
#define OF_TEXT                                                       \
	" AND (t.content LIKE $6 ESCAPE '\\' OR t.id = $12"           \
	" OR t.twitter_account_id IN (SELECT id FROM twitter_account" \
	" WHERE lower(username) = lower($13)))"
#define SHOWN    " AND ($14 IS NULL OR $14 = t.row_state)"
#define IN_STATE " AND $5 = " TWEET_STATE

/* ---- statements ---------------------------------------------------------- */

/* The filters for which the path does not stand. A state is looked at last: the
 * other tables are then read for few rows. */
static void add_filters(
    struct buf *sql, const struct tweet_search *s, enum path path)
{
	bool account = path == PATH_ACCOUNT || path == PATH_ACCOUNT_STATUS;
	bool status = path == PATH_STATUS || path == PATH_ACCOUNT_STATUS;

	if (s->filter->account && !account)
		buf_text(sql, OF_ACCOUNT);
	if (s->status && !s->state && !status)
		buf_text(sql, OF_STATUS);
	if (s->filter->code && path != PATH_CODE)
		buf_text(sql, OF_CODE);
	if (s->like)
		buf_text(sql, OF_TEXT);
	if (s->shown && path != PATH_STATE)
		buf_text(sql, SHOWN);
	if (s->state)
		buf_text(sql, IN_STATE);
}

static void add_where(struct buf *sql, const struct tweet_search *s,
    enum path path, enum tweet_sort sort, const struct cursor *cursor)
{
	const struct order *order = &orders[sort];
	bool bounded = s->from[0] || s->to[0];

	buf_text(sql, " WHERE ");
	buf_text(sql, rows[path]);
	buf_text(sql, bounded || cursor->value ? order->within : order->all);
	if (cursor->id)
		buf_text(sql, order->after);
	if (!s->exact)
		add_filters(sql, s, path);
}

/* The statuses of an account's tweets one beside the other, each in the order
 * of its index. */
static void add_account_ids(
    struct buf *sql, const struct tweet_search *s, enum tweet_sort sort)
{
	for (size_t i = 0; tweet_statuses[i]; i++) {
		buf_text(sql, i ? " UNION ALL SELECT t.id" : "SELECT t.id");
		buf_text(sql, " FROM tweet t WHERE t.twitter_account_id = $2"
			      " AND t.status = '");
		buf_text(sql, tweet_statuses[i]);
		buf_text(sql, "'");
		if (s->filter->cursor.id)
			buf_text(sql, orders[sort].after);
	}
	buf_text(
	    sql, sort == TWEET_NEWEST ? " ORDER BY 1 DESC" : " ORDER BY 1");
}

/* The ids of a page: each row that is skipped would be joined. */
static void add_ids(
    struct buf *sql, const struct tweet_search *s, enum tweet_sort sort)
{
	buf_text(sql, " WHERE t.id IN (");
	if (s->merged) {
		add_account_ids(sql, s, sort);
	} else {
		buf_text(sql, "SELECT t.id FROM ");
		buf_text(sql, s->state && !s->exact ? TWEET_TABLES : "tweet t");
		add_where(sql, s, s->path, sort, &s->filter->cursor);
		buf_text(sql, orders[sort].by);
	}
	buf_text(sql, " LIMIT $7 OFFSET $8)");
}

/* ---- values -------------------------------------------------------------- */

/* The smallest and the largest value of a column of times; a cursor's is
 * narrower. */
static void bind_times(
    struct db_query *q, const struct tweet_search *s, const char *cursor)
{
	const char *from = cursor && !s->descends ? cursor : s->from;
	const char *to = cursor && s->descends ? cursor : s->to;

	if (from[0])
		db_bind_text_if(q, 10, from);
	else if (s->time != TIME_MADE)
		db_bind_int_if(q, 10, INT64_MIN);
	if (to[0] || s->time != TIME_MADE)
		db_bind_text_if(q, 11, to[0] ? to : "\xF4\x8F\xBF\xBF");
}

static void bind_search(struct db_query *q, const struct tweet_search *s,
    const struct cursor *cursor)
{
	const char *state = s->state ? s->state->name : NULL;

	db_bind_text_if(q, 1, s->now);
	db_bind_int_if(q, 2, s->filter->account);
	db_bind_text_if(q, 3, s->status);
	db_bind_int_if(q, 4, cursor->id);
	db_bind_text_if(q, 5, state);
	db_bind_text_if(q, 6, s->like);
	db_bind_text_if(q, 9, s->filter->code);
	bind_times(q, s, cursor->value);
	if (s->id)
		db_bind_int_if(q, 12, s->id);
	db_bind_text_if(q, 13, s->name);
	db_bind_text_if(q, 14, state);
}

/* ---- pages --------------------------------------------------------------- */

enum { SQL_MAX = 8192 };

/* The rows wanted: from the front, or from the end (BACK) if that is nearer. */
struct part {
	int64_t skipped, limit;
	bool back;
};

static struct part part_of(const struct tweet_search *s)
{
	const struct tweet_filter *f = s->filter;
	struct part part = { .limit = f->limit + 1 };
	int64_t total = 0;

	if (f->cursor.id)
		return part;
	part.skipped = (f->page - 1) * f->limit;
	if (!tweet_search_total(s, &total) || part.skipped <= total / 2)
		return part;
	if (part.limit > total - part.skipped)
		part.limit = total > part.skipped ? total - part.skipped : 0;
	part.skipped = part.limit ? total - part.skipped - part.limit : 0;
	part.back = true;
	return part;
}

enum err tweet_select_page(struct app *app, struct db_query *q,
    const struct tweet_search *s, const char *columns)
{
	struct buf sql = buf_make(app->arena, SQL_MAX);
	enum tweet_sort sort = s->filter->sort;
	struct part part = part_of(s);
	bool far = part.skipped || part.back || s->merged;

	buf_text(&sql, columns);
	buf_text(&sql, " FROM " TWEET_TABLES);
	if (far)
		add_ids(&sql, s, part.back ? orders[sort].reverse : sort);
	else
		add_where(&sql, s, s->path, sort, &s->filter->cursor);
	buf_text(&sql, orders[sort].by);
	if (!far)
		buf_text(&sql, " LIMIT $7");
	TRY(db_prepare_text(q, &app->db, buf_cstr(&sql)));
	bind_search(q, s, &s->filter->cursor);
	db_bind_int_if(q, 7, part.limit);
	db_bind_int_if(q, 8, part.skipped);
	return OK;
}

enum err tweet_select_count(
    struct app *app, struct db_query *q, const struct tweet_search *s)
{
	static const struct cursor none = { 0 };
	struct buf sql = buf_make(app->arena, SQL_MAX);

	buf_text(&sql, "SELECT count(*) FROM ");
	buf_text(&sql, s->state ? TWEET_TABLES : "tweet t");
	add_where(&sql, s, s->counted, s->filter->sort, &none);
	TRY(db_prepare_text(q, &app->db, buf_cstr(&sql)));
	bind_search(q, s, &none);
	return OK;
}
