/* tweet.c - tweets: create, change, show, delete. */
#include "app/tweet.h"

#include <inttypes.h>
#include <string.h>

#include "app/account.h"
#include "app/mock_mode.h"
#include "app/similar.h"
#include "app/tweet_life.h"
#include "app/tweet_state.h"
#include "app/tweet_valid.h"
#include "base/clock.h"
#include "base/json.h"
#include "length/length.h"

const char *const tweet_statuses[] = { "pending", "posted", "failed", NULL };

const char *tweet_text_wrong(
    struct app *app, const char *text, int64_t *weighted)
{
	const char *wrong = length_invalid(text);

	*weighted = -1;
	if (wrong)
		return wrong;
	*weighted = length_weighted(app->arena, text);
	if (*weighted <= LENGTH_MAX)
		return NULL;
	return arena_printf(app->arena,
	    "is %" PRId64 " long as X counts it; %d is the most", *weighted,
	    LENGTH_MAX);
}

bool tweet_in_doubt(enum err code)
{
	return code == ERR__COUNT || code == ERR_OUTCOME_UNKNOWN;
}

/* Writes T to TEXT as "YYYY-MM-DD HH:MM:SS" and gives it; NULL if T is 0. */
static const char *time_or_null(int64_t t, char *text)
{
	clock_sql(t, text);
	return t ? text : NULL;
}

/* ---- creating ------------------------------------------------------------ */

/* Warns that the tweet waits, for what CODE says of its account. */
static void warn(struct app *app, cJSON *warnings, enum err code)
{
	cJSON *json = json_object();

	json_add_text(json, "code", err_name(code));
	json_add_text(json, "detail",
	    arena_printf(
		app->arena, "%s, so the tweet will wait", err_words(code)));
	json_add_text(json, "pointer", "/account_id");
	json_add_text(json, "hint", err_hint(code));
	json_push(warnings, json);
}

/* Reads the account of a new tweet; adds a warning if nothing can be sent for
 * it. */
static enum err read_account(
    struct app *app, int64_t id, const char **username, cJSON *warnings)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT username, " ACCOUNT_KNOWN_STATUS
	    ", code FROM twitter_account"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_ACCOUNT_NOT_FOUND);
	*username = db_text(&q, 0);

	enum err code = err_named(db_peek(&q, 2));

	if (code == ERR_NEEDS_REAUTH)
		warn(app, warnings, code);
	else if (strcmp(db_peek(&q, 1), "active") != 0)
		warn(app, warnings, ERR_ACCOUNT_NOT_ACTIVE);
	return OK;
}

/* The state of a new tweet, as TWEET_STATE would give it. */
static const char *new_state(const struct tweet_new *new)
{
	if (new->draft)
		return tweet_states[TWEET_IS_DRAFT];
	if (!new->scheduled_at)
		return tweet_states[TWEET_IS_PENDING];
	return tweet_states[new->scheduled_at > clock_now() ? TWEET_IS_SCHEDULED
							    : TWEET_IS_DUE];
}

enum err tweet_create(struct app *app, const struct tweet_new *new,
    struct tweet_created *created, cJSON *warnings)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	char at[CLOCK_TEXT];

	TRY(db_begin(&tx, &app->db));
	TRY(read_account(app, new->account, &created->username, warnings));
	if (!new->draft)
		TRY(similar_check(app, new->account, 0, new->text, warnings));
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO tweet(twitter_account_id, content, scheduled_at,"
	    " text_hash, draft) VALUES ($1, $2, $3, $4, $5)"));
	db_bind_int(&q, 1, new->account);
	db_bind_text(&q, 2, new->text);
	db_bind_text(&q, 3, time_or_null(new->scheduled_at, at));
	db_bind_text(&q, 4, similar_hash(app->arena, new->text));
	db_bind_int(&q, 5, new->draft);
	TRY(db_run(&q, NULL));
	created->id = db_last_id(&app->db);
	created->state = new_state(new);
	if (new->dry_run)
		return OK; /* roll back: it was only a trial */
	return db_commit(&tx);
}

/* ---- changing ------------------------------------------------------------ */

/* A tweet as it is before a change. */
struct before {
	int64_t account;
	const char *text;
	bool draft;
	bool refused; /* X rejected it */
};

