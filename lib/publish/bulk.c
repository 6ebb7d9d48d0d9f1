/* bulk.c - one thing done with many tweets, each for itself. */
#include "publish/bulk.h"

#include <string.h>

#include "app/tweet.h"
#include "app/tweet_state.h"
#include "publish/late.h"
#include "publish/publish.h"
#include "publish/report.h"
#include "publish/retry.h"

/* Whether ERR says something of one tweet, and not of our own house. */
static bool of_the_tweet(enum err err)
{
	return err_status(err) < 500;
}

/* WORDS say more than the code's own; NULL: nothing does. */
static struct bulk_row *add_row(
    struct bulk_result *result, int64_t id, enum err err, const char *words)
{
	struct bulk_row *row = &result->rows[result->total++];

	*row = (struct bulk_row){
		.id = id, .err = err, .words = words ? words : err_words(err)
	};
	result->done += err == OK;
	return row;
}

/* ---- what can be done ---------------------------------------------------- */

typedef enum err one_fn(struct app *app, int64_t id);
typedef enum err each_fn(struct app *app, one_fn *one, const int64_t *ids,
    struct bulk_result *result);

static enum err delete_one(struct app *app, int64_t id)
{
	cJSON *gone = NULL;

	return tweet_delete(app, id, &gone);
}

static enum err do_each(struct app *app, one_fn *one, const int64_t *ids,
    struct bulk_result *result)
{
	for (; *ids; ids++) {
		enum err err = one(app, *ids);

		if (err != OK && !of_the_tweet(err))
			return err;
		add_row(result, *ids, err,
		    err == OK ? NULL
			      : arena_text(app->arena, app->fault.words));
	}
	return OK;
}

static each_fn post_each;

/* Its name, how it goes through the tweets, and what it does with each of
 * them; with those to be posted, before they are. */
#define ACTIONS(ROW)                        \
	ROW("delete", do_each, delete_one)  \
	ROW("post", post_each, retry_tweet) \
	ROW("retry", do_each, retry_tweet)  \
	ROW("release", do_each, late_release)

#define NAME(name, each, one) name,
#define ROW(name, each, one)  { each, one },

const char *const bulk_actions[] = { ACTIONS(NAME) NULL };

static const struct action {
	each_fn *each;
	one_fn *one;
} actions[] = { ACTIONS(ROW) };

enum err bulk_run(struct app *app, const char *action, const int64_t *ids,
    struct bulk_result *result)
{
	size_t i = 0;
	size_t n = 0;

	while (strcmp(bulk_actions[i], action) != 0)
		i++;
	while (ids[n])
		n++;
	*result = (struct bulk_result){ .action = action,
		.rows = arena_array(app->arena, n, sizeof(*result->rows)) };
	return actions[i].each(app, actions[i].one, ids, result);
}

/* ---- posting ------------------------------------------------------------- */

/* A tweet, as add_unsent reads it. */
enum { STATUS, CODE, RETRY_AT, ON_ITS_WAY, ACCOUNT, DRAFT };

/* The row of a tweet that stays pending: why, from its own row Q or, where that
 * has no word, from what the report says of its account. */
static void add_pending(struct bulk_result *result, int64_t id,
    const struct publish_result *report, struct db_query *q)
{
	const struct publish_waiting_list *const lists[] = { &report->blocked,
		&report->held_back, &report->busy };
	enum err code = err_named(db_peek(q, CODE));
	const char *until = db_text(q, RETRY_AT);

	for (size_t i = 0; code == ERR__COUNT && i < COUNT(lists); i++) {
		const struct publish_waiting *account =
		    report_account(lists[i], db_int(q, ACCOUNT));

		code = err_named(account ? account->code : NULL);
		if (!until && account)
			until = account->until;
	}

	struct bulk_row *row = add_row(
	    result, id, code == ERR__COUNT ? ERR_HELD_BACK : code, NULL);

	row->waits = true;
	row->until = until;
}

/* The row of a tweet that the run did not end. */
static enum err add_unsent(struct app *app, const struct publish_result *report,
    int64_t id, struct bulk_result *result)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &app->db,
	    "SELECT " TWEET_STATUS ", " TWEET_CODE ", t.retry_at,"
	    " " TWEET_ON_ITS_WAY
	    ", t.twitter_account_id, t.draft FROM tweet t WHERE t.id = $1"));
	db_bind_int(&q, 1, id);
	TRY(db_step(&q, &row));
	if (!row) {
		add_row(result, id, ERR_TWEET_NOT_FOUND, NULL);
		return OK;
	}

	enum err code = err_named(db_peek(&q, CODE));
	const char *status = db_peek(&q, STATUS);

	if (strcmp(status, "posted") == 0)
		add_row(result, id, ERR_ALREADY_POSTED, NULL);
	else if (db_int(&q, ON_ITS_WAY))
		add_row(result, id, ERR_BEING_POSTED, NULL);
	else if (db_int(&q, DRAFT) && strcmp(status, "pending") == 0)
		add_row(result, id, ERR_IS_DRAFT, NULL);
	else if (strcmp(status, "pending") == 0)
		add_pending(result, id, report, &q);
	else if (tweet_in_doubt(code))
		add_row(result, id, ERR_OUTCOME_UNKNOWN, NULL);
	else
		add_row(result, id, ERR_FAILED_FOR_GOOD, NULL);
	return OK;
}

static enum err add_posted(struct app *app, const struct publish_result *report,
    int64_t id, struct bulk_result *result)
{
	const struct publish_ended *ended = report_tweet(report, id);

	if (!ended)
		return add_unsent(app, report, id, result);
	add_row(result, id, ended->err, ended->words)->twitter_id =
	    ended->twitter_id;
	return OK;
}

static enum err post_each(struct app *app, one_fn *prepare, const int64_t *ids,
    struct bulk_result *result)
{
	struct publish_order order = { .budget = PUBLISH_BUDGET_MAX };
	struct publish_result report = { 0 };
	cJSON *list = json_array();

	for (const int64_t *id = ids; *id; id++) {
		enum err err = prepare(app, *id);

		if (err != OK && !of_the_tweet(err))
			return err;
		json_push_int(list, *id);
	}
	order.ids = json_print(list);
	TRY(publish_pending(app, &order, &report));
	for (; *ids; ids++)
		TRY(add_posted(app, &report, *ids, result));
	return OK;
}

/* ---- JSON ---------------------------------------------------------------- */

static cJSON *row_json(const struct bulk_row *row)
{
	cJSON *json = json_object();

	json_add_int(json, "id", row->id);
	json_add_bool(json, "ok", row->err == OK);
	if (row->twitter_id)
		json_add_text(json, "twitter_id", row->twitter_id);
	if (row->err == OK)
		return json;
	json_add_text(json, "error", row->words);
	json_add_text(json, "code", err_name(row->err));
	json_add_bool(json, "retryable", err_retryable(row->err));
	if (err_hint(row->err))
		json_add_text(json, "hint", err_hint(row->err));
	if (row->waits)
		json_add_time(json, "retry_at", row->until);
	return json;
}

cJSON *bulk_json(const struct bulk_result *result)
{
	cJSON *json = json_object();
	cJSON *rows = json_array();

	for (size_t i = 0; i < result->total; i++)
		json_push(rows, row_json(&result->rows[i]));
	json_add_text(json, "action", result->action);
	json_add_int(json, "total", (int64_t)result->total);
	json_add_int(json, "done", (int64_t)result->done);
	json_add_int(json, "failed", (int64_t)(result->total - result->done));
	json_add(json, "results", rows);
	return json;
}
