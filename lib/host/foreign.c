/*
 * foreign.c - rows that another program wrote and that we cannot use.
 *
 * Mending loses nothing: no row is deleted, and no tweet becomes pending that
 * was not. What cannot be known is left to a person, as not confirmed.
 */
#include "host/foreign.h"

#include <inttypes.h>
#include <string.h>

#include "app/account.h"
#include "app/account_link.h"
#include "app/tweet.h"
#include "app/tweet_state.h"
#include "base/clock.h"

enum { PASSES = 3 };

enum kind { TEXT, STATUS, ORPHAN, TIME, ACCOUNT, NAME, COUNTS };
_Static_assert(COUNTS + 1 == FOREIGN_KINDS, "a kind without its number");

static const struct {
	const char *of;
	const char *words;
} kinds[] = {
	[TEXT] = { "tweets", "have a text that cannot be sent" },
	[STATUS] = { "tweets", "have a status that nobody knows" },
	[ORPHAN] = { "tweets", "belong to an account that is not there" },
	[TIME] = { "tweets", "have a time that is written otherwise" },
	[ACCOUNT] = { "accounts",
	    "have a status that nobody knows, or a time written otherwise" },
	[NAME] = { "accounts", "have a name that is no UTF-8" },
	[COUNTS] = { "accounts", "have more or fewer tweets than were counted"
				 " (0: all of them together)" },
};

#define ODD_STATUS \
	"coalesce(t.status, '') NOT IN ('pending', 'posted', 'failed')"
#define NO_ACCOUNT                                    \
	"NOT EXISTS (SELECT 1 FROM twitter_account a" \
	" WHERE a.id = t.twitter_account_id)"
/* datetime gives its own spelling, and NULL for what is no time. */
#define ODD_TIME(time) "(" time " IS NOT datetime(" time "))"
#define ODD_TIMES              \
	ODD_TIME("created_at") \
	" OR " ODD_TIME("posted_at") " OR " ODD_TIME("scheduled_at")
#define ODD_ACCOUNT                                                      \
	"(coalesce(status, '') NOT IN ('active', 'suspended', 'failed'," \
	" 'inactive') OR " ODD_TIME("created_at") " OR " ODD_TIME(       \
	    "updated_at") ")"
/* Each owner of counts with each status. */
#define OWNERS                                                  \
	"(SELECT 0 AS owner UNION ALL SELECT id"                \
	" FROM twitter_account) o, (SELECT 'pending' AS status" \
	" UNION ALL SELECT 'posted' UNION ALL SELECT 'failed') s"
#define MISCOUNTED                                                  \
	"SELECT o.owner FROM " OWNERS " LEFT JOIN tally n"          \
	" ON n.owner = o.owner AND n.status = s.status"             \
	" WHERE coalesce(n.n, -1) <> CASE WHEN o.owner = 0 THEN"    \
	" (SELECT count(*) FROM tweet t WHERE t.status = s.status)" \
	" ELSE (SELECT count(*) FROM tweet t"                       \
	" WHERE t.twitter_account_id = o.owner"                     \
	" AND t.status = s.status) END GROUP BY 1"

/* ---- looking ------------------------------------------------------------- */

static void add_id(struct arena *a, struct foreign *f, int64_t id)
{
	enum { FIRST = 16 };
	size_t size = f->count < FIRST ? FIRST : f->count;

	/* full whenever the number is a power of two */
	if (!f->count || (f->count >= FIRST && !(f->count & (f->count - 1)))) {
		int64_t *more = arena_array(a, 2 * size, sizeof(*more));

		if (f->count)
			memcpy(more, f->ids, f->count * sizeof(*more));
		f->ids = more;
	}
	f->ids[f->count++] = id;
}

/* Adds the ids that Q, which is prepared, gives. */
static enum err read_ids(struct app *app, struct db_query *q, struct foreign *f)
{
	bool row = false;

	TRY(db_step(q, &row));
	while (row) {
		add_id(app->arena, f, db_int(q, 0));
		TRY(db_step(q, &row));
	}
	return OK;
}

