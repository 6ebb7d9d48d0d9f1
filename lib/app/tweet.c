/* tweet.c - tweets: how they are made, listed, shown and deleted. */
#include "app/tweet.h"

#include <inttypes.h>
#include <string.h>

#include "app/account.h"
#include "app/mode.h"
#include "app/similar.h"
#include "app/tweet_state.h"
#include "app/tweet_turn.h"
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

/* "YYYY-MM-DD HH:MM:SS" in TEXT, or NULL where there is no time. */
static const char *time_or_null(int64_t t, char *text)
{
	clock_sql(t, text);
	return t ? text : NULL;
}

/* ---- making -------------------------------------------------------------- */

static void warn(cJSON *warnings, enum err code, const char *words)
{
	cJSON *json = json_object();

	json_add_text(json, "code", err_name(code));
	json_add_text(json, "detail", words);
	json_add_text(json, "pointer", "/account_id");
	json_add_text(json, "hint", err_hint(code));
	json_push(warnings, json);
}

/* Whose tweet it is to be; warns where it cannot be sent for that account. */
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
		return fail(app, ERR_ACCOUNT_NOT_FOUND, "Account not found");
	*username = db_text(&q, 0);

	enum err code = err_named(db_peek(&q, 2));

	if (code == ERR_NEEDS_REAUTH)
		warn(warnings, code,
		    "X has revoked access: the tweet waits until the account"
		    " is linked again");
	else if (strcmp(db_peek(&q, 1), "active") != 0)
		warn(warnings, ERR_ACCOUNT_NOT_ACTIVE,
		    "the account is not active: the tweet waits until it is");
	return OK;
}

/* TWEET_STATE of a tweet that was never tried. */
static const char *new_state(const struct tweet_new *new)
{
	if (new->draft)
		return "draft";
	if (!new->scheduled_at)
		return "pending";
	return new->scheduled_at > clock_now() ? "scheduled" : "due";
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
		return OK; /* rolled back: it was to be tried only */
	return db_commit(&tx);
}

/* ---- changing ------------------------------------------------------------ */

/* A tweet as it is before a change. */
struct before {
	int64_t account;
	const char *text;
	bool draft;
	bool refused; /* X does not have it, and said why */
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
		return fail(app, ERR_TWEET_NOT_FOUND, "Tweet not found");

	const char *status = db_peek(&q, 0);
	enum err code = err_named(db_peek(&q, 5));

	if (db_int(&q, 1))
		return fail(app, ERR_BEING_POSTED,
		    "the tweet is being posted, or X is being asked about it");
	if (strcmp(status, "posted") == 0)
		return fail(
		    app, ERR_ALREADY_POSTED, "the tweet is posted already");
	before->refused = strcmp(status, "failed") == 0;
	if (before->refused && tweet_in_doubt(code))
		return fail(app, ERR_OUTCOME_UNKNOWN, TWEET_UNCONFIRMED_WORDS);
	before->account = db_int(&q, 2);
	before->text = db_text(&q, 3);
	before->draft = db_int(&q, 4) != 0;
	return OK;
}

/* Whether the tweet stops being a draft. */
static bool finishes(
    const struct before *before, const struct tweet_changes *changes)
{
	return before->draft && changes->new_draft && !changes->draft;
}

/* Checks the text that the tweet will have, where it is new or no longer a
 * draft's; then it is compared with others, too. */
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
	SCOPED(db_query) q = { 0 };
	const char *text = changes->text;
	char at[CLOCK_TEXT], now[CLOCK_TEXT];
	struct before before = { 0 };

	clock_sql(clock_now(), now);
	TRY(db_begin(&tx, &app->db));
	TRY(read_before(app, id, &before));
	TRY(check_text(app, id, &before, changes, fault));
	/* what X has said is of another text, or of what is a draft now */
	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET content = coalesce($2, content),"
	    " text_hash = coalesce($3, text_hash), status = 'pending',"
	    " scheduled_at = CASE WHEN $4 THEN $5"
	    " WHEN $10 AND scheduled_at <= $7 THEN NULL"
	    " ELSE scheduled_at END,"
	    " late = CASE WHEN $4 OR $10 THEN NULL ELSE late END,"
	    " draft = CASE WHEN $8 THEN $9 ELSE draft END,"
	    " code = CASE WHEN $6 OR $9 THEN NULL ELSE code END,"
	    " reason = CASE WHEN $6 OR $9 THEN NULL ELSE reason END,"
	    " retry_at = CASE WHEN $6 OR $9 THEN NULL ELSE retry_at END"
	    " WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, text);
	db_bind_text(&q, 3, text ? similar_hash(app->arena, text) : NULL);
	db_bind_int(&q, 4, changes->new_time);
	db_bind_text(&q, 5, time_or_null(changes->scheduled_at, at));
	db_bind_int(&q, 6, before.refused);
	db_bind_text(&q, 7, now);
	db_bind_int(&q, 8, changes->new_draft);
	db_bind_int(&q, 9, changes->draft);
	db_bind_int(&q, 10, before.refused || finishes(&before, changes));
	TRY(db_run(&q, NULL));
	return db_commit(&tx);
}

