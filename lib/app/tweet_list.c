/* tweet_list.c - tweets by filter, a page at a time. */
#include "app/tweet_list.h"

#include <inttypes.h>
#include <string.h>

#include "app/account.h"
#include "app/tweet.h"
#include "app/tweet_state.h"
#include "base/buf.h"
#include "base/clock.h"

const char *const tweet_states[] = { "pending", "scheduled", "due", "held",
	"held_back", "sending", "unknown", "posted", "failed", NULL };

/* What a filter comes to: states are narrower than the status they imply. */
struct search {
	const char *status;
	const char *state; /* NULL: the status says it all */
	const char *like;  /* a LIKE pattern; NULL: any text */
	bool none;         /* nothing can match */
	char now[CLOCK_TEXT];
};

static const char *pattern_of(struct arena *a, const char *text)
{
	struct buf like = buf_make(a, 2 * strlen(text) + 2);

	buf_byte(&like, '%');
	for (const char *p = text; *p; p++) {
		if (strchr("%_\\", *p))
			buf_byte(&like, '\\');
		buf_byte(&like, *p);
	}
	buf_byte(&like, '%');
	return buf_cstr(&like);
}

static struct search search_for(struct app *app, const struct tweet_filter *f)
{
	struct search s = { .status = f->status, .state = f->state };

	clock_sql(clock_now(), s.now);
	if (f->text)
		s.like = pattern_of(app->arena, f->text);
	if (!f->state)
		return s;

	bool ended =
	    strcmp(f->state, "posted") == 0 || strcmp(f->state, "failed") == 0;
	const char *implied = ended ? f->state : "pending";

	s.none = f->status && strcmp(f->status, implied) != 0;
	s.status = implied;
	if (ended)
		s.state = NULL;
	return s;
}

/* What costs more is asked only where a caller wants it; $2, $6 may be NULL. */
#define FILTER                                           \
	" AND ($2 IS NULL OR t.twitter_account_id = $2)" \
	" AND ($5 IS NULL OR $5 = " TWEET_STATE ")"      \
	" AND ($6 IS NULL OR t.content LIKE $6 ESCAPE '\\')"

static bool is_plain(const struct search *s)
{
	return !s->state && !s->like;
}

/* The newest of an account's tweets of one status: the index of accounts goes
 * by status, and all statuses at once would have to be sorted. */
#define OF_STATUS(status)                                                    \
	"SELECT id FROM (SELECT id FROM tweet WHERE twitter_account_id = $2" \
	" AND status = '" status "' AND id < $4"                             \
	" ORDER BY id DESC LIMIT $7 + $8)"
#define OF_ACCOUNT                                                     \
	" AND t.id IN (" OF_STATUS("pending") " UNION ALL " OF_STATUS( \
	    "posted") " UNION ALL " OF_STATUS("failed") ")"

/* A statement for each index and not one with ORs, which would walk none. */
static enum err prepare(struct app *app, struct db_query *q,
    const struct search *s, const struct tweet_filter *f)
{
#define LIST(where)                                                   \
	"SELECT t.id, t.content, t.status, t.created_at, a.username," \
	" t.twitter_account_id, " TWEET_STATE ", t.scheduled_at"      \
	" FROM " TWEET_TABLES " WHERE t.id < $4" where                \
	" ORDER BY t.id DESC LIMIT $7 OFFSET $8"

	if (!is_plain(s) && s->status)
		return db_prepare(
		    q, &app->db, LIST(" AND t.status = $3" FILTER));
	if (!is_plain(s))
		return db_prepare(q, &app->db, LIST(FILTER));
	if (s->status && f->account)
		return db_prepare(q, &app->db,
		    LIST(" AND t.twitter_account_id = $2 AND t.status = $3"));
	if (s->status)
		return db_prepare(q, &app->db, LIST(" AND t.status = $3"));
	if (f->account)
		return db_prepare(q, &app->db, LIST(OF_ACCOUNT));
	return db_prepare(q, &app->db, LIST(""));
#undef LIST
}

static void bind(
    struct db_query *q, const struct search *s, const struct tweet_filter *f)
{
	db_bind_text(q, 1, s->now);
	if (f->account)
		db_bind_int(q, 2, f->account);
	if (s->status)
		db_bind_text(q, 3, s->status);
	if (is_plain(s))
		return;
	db_bind_text(q, 5, s->state);
	db_bind_text(q, 6, s->like);
}

/* Counts what matches: by the counts that are kept, where they can tell. */
static enum err count(struct app *app, const struct search *s,
    const struct tweet_filter *f, int64_t *total)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	if (is_plain(s))
		return account_tally(app, f->account, s->status, total);
	if (s->status)
		TRY(db_prepare(&q, &app->db,
		    "SELECT count(*) FROM " TWEET_TABLES
		    " WHERE t.status = $3" FILTER));
	else
		TRY(db_prepare(&q, &app->db,
		    "SELECT count(*) FROM " TWEET_TABLES " WHERE 1" FILTER));
	bind(&q, s, f);
	TRY(db_step(&q, &row));
	*total = db_int(&q, 0);
	return OK;
}

static cJSON *read_row(struct db_query *q)
{
	cJSON *json = tweet_brief(q);

	json_add_text(json, "state", db_peek(q, 6));
	account_add_time(json, "scheduled_at", db_peek(q, 7));
	return json;
}

/* Reads a page; one row more than it holds tells that there is a next one. */
static enum err read_page(
    struct db_query *q, int64_t limit, cJSON *tweets, int64_t *next)
{
	bool row = false;
	int64_t last = 0;

	*next = 0;
	TRY(db_step(q, &row));
	for (int64_t n = 0; row && n < limit; n++) {
		last = db_int(q, 0);
		json_push(tweets, read_row(q));
		TRY(db_step(q, &row));
	}
	if (row)
		*next = last;
	return OK;
}

enum err tweet_list(
    struct app *app, const struct tweet_filter *filter, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	struct search s = search_for(app, filter);
	cJSON *tweets = json_array();
	int64_t total = 0;
	int64_t next = 0;

	if (!s.none) {
		TRY(count(app, &s, filter, &total));
		TRY(prepare(app, &q, &s, filter));
		bind(&q, &s, filter);
		db_bind_int(&q, 4, filter->below ? filter->below : INT64_MAX);
		db_bind_int(&q, 7, filter->limit + 1);
		db_bind_int(&q, 8,
		    filter->below ? 0 : (filter->page - 1) * filter->limit);
		TRY(read_page(&q, filter->limit, tweets, &next));
	}
	*out = json_object();
	json_add(*out, "tweets", tweets);
	json_add_int(*out, "total", total);
	if (next)
		json_add_text(*out, "next_cursor",
		    arena_printf(app->arena, "%" PRId64, next));
	else
		json_add_null(*out, "next_cursor");
	return OK;
}
