/* bulk.c - one thing done with many tweets, each for itself. */
#include "publish/bulk.h"

#include <string.h>

#include "app/account.h"
#include "app/tweet.h"
#include "app/tweet_state.h"
#include "publish/late.h"
#include "publish/mend.h"
#include "publish/publish.h"
#include "publish/report.h"

typedef enum err action_fn(struct app *app, int64_t id);

static enum err delete_one(struct app *app, int64_t id)
{
	cJSON *gone = NULL;

	return tweet_delete(app, id, &gone);
}

static action_fn *const actions[] = { delete_one, NULL, mend_retry_one,
	late_release };

const char *const bulk_actions[] = { "delete", "post", "retry", "release",
	NULL };

/* Whether ERR says something of one tweet, and not of our own house. */
static bool of_the_tweet(enum err err)
{
	return err_status(err) < 500;
}

static cJSON *row_of(int64_t id, enum err err, const char *words)
{
	cJSON *row = json_object();

	json_add_int(row, "id", id);
	json_add_bool(row, "ok", err == OK);
	if (err == OK)
		return row;
	json_add_text(row, "error", words);
	json_add_text(row, "code", err_name(err));
	json_add_bool(row, "retryable", err_retryable(err));
	if (err_hint(err))
		json_add_text(row, "hint", err_hint(err));
	return row;
}

static enum err do_each(
    struct app *app, action_fn *action, const int64_t *ids, cJSON *results)
{
	for (; *ids; ids++) {
		enum err err = action(app, *ids);

		if (err != OK && !of_the_tweet(err))
			return err;
		json_push(results, row_of(*ids, err, app->fault.words));
	}
	return OK;
}

/* The row of a tweet that stays pending: why, from its own row Q or, where that
 * has no word, from what the report says of its account. */
static cJSON *waiting_row(const cJSON *report, int64_t id, struct db_query *q)
{
	static const char *const lists[] = { "blocked", "held_back" };
	enum err code = err_named(db_peek(q, 1));
	const char *until = db_peek(q, 2);

	for (size_t i = 0; code == ERR__COUNT && i < COUNT(lists); i++) {
		const cJSON *account = report_row(
		    json_get(report, lists[i]), "account_id", db_int(q, 4));

		code = err_named(json_text(account, "code"));
		if (!until)
			until = json_text(account, "until");
	}

	cJSON *row = row_of(id, code == ERR__COUNT ? ERR_HELD_BACK : code,
	    "the tweet could not be sent now and stays pending");

	account_add_time(row, "retry_at", until);
	return row;
}

/* The row of a tweet that the run did not end. */
static enum err read_unsent(
    struct app *app, const cJSON *report, int64_t id, cJSON **out)
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
		*out = row_of(id, ERR_TWEET_NOT_FOUND, "Tweet not found");
		return OK;
	}

	enum err code = err_named(db_peek(&q, 1));
	const char *status = db_peek(&q, 0);

	if (strcmp(status, "posted") == 0)
		*out = row_of(
		    id, ERR_ALREADY_POSTED, "the tweet is posted already");
	else if (db_int(&q, 3))
		*out = row_of(id, ERR_BEING_POSTED,
		    "the tweet is being posted, or X is being asked about it");
	else if (db_int(&q, 5) && strcmp(status, "pending") == 0)
		*out = row_of(id, ERR_IS_DRAFT, "the tweet is a draft");
	else if (strcmp(status, "failed") == 0)
		*out = tweet_in_doubt(code) ? row_of(id, ERR_OUTCOME_UNKNOWN,
						  TWEET_UNCONFIRMED_WORDS)
					    : row_of(id, ERR_FAILED_FOR_GOOD,
						  TWEET_REJECTED_WORDS);
	else
		*out = waiting_row(report, id, &q);
	return OK;
}

static enum err post_row(
    struct app *app, const cJSON *report, int64_t id, cJSON **row)
{
	const cJSON *detail =
	    report_row(json_get(report, "details"), "tweet_id", id);
	const char *twitter_id = json_text(detail, "twitter_id");

	if (!detail)
		return read_unsent(app, report, id, row);
	if (twitter_id) {
		*row = row_of(id, OK, NULL);
		json_add_text(*row, "twitter_id", twitter_id);
		return OK;
	}
	*row = row_of(id, err_named(json_text(detail, "code")),
	    json_text(detail, "error"));
	return OK;
}

static enum err post_each(struct app *app, const int64_t *ids, cJSON *results)
{
	struct publish_order order = { .budget = PUBLISH_BUDGET_MAX };
	cJSON *list = json_array();
	cJSON *report = NULL;

	for (const int64_t *id = ids; *id; id++) {
		enum err err = mend_retry_one(app, *id);

		if (err != OK && !of_the_tweet(err))
			return err;
		json_push_int(list, *id);
	}
	order.ids = json_print(list);
	TRY(publish_pending(app, &order, &report));
	for (; *ids; ids++) {
		cJSON *row = NULL;

		TRY(post_row(app, report, *ids, &row));
		json_push(results, row);
	}
	return OK;
}

enum err bulk_run(
    struct app *app, const char *action, const int64_t *ids, cJSON **out)
{
	cJSON *results = json_array();
	cJSON *json = json_object();
	const cJSON *row;
	int64_t done = 0;
	size_t i = 0;

	while (strcmp(bulk_actions[i], action) != 0)
		i++;
	TRY(actions[i] ? do_each(app, actions[i], ids, results)
		       : post_each(app, ids, results));
	cJSON_ArrayForEach (row, results) {
		done += cJSON_IsTrue(json_get(row, "ok"));
	}
	json_add_text(json, "action", action);
	json_add_int(json, "total", cJSON_GetArraySize(results));
	json_add_int(json, "done", done);
	json_add_int(json, "failed", cJSON_GetArraySize(results) - done);
	json_add(json, "results", results);
	*out = json;
	return OK;
}