enum err tweet_fail(struct app *app, int64_t id, enum err code)
{
	SCOPED(db_query) q = { 0 };

	TRY(db_prepare(&q, &app->db,
	    "UPDATE tweet SET status = 'failed', code = $2, reason = NULL,"
	    " retry_at = NULL WHERE id = $1"));
	db_bind_int(&q, 1, id);
	db_bind_text(&q, 2, err_name(code));
	return db_run(&q, NULL);
}

/* ---- showing ------------------------------------------------------------- */

cJSON *tweet_brief(struct db_query *q, const char *status)
{
	cJSON *json = json_object();

	json_add_int(json, "id", db_int(q, 0));
	json_add_text(json, "text", db_peek(q, 1));
	json_add_text(json, "status", status);
	account_add_time(json, "created_at", db_peek(q, 3));
	json_add_text(json, "username", db_peek(q, 4));
	json_add_int(json, "account_id", db_int(q, 5));
	return json;
}

static cJSON *attempt_json(struct db_query *q)
{
	cJSON *json = json_object();

	account_add_time(json, "sent_at", db_peek(q, 0));
	account_add_time(json, "ended_at", db_peek(q, 1));
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

	account_add_time(json, "retry_at", db_peek(q, 9));
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
	    ", " TWEET_TURNS " FROM " TWEET_TABLES " WHERE t.id = $2"));
	db_bind_text(&q, 1, now);
	db_bind_int(&q, 2, id);
	TRY(db_step(&q, &row));
	if (!row)
		return fail(app, ERR_TWEET_NOT_FOUND, "Tweet not found");
	*out = tweet_brief(&q, db_peek(&q, 2));
	json_add_text(*out, "state", db_peek(&q, 12));
	account_add_time(*out, "scheduled_at", db_peek(&q, 13));
	json_add_text(*out, "twitter_id", db_peek(&q, 6));
	account_add_time(*out, "posted_at", db_peek(&q, 7));
	json_add_bool(*out, "mock", db_int(&q, 8) != 0);
	add_trouble(*out, &q);
	tweet_turn(app, &q, 13);
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
		return fail(app, ERR_TWEET_NOT_FOUND, "Tweet not found");
	if (db_int(&q, 2))
		return fail(app, ERR_BEING_POSTED,
		    "the tweet is being posted, or X is being asked about it");
	*out = json_object();
	json_add_int(*out, "id", id);
	json_add_text(*out, "content", db_peek(&q, 0));
	json_add_text(*out, "status", db_peek(&q, 1));
	TRY(db_prepare(&gone, &app->db, "DELETE FROM tweet WHERE id = $1"));
	db_bind_int(&gone, 1, id);
	TRY(db_run(&gone, NULL));
	return db_commit(&tx);
}

/* What is done with the tweets that meet the criteria. */
enum sweep { COUNT_ON_WAY, COUNT_FREE, DELETE_FREE };

/* Counts or deletes the tweets of one status (NULL: any). */
static enum err sweep(struct app *app, const struct tweet_criteria *criteria,
    const char *status, bool mock, enum sweep what, int64_t *n)
{
	SCOPED(db_query) q = { 0 };
	char before[CLOCK_TEXT];
	bool row = false;

#define MEETS                                               \
	" WHERE ($1 IS NULL OR t.status = $1)"              \
	" AND ($2 IS NULL OR t.twitter_account_id = $2)"    \
	" AND ($3 IS NULL OR datetime(t.created_at) <= $3)" \
	" AND ($4 = 0 OR t.twitter_account_id IN"           \
	" (SELECT id FROM twitter_account WHERE mock = 1))"

	switch (what) {
	case COUNT_ON_WAY:
		TRY(db_prepare(&q, &app->db,
		    "SELECT count(*) FROM tweet AS t" MEETS
		    " AND " TWEET_ON_ITS_WAY));
		break;
	case COUNT_FREE:
		TRY(db_prepare(&q, &app->db,
		    "SELECT count(*) FROM tweet AS t" MEETS
		    " AND NOT " TWEET_ON_ITS_WAY));
		break;
	case DELETE_FREE:
		TRY(db_prepare(&q, &app->db,
		    "DELETE FROM tweet AS t" MEETS
		    " AND NOT " TWEET_ON_ITS_WAY));
		break;
	}
#undef MEETS
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
	TRY(mode_mock(app, &mock));
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