/* A tweet that is to be sent, and is not going to be. */
static enum err look_at_texts(struct app *app, struct foreign *f)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT t.id, t.content FROM tweet t WHERE t.status = 'pending'"
	    " AND coalesce(t.draft, 0) = 0 AND NOT " TWEET_ON_ITS_WAY
	    " ORDER BY t.id"));
	TRY(db_step(&q, &row));
	while (row) {
		int64_t weighted = 0;

		if (!db_readable(&q, 1) ||
		    tweet_text_wrong(app, db_peek(&q, 1), &weighted))
			add_id(app->arena, f, db_int(&q, 0));
		TRY(db_step(&q, &row));
	}
	return OK;
}

static enum err look_at_names(struct app *app, struct foreign *f)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT id, username FROM twitter_account ORDER BY id"));
	TRY(db_step(&q, &row));
	while (row) {
		if (!db_readable(&q, 1))
			add_id(app->arena, f, db_int(&q, 0));
		TRY(db_step(&q, &row));
	}
	return OK;
}

static enum err prepare(struct app *app, struct db_query *q, enum kind kind)
{
	switch (kind) {
	case STATUS:
		return db_prepare(q, &app->db,
		    "SELECT t.id FROM tweet t WHERE " ODD_STATUS
		    " ORDER BY t.id");
	case ORPHAN:
		return db_prepare(q, &app->db,
		    "SELECT t.id FROM tweet t WHERE " NO_ACCOUNT
		    " ORDER BY t.id");
	case TIME:
		return db_prepare(q, &app->db,
		    "SELECT id FROM tweet WHERE " ODD_TIMES " ORDER BY id");
	case ACCOUNT:
		return db_prepare(q, &app->db,
		    "SELECT id FROM twitter_account WHERE " ODD_ACCOUNT
		    " ORDER BY id");
	case COUNTS:
		return db_prepare(q, &app->db, MISCOUNTED);
	case TEXT:
	case NAME:
		break;
	}
	return OK;
}

enum err foreign_look(struct app *app, struct foreign found[FOREIGN_KINDS])
{
	for (size_t i = 0; i < FOREIGN_KINDS; i++) {
		SCOPED(db_query) q = { 0 };
		struct foreign *f = &found[i];

		*f = (struct foreign){ kinds[i].words, kinds[i].of, NULL, 0 };
		if (i == TEXT) {
			TRY(look_at_texts(app, f));
		} else if (i == NAME) {
			TRY(look_at_names(app, f));
		} else {
			TRY(prepare(app, &q, (enum kind)i));
			TRY(read_ids(app, &q, f));
		}
	}
	return OK;
}

/* ---- mending ------------------------------------------------------------- */

static enum err mend_text(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(
	    &q, &app->db, "SELECT content FROM tweet WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	return tweet_fail(app, id,
	    row && !db_readable(&q, 0) ? ERR_TEXT_UNREADABLE
				       : ERR_TEXT_INVALID);
}

/* Makes an account for the tweet, with the id that the tweet wants where that
 * can be one: linking that account again then gives its tweets back to it. */
static enum err mend_orphan(struct app *app, int64_t id)
{
	static const char name[] = ACCOUNT_UNNAMED "missing_";
	SCOPED(db_query) q = { 0 };
	SCOPED(db_query) set = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO twitter_account(id, username, access_token, status)"
	    " SELECT CASE WHEN CAST(t.twitter_account_id AS INTEGER) > 0"
	    " THEN CAST(t.twitter_account_id AS INTEGER) END,"
	    " $2 || t.twitter_account_id, '', 'inactive'"
	    " FROM tweet t WHERE t.id = $1 ON CONFLICT DO NOTHING"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, name);
	TRY(db_run(&q, NULL));
	TRY(db_prepare(&set, &app->db,
	    "UPDATE tweet AS t SET twitter_account_id = a.id"
	    " FROM twitter_account a WHERE t.id = $1 AND " NO_ACCOUNT
	    " AND a.username = $2 || t.twitter_account_id"));
	db_bind_int(&set, 1, id);
	db_bind_text(&set, 2, name);
	return db_run(&set, NULL);
}