/* Reads the tweet, or says why it can no longer be changed. */
static enum err read_before(struct app *app, int64_t id, struct before *before)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT " TWEET_STATUS ", " TWEET_ON_ITS_WAY
	    ", t.twitter_account_id, t.content, t.draft, " TWEET_CODE
	    " FROM tweet t WHERE t.id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_TWEET_NOT_FOUND);

	const char *status = db_peek(&q, 0);
	enum err code = err_named(db_peek(&q, 5));

	if (db_int(&q, 1))
		return fail_with(app, ERR_BEING_POSTED);
	if (strcmp(status, "posted") == 0)
		return fail_with(app, ERR_ALREADY_POSTED);
	before->refused = strcmp(status, "failed") == 0;
	if (before->refused && tweet_in_doubt(code))
		return fail_with(app, ERR_OUTCOME_UNKNOWN);
	before->account = db_int(&q, 2);
	before->text = db_text(&q, 3);
	before->draft = db_int(&q, 4) != 0;
	return OK;
}

/* Whether the change finishes a draft. */
static bool finishes(
    const struct before *before, const struct tweet_changes *changes)
{
	return before->draft && changes->new_draft && !changes->draft;
}

/* Checks the text and compares it with others, if it is new or the tweet stops
 * being a draft. */
static enum err check_text(struct app *app, int64_t id,
    const struct before *before, const struct tweet_changes *changes,
    struct tweet_fault *fault)
{
	const char *text = changes->text ? changes->text : before->text;
	bool draft = changes->new_draft ? changes->draft : before->draft;

	if (draft || (!changes->text && !changes->new_draft))
		return OK;
	fault->words = tweet_text_wrong(app, text, &fault->weighted);
	if (fault->words)
		return fail(app, ERR_INVALID_INPUT, "text: %s", fault->words);
	if (!changes->text && !finishes(before, changes))
		return OK;
	return similar_check(app, before->account, id, text, json_array());
}

enum err tweet_change(struct app *app, int64_t id,
    const struct tweet_changes *changes, struct tweet_fault *fault)
{
	SCOPED(db_tx) tx = { 0 };
	struct before before = { 0 };

	TRY(db_begin(&tx, &app->db));
	TRY(read_before(app, id, &before));
	TRY(check_text(app, id, &before, changes, fault));
	TRY(tweet_edit(app, id, changes, before.refused,
	    before.refused || finishes(&before, changes)));
	return db_commit(&tx);
}

/* ---- showing ------------------------------------------------------------- */

cJSON *tweet_brief(struct db_query *q, const char *status)
{
	cJSON *json = json_object();

	json_add_int(json, "id", db_int(q, 0));
	json_add_text(json, "text", db_peek(q, 1));
	json_add_text(json, "status", status);
	json_add_time(json, "created_at", db_peek(q, 3));
	json_add_text(json, "username", db_peek(q, 4));
	json_add_int(json, "account_id", db_int(q, 5));
	return json;
}

static cJSON *attempt_json(struct db_query *q)
{
	cJSON *json = json_object();

	json_add_time(json, "sent_at", db_peek(q, 0));
	json_add_time(json, "ended_at", db_peek(q, 1));
	json_add_text(json, "outcome", db_peek(q, 2));
	if (db_null(q, 3))
		json_add_null(json, "http_status");
	else
		json_add_int(json, "http_status", db_int(q, 3));
	json_add_text(json, "code", db_peek(q, 4));
	json_add_text(json, "reason", db_peek(q, 5));
	json_add_text(json, "x_request_id", db_peek(q, 6));
	return json;
}

static enum err add_attempts(struct app *app, int64_t id, cJSON *json)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;
	cJSON *attempts = json_add(json, "attempts", json_array());

	TRY(db_prepare(&q, &app->db,
	    "SELECT sent_at, ended_at, outcome, http_status, code, reason,"
	    " x_request_id FROM attempt WHERE tweet_id = $1 ORDER BY id"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	while (row) {
		json_push(attempts, attempt_json(&q));
		TRY(db_step(&q, &row));
	}
	return OK;
}

/* Why a tweet waits or failed: code, X's words, and what to do. */
static void add_trouble(cJSON *json, struct db_query *q)
{
	enum err err = err_named(db_peek(q, 10));

	json_add_time(json, "retry_at", db_peek(q, 9));
	json_add_text(json, "code", db_peek(q, 10));
	json_add_text(json, "reason", db_peek(q, 11));
	if (err == ERR__COUNT)
		return;
	json_add_bool(json, "retryable", err_retryable(err));
	json_add_text(json, "hint", err_hint(err));
}

enum err tweet_get(struct app *app, int64_t id, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT t.id, t.content, " TWEET_STATUS
	    ", t.created_at, a.username,"
	    " t.twitter_account_id, t.twitter_id, t.posted_at, t.mock,"
	    " t.retry_at, " TWEET_CODE ", t.reason, " TWEET_STATE
	    ", " TWEET_VALID_UNTIL " FROM " TWEET_TABLES " WHERE t.id = $2"));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_TWEET_NOT_FOUND);
	*out = tweet_brief(&q, db_peek(&q, 2));
	json_add_text(*out, "state", db_peek(&q, 12));
	json_add_time(*out, "scheduled_at", db_peek(&q, 13));
	json_add_text(*out, "twitter_id", db_peek(&q, 6));
	json_add_time(*out, "posted_at", db_peek(&q, 7));
	json_add_bool(*out, "mock", db_int(&q, 8) != 0);
	add_trouble(*out, &q);
	tweet_valid_until(app, &q, 13);
	return add_attempts(app, id, *out);
}

