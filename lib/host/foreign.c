/*
 * foreign.c - finds rows of other programs that we cannot use.
 *
 * Repairs lose nothing: no row is deleted, and no tweet becomes pending that
 * was not. What cannot be known becomes "not confirmed", for someone to decide.
 */
#include "host/foreign.h"

#include <inttypes.h>
#include <string.h>

#include "app/account.h"
#include "app/account_link.h"
#include "app/tweet.h"
#include "app/tweet_life.h"
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
	[STATUS] = { "tweets", "have an unknown status" },
	[ORPHAN] = { "tweets", "belong to an account that does not exist" },
	[TIME] = { "tweets", "have a time in another format" },
	[ACCOUNT] = { "accounts",
	    "have an unknown status, or a time in another format" },
	[NAME] = { "accounts", "have a name that is not UTF-8" },
	[COUNTS] = { "accounts", "have more or fewer tweets than counted"
				 " (0: all accounts together)" },
};

#define ODD_STATUS \
	"coalesce(t.status, '') NOT IN ('pending', 'posted', 'failed')"
#define NO_ACCOUNT                                    \
	"NOT EXISTS (SELECT 1 FROM twitter_account a" \
	" WHERE a.id = t.twitter_account_id)"
/* datetime() gives NULL for what is not a time, and otherwise its own
 * format. */
#define ODD_TIME(time) "(" time " IS NOT datetime(" time "))"
#define ODD_TIMES              \
	ODD_TIME("created_at") \
	" OR " ODD_TIME("posted_at") " OR " ODD_TIME("scheduled_at")
#define ODD_ACCOUNT                                                      \
	"(coalesce(status, '') NOT IN ('active', 'suspended', 'failed'," \
	" 'inactive') OR " ODD_TIME("created_at") " OR " ODD_TIME(       \
	    "updated_at") ")"
/* The counts as they should be. */
#define COUNTED                                                        \
	"SELECT 0 AS owner, kind, count(*) AS n FROM tweet GROUP BY 2" \
	" UNION ALL SELECT twitter_account_id, kind, count(*)"         \
	" FROM tweet WHERE twitter_account_id > 0 GROUP BY 1, 2"
#define KEPT "SELECT owner, kind, n FROM tally WHERE owner >= 0 AND n <> 0"
#define MISCOUNTED                                                      \
	"WITH counted AS (" COUNTED "), kept AS (" KEPT ")"             \
	" SELECT owner FROM (SELECT * FROM (SELECT * FROM counted"      \
	" EXCEPT SELECT * FROM kept) UNION ALL SELECT * FROM"           \
	" (SELECT * FROM kept EXCEPT SELECT * FROM counted))"           \
	" WHERE owner = 0 OR owner IN (SELECT id FROM twitter_account)" \
	" GROUP BY 1"

/* ---- finding ------------------------------------------------------------- */

static void add_id(struct arena *a, struct foreign *f, int64_t id)
{
	enum { FIRST = 16 };

	/* the array is full when the number is a power of two */
	if (!f->count)
		f->ids = arena_array(a, FIRST, sizeof(*f->ids));
	else if (f->count >= FIRST && !(f->count & (f->count - 1)))
		f->ids = arena_grow(a, f->ids, f->count, sizeof(*f->ids));
	f->ids[f->count++] = id;
}

/* Adds the ids from the prepared statement Q. */
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

/* A tweet that should be sent but never will be. */
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

enum err foreign_find(struct app *app, struct foreign found[FOREIGN_KINDS])
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

/* ---- repairing ----------------------------------------------------------- */

static enum err repair_text(struct app *app, int64_t id)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(
	    &q, &app->db, "SELECT content FROM tweet WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	return tweet_mark_failed(app, id,
	    row && !db_readable(&q, 0) ? ERR_TEXT_UNREADABLE : ERR_TEXT_INVALID,
	    NULL);
}

/* Creates an account for the tweet, with the id in the tweet's row if possible:
 * linking that account again then gives its tweets back to it. */
static enum err repair_orphan(struct app *app, int64_t id)
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

/* The stored TIME in our format; NULL if it cannot be read. */
static const char *plain(struct arena *a, const char *time)
{
	char *text = arena_alloc(a, CLOCK_TEXT);
	int64_t t = 0;

	if (!time || !clock_parse_stored(str_of(time), &t))
		return NULL;
	clock_sql(t, text);
	return text;
}

static enum err repair_times(struct app *app, int64_t id)
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

static enum err repair_account(struct app *app, int64_t id)
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

/* An account without a name: X is asked for it before the account is used. */
static enum err repair_name(struct app *app, int64_t id)
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

static enum err repair_counts(struct app *app, int64_t id)
{
	SCOPED(db_query) gone = { 0 };
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&gone, &app->db, "DELETE FROM tally WHERE owner = $1"));
	db_bind_int(&gone, 1, id);
	TRY(db_run(&gone, NULL));
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO tally SELECT $1, kind, count(*) FROM tweet"
	    " WHERE $1 = 0 OR twitter_account_id = $1 GROUP BY 2"));
	db_bind_int(&q, 1, id);
	return db_run(&q, NULL);
}

static enum err repair_one(struct app *app, enum kind kind, int64_t id)
{
	switch (kind) {
	case TEXT:
		return repair_text(app, id);
	case STATUS:
		return tweet_mark_failed(app, id, ERR_OUTCOME_UNKNOWN, NULL);
	case ORPHAN:
		return repair_orphan(app, id);
	case TIME:
		return repair_times(app, id);
	case ACCOUNT:
		return repair_account(app, id);
	case NAME:
		return repair_name(app, id);
	case COUNTS:
		return repair_counts(app, id);
	}
	return OK;
}

static enum err repair_found(
    struct app *app, const struct foreign *found, int64_t *repaired)
{
	for (size_t i = 0; i < FOREIGN_KINDS; i++) {
		for (size_t j = 0; j < found[i].count; j++)
			TRY(repair_one(app, (enum kind)i, found[i].ids[j]));
		*repaired += (int64_t)found[i].count;
	}
	return OK;
}

enum err foreign_repair(struct app *app, int64_t *repaired)
{
	SCOPED(db_tx) tx = { 0 };
	struct foreign found[FOREIGN_KINDS];
	int64_t before = -1;

	*repaired = 0;
	TRY(db_begin(&tx, &app->db));
	/* a new account for such tweets also needs its counts */
	for (int i = 0; i < PASSES && *repaired != before; i++) {
		before = *repaired;
		TRY(foreign_find(app, found));
		TRY(repair_found(app, found, repaired));
	}
	return db_commit(&tx);
}