/* The stored TIME as we write it; NULL where it is none. */
static const char *plain(struct arena *a, const char *time)
{
	char *text = arena_alloc(a, CLOCK_TEXT);
	int64_t t = 0;

	if (!time || !clock_parse_stored(str_of(time), &t))
		return NULL;
	clock_sql(t, text);
	return text;
}

static enum err mend_times(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };
	SCOPED(db_query) set = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT created_at, posted_at, scheduled_at FROM tweet"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	TRY(db_prepare(&set, &app->db,
	    "UPDATE tweet SET created_at = $2, posted_at = $3,"
	    " scheduled_at = $4 WHERE id = $1"));
	db_bind_int(&set, 1, id);
	for (int i = 0; i < 3; i++)
		db_bind_text(&set, i + 2, plain(app->arena, db_text(&q, i)));
	return db_run(&set, NULL);
}

static enum err mend_account(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };
	SCOPED(db_query) set = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT " ACCOUNT_KNOWN_STATUS ", created_at, updated_at"
	    " FROM twitter_account WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	TRY(db_prepare(&set, &app->db,
	    "UPDATE twitter_account SET status = $2, created_at = $3,"
	    " updated_at = $4 WHERE id = $1"));
	db_bind_int(&set, 1, id);
	db_bind_text(&set, 2, db_text(&q, 0));
	for (int i = 1; i < 3; i++)
		db_bind_text(&set, i + 2, plain(app->arena, db_text(&q, i)));
	return db_run(&set, NULL);
}

/* X is asked for the name of one that has none, before it is used again. */
static enum err mend_name(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE twitter_account SET username = $2 WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2,
	    arena_printf(
		app->arena, ACCOUNT_UNNAMED "unreadable_%" PRId64, id));
	return db_run(&q, NULL);
}

static enum err mend_counts(struct app *app, int64_t id)
{
	SCOPED(db_query) gone = { 0 };
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&gone, &app->db, "DELETE FROM tally WHERE owner = $1"));
	db_bind_int(&gone, 1, id);
	TRY(db_run(&gone, NULL));
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO tally SELECT $1, s.status, (SELECT count(*)"
	    " FROM tweet t WHERE t.status = s.status"
	    " AND ($1 = 0 OR t.twitter_account_id = $1))"
	    " FROM (SELECT 'pending' AS status UNION ALL SELECT 'posted'"
	    " UNION ALL SELECT 'failed') s"));
	db_bind_int(&q, 1, id);
	return db_run(&q, NULL);
}

static enum err mend_one(struct app *app, enum kind kind, int64_t id)
{
	switch (kind) {
	case TEXT:
		return mend_text(app, id);
	case STATUS:
		return tweet_fail(app, id, ERR_OUTCOME_UNKNOWN);
	case ORPHAN:
		return mend_orphan(app, id);
	case TIME:
		return mend_times(app, id);
	case ACCOUNT:
		return mend_account(app, id);
	case NAME:
		return mend_name(app, id);
	case COUNTS:
		return mend_counts(app, id);
	}
	return OK;
}

static enum err mend_found(
    struct app *app, const struct foreign *found, int64_t *mended)
{
	for (size_t i = 0; i < FOREIGN_KINDS; i++) {
		for (size_t j = 0; j < found[i].count; j++)
			TRY(mend_one(app, (enum kind)i, found[i].ids[j]));
		*mended += (int64_t)found[i].count;
	}
	return OK;
}

enum err foreign_mend(struct app *app, int64_t *mended)
{
	SCOPED(db_tx) tx = { 0 };
	struct foreign found[FOREIGN_KINDS];
	int64_t before = -1;

	*mended = 0;
	TRY(db_begin(&tx, &app->db));
	/* an account that is made for its tweets wants its counts, too */
	for (int i = 0; i < PASSES && *mended != before; i++) {
		before = *mended;
		TRY(foreign_look(app, found));
		TRY(mend_found(app, found, mended));
	}
	return db_commit(&tx);
}