enum err tweet_delete(struct app *app, int64_t id, cJSON **out)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	SCOPED(db_query) gone = { 0 };
	bool row = false;

	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "SELECT t.content, " TWEET_STATUS ", " TWEET_ON_ITS_WAY
	    " FROM tweet t WHERE t.id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail_with(app, ERR_TWEET_NOT_FOUND);
	if (db_int(&q, 2))
		return fail_with(app, ERR_BEING_POSTED);
	*out = json_object();
	json_add_int(*out, "id", id);
	json_add_text(*out, "content", db_peek(&q, 0));
	json_add_text(*out, "status", db_peek(&q, 1));
	TRY(db_prepare(&gone, &app->db, "DELETE FROM tweet WHERE id = $1"));
	db_bind_int(&gone, 1, id);
	TRY(db_run(&gone, NULL));
	return db_commit(&tx);
}

/* What to do with the tweets that match the criteria. */
enum sweep { COUNT_ON_WAY, COUNT_FREE, DELETE_FREE, SWEEPS };

/* Each with the index that its criteria allow. */
#define MEETS(rows)                                                        \
	" WHERE " rows " AND ($3 IS NULL OR datetime(t.created_at) <= $3)" \
	" AND ($4 = 0 OR t.twitter_account_id IN"                          \
	" (SELECT id FROM twitter_account WHERE mock = 1)) AND "
#define EACH_SWEEP(rows)                                                       \
	{                                                                      \
		[COUNT_ON_WAY] = "SELECT count(*) FROM tweet AS t" MEETS(rows) \
		    TWEET_ON_ITS_WAY,                                          \
		[COUNT_FREE] = "SELECT count(*) FROM tweet AS t" MEETS(        \
		    rows) "NOT " TWEET_ON_ITS_WAY,                             \
		[DELETE_FREE] = "DELETE FROM tweet AS t" MEETS(                \
		    rows) "NOT " TWEET_ON_ITS_WAY,                             \
	}

/* By whether a status and whether an account is given. */
static const char *const sweeps[2][2][SWEEPS] = {
	{ EACH_SWEEP("coalesce($1, $2) IS NULL"),
	    EACH_SWEEP("$1 IS NULL AND t.twitter_account_id = $2") },
	{ EACH_SWEEP("$2 IS NULL AND t.status = $1"),
	    EACH_SWEEP("t.twitter_account_id = $2 AND t.status = $1") },
};

/* Counts or deletes the matching tweets with one status (NULL: any). */
static enum err sweep(struct app *app, const struct tweet_criteria *criteria,
    const char *status, bool mock, enum sweep what, int64_t *n)
{
	SCOPED(db_query) q = { 0 };
	char before[CLOCK_TEXT];
	bool row = false;

	TRY(db_prepare_text(&q, &app->db,
	    sweeps[status != NULL][criteria->account != 0][what]));
	db_bind_text(&q, 1, status);
	if (criteria->account)
		db_bind_int(&q, 2, criteria->account);
	else
		db_bind_null(&q, 2);
	clock_sql(clock_now() - criteria->days_old * 86400, before);
	db_bind_text(&q, 3, criteria->days_old >= 0 ? before : NULL);
	db_bind_int(&q, 4, mock);
	if (what == DELETE_FREE)
		return db_run(&q, n);
	TRY(db_step(&q, &row));
	*n = db_int(&q, 0);
	return OK;
}

enum err tweet_cleanup(struct app *app, const struct tweet_criteria *criteria,
    bool dry_run, int64_t *deleted, int64_t *skipped)
{
	static const char *const any[] = { NULL };
	SCOPED(db_tx) tx = { 0 };
	const char *const *status =
	    criteria->statuses ? criteria->statuses : any;
	bool mock = false;

	*deleted = *skipped = 0;
	TRY(mock_mode_is_on(app, &mock));
	TRY(db_begin(&tx, &app->db));
	do {
		int64_t n = 0;

		TRY(sweep(app, criteria, *status, mock, COUNT_ON_WAY, &n));
		*skipped += n;
		TRY(sweep(app, criteria, *status, mock,
		    dry_run ? COUNT_FREE : DELETE_FREE, &n));
		*deleted += n;
	} while (*status && *++status);
	return db_commit(&tx);
}
