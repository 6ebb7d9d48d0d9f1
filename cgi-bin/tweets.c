/* tweets.c - create, list, show, delete tweets. */
#include "app/tweet.h"

#include <inttypes.h>
#include <string.h>

#include "app/price.h"
#include "app/tweet_list.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/json.h"
#include "length/length.h"
#include "publish/late.h"
#include "publish/resolve.h"
#include "publish/retry.h"
#include "watch/condition.h"
#include "web/authenticate.h"
#include "web/cgi.h"
#include "web/params.h"
#include "web/request.h"
#include "web/response.h"

static handler_fn create, list, show, change, remove, cleanup;
static handler_fn retry, resolve, release;

static const char *const yes_or_no[] = { "true", "false", "1", "0", NULL };

enum { TEXT, ACCOUNT_ID, SCHEDULED_AT, DRAFT, DRY_RUN };
static const struct param create_params[] = {
	[TEXT] = TEXT_UNLESS("text", "draft", BODY_MAX),
	[ACCOUNT_ID] = INT_IN(BODY, "account_id", REQUIRED, 1, INT64_MAX),
	[SCHEDULED_AT] = TIME_IN(BODY, "scheduled_at", OPTIONAL),
	[DRAFT] = BOOL_IN(BODY, "draft", OPTIONAL),
	[DRY_RUN] = WORD_IN(QUERY, "dry_run", OPTIONAL, yes_or_no),
};

enum { CHANGE_TEXT, CHANGE_SCHEDULED_AT, CHANGE_DRAFT };
static const struct param change_params[] = {
	[CHANGE_TEXT] = TEXT_IN(BODY, "text", OPTIONAL, 0, BODY_MAX),
	[CHANGE_SCHEDULED_AT] = TIME_IN(BODY, "scheduled_at", OPTIONAL),
	[CHANGE_DRAFT] = BOOL_IN(BODY, "draft", OPTIONAL),
};

enum {
	LIST_STATUS,
	LIST_STATE,
	LIST_ACCOUNT_ID,
	LIST_TEXT,
	LIST_CODE,
	LIST_SORT,
	LIST_FROM,
	LIST_TO,
	LIST_PAGE,
	LIST_LIMIT,
	LIST_CURSOR,
	LIST_TOTAL
};
static const struct param list_params[] = {
	[LIST_STATUS] = WORD_IN(QUERY, "status", OPTIONAL, tweet_statuses),
	[LIST_STATE] = WORD_IN(QUERY, "state", OPTIONAL, tweet_states),
	[LIST_ACCOUNT_ID] = INT_IN(QUERY, "account_id", OPTIONAL, 1, INT64_MAX),
	[LIST_TEXT] = TEXT_IN(QUERY, "q", OPTIONAL, 1, 1024),
	[LIST_CODE] = TEXT_IN(QUERY, "code", OPTIONAL, 1, 64),
	[LIST_SORT] = WORD_IN(QUERY, "sort", OPTIONAL, tweet_sorts),
	[LIST_FROM] = TIME_IN(QUERY, "from", OPTIONAL),
	[LIST_TO] = TIME_IN(QUERY, "to", OPTIONAL),
	[LIST_PAGE] = INT_IN(QUERY, "page", OPTIONAL, 1, INT32_MAX),
	[LIST_LIMIT] = INT_IN(QUERY, "limit", OPTIONAL, 1, TWEET_PAGE),
	[LIST_CURSOR] = TEXT_IN(QUERY, "cursor", OPTIONAL, 1, 512),
	[LIST_TOTAL] = WORD_IN(QUERY, "total", OPTIONAL, yes_or_no),
};

enum { STATUSES, DAYS_OLD, CLEANUP_ACCOUNT_ID, CLEANUP_DRY_RUN };
static const struct param cleanup_params[] = {
	[STATUSES] = WORDS_IN(BODY, "statuses", OPTIONAL, tweet_statuses),
	[DAYS_OLD] = INT_IN(BODY, "days_old", OPTIONAL, 0, 36500),
	[CLEANUP_ACCOUNT_ID] =
	    INT_IN(BODY, "account_id", OPTIONAL, 1, INT64_MAX),
	[CLEANUP_DRY_RUN] = BOOL_IN(BODY, "dry_run", OPTIONAL),
};

enum { RETRY_ACCOUNT_ID, RETRY_CODE };
static const struct param retry_params[] = {
	[RETRY_ACCOUNT_ID] = INT_IN(BODY, "account_id", OPTIONAL, 1, INT64_MAX),
	[RETRY_CODE] = TEXT_IN(BODY, "code", OPTIONAL, 1, 64),
};

enum { POSTED, TWITTER_ID };
static const struct param resolve_params[] = {
	[POSTED] = BOOL_IN(BODY, "posted", REQUIRED),
	[TWITTER_ID] = TEXT_IN(BODY, "twitter_id", OPTIONAL, 1, 19),
};

static const struct route routes[] = {
	ROUTE_FLAGS(SCOPE_WRITE, POST, "/api/v1/tweet", create, create_params,
	    ROUTE_ONCE),
	ROUTE_FLAGS(
	    SCOPE_READ, GET, "/api/v1/tweets", list, list_params, ROUTE_TAGGED),
	ROUTE_BARE_FLAGS(
	    SCOPE_READ, GET, "/api/v1/tweets/{id}", show, ROUTE_TAGGED),
	ROUTE(SCOPE_WRITE, PATCH, "/api/v1/tweets/{id}", change, change_params),
	ROUTE_BARE(SCOPE_WRITE, DELETE, "/api/v1/tweets/{id}", remove),
	ROUTE_FLAGS(SCOPE_WRITE, POST, "/api/v1/tweets/cleanup", cleanup,
	    cleanup_params, ROUTE_ONCE),
	ROUTE_FLAGS(SCOPE_WRITE, POST, "/api/v1/tweets/retry", retry,
	    retry_params, ROUTE_ONCE),
	ROUTE_FLAGS(SCOPE_PUBLISH, POST, "/api/v1/tweets/{id}/resolve", resolve,
	    resolve_params, ROUTE_ONCE),
	ROUTE_BARE_FLAGS(SCOPE_PUBLISH, POST, "/api/v1/tweets/{id}/release",
	    release, ROUTE_ONCE),
	ROUTE_NEIGHBOUR("/api/v1/tweet/post/{id}", "publish"),
	ROUTE_NEIGHBOUR("/api/v1/tweets/post-pending", "publish"),
	ROUTE_NEIGHBOUR("/api/v1/tweets/bulk", "publish"),
};

/* Says what is wrong with the text, with its length where that is it. */
static enum err refuse_text(struct call *c, const char *wrong, int64_t weighted)
{
	if (weighted > LENGTH_MAX) {
		c->extra = json_object();
		json_add_int(c->extra, "weighted_length", weighted);
		json_add_int(c->extra, "limit", LENGTH_MAX);
	}
	return params_refuse(c, "text", "%s", wrong);
}

static enum err check_text(struct call *c, const char *text, int64_t *weighted)
{
	const char *wrong = tweet_text_wrong(c->app, text, weighted);

	return wrong ? refuse_text(c, wrong, *weighted) : OK;
}

/* A time may be a minute ago, for clocks differ, and no more. */
static enum err check_time(struct call *c, const struct arg *time)
{
	enum { GRACE_SECONDS = 60 };

	if (time->given && time->number < clock_now() - GRACE_SECONDS)
		return params_refuse(c, "scheduled_at", "is in the past");
	return OK;
}

/* "?dry_run" alone is a yes, too: who writes it wants no tweet. */
static bool is_trial(struct call *c)
{
	const char *word = c->args[DRY_RUN].text;
	int times = 0;

	if (!word)
		word = request_query(c, "dry_run", &times);
	return word ? word[0] == 't' || word[0] == '1' : times > 0;
}

/* Warns of a time for which no scheduler runs. */
static enum err warn_scheduler(struct call *c, cJSON *warnings)
{
	cJSON *json;
	bool missing = false;

	TRY(condition_no_tick(c->app, &missing));
	if (!missing)
		return OK;
	json = json_object();
	json_add_text(json, "code", "no_scheduler");
	json_add_text(json, "detail",
	    "the scheduler (cron) has not run lately: nothing sends this tweet"
	    " at its time");
	json_add_text(json, "pointer", "/scheduled_at");
	json_push(warnings, json);
	return OK;
}

/* The answer of a trial: nothing was stored. */
static void answer_trial(
    struct call *c, const char *text, int64_t weighted, cJSON *warnings)
{
	cJSON *json = json_object();

	json_add_text(json, "message", "This tweet could be created");
	json_add_bool(json, "dry_run", true);
	json_add_int(json, "weighted_length", weighted);
	json_add_int(json, "limit", LENGTH_MAX);
	json_add(json, "price", price_json(c->arena, text));
	json_add(json, "warnings", warnings);
	response_json(c, 200, json);
}

static void answer_created(struct call *c, const struct tweet_new *new,
    const struct tweet_created *created, int64_t weighted, cJSON *warnings)
{
	cJSON *json = json_object();
	char at[CLOCK_TEXT];

	json_add_text(
	    json, "message", new->draft ? "Draft saved" : "Tweet created");
	json_add_int(json, "tweet_id", created->id);
	json_add_int(json, "weighted_length", weighted);
	json_add_int(json, "account_id", new->account);
	json_add_text(json, "username", created->username);
	json_add_text(json, "state", created->state);
	clock_rfc3339(new->scheduled_at, at);
	json_add_text(json, "scheduled_at", new->scheduled_at ? at : NULL);
	json_add(json, "warnings", warnings);
	response_header(c, "Location",
	    arena_printf(c->arena, "/api/v1/tweets/%" PRId64, created->id));
	response_json(c, 201, json);
}

static enum err create(struct call *c)
{
	const char *text = c->args[TEXT].text;
	const struct tweet_new new = {
		.account = c->args[ACCOUNT_ID].number,
		.text = text ? text : "",
		.scheduled_at = c->args[SCHEDULED_AT].number,
		.draft = c->args[DRAFT].truth,
		.dry_run = is_trial(c),
	};
	struct tweet_created created = { 0 };
	cJSON *warnings = json_array();
	int64_t weighted = 0;

	c->account_id = new.account;
	if (!new.draft)
		TRY(check_text(c, new.text, &weighted));
	else if (tweet_text_wrong(c->app, new.text, &weighted) && weighted < 0)
		weighted = 0;
	TRY(check_time(c, &c->args[SCHEDULED_AT]));
	if (new.scheduled_at)
		TRY(authorize(c, SCOPE_PUBLISH));
	TRY(tweet_create(c->app, &new, &created, warnings));
	if (new.scheduled_at && !new.draft)
		TRY(warn_scheduler(c, warnings));
	params_warn(c, warnings);
	if (new.dry_run)
		answer_trial(c, new.text, weighted, warnings);
	else
		answer_created(c, &new, &created, weighted, warnings);
	return OK;
}

/* A time needs the right to publish; so does finishing a draft that has one
 * already. */
static enum err authorize_time(struct call *c, bool given)
{
	cJSON *json = NULL;

	if (scopes_allow(c->app->key_scopes, SCOPE_PUBLISH))
		return OK;
	if (!given) {
		TRY(tweet_get(c->app, c->id, &json));
		given = json_text(json, "scheduled_at") != NULL;
	}
	return given ? authorize(c, SCOPE_PUBLISH) : OK;
}

static enum err change(struct call *c)
{
	const struct arg *time = &c->args[CHANGE_SCHEDULED_AT];
	const struct arg *draft = &c->args[CHANGE_DRAFT];
	const struct tweet_changes changes = {
		.text = c->args[CHANGE_TEXT].text,
		.new_time = time->given || time->null,
		.scheduled_at = time->number,
		.new_draft = draft->given,
		.draft = draft->truth,
	};
	struct tweet_fault fault = { 0 };
	cJSON *json = NULL;

	if (!changes.text && !changes.new_time && !changes.new_draft)
		return params_refuse(
		    c, "text", "text, scheduled_at or draft is required");
	TRY(check_time(c, time));
	if (time->given || (draft->given && !draft->truth && !time->null))
		TRY(authorize_time(c, time->given));

	enum err err = tweet_change(c->app, c->id, &changes, &fault);

	if (fault.words)
		return refuse_text(c, fault.words, fault.weighted);
	TRY(err);
	TRY(tweet_get(c->app, c->id, &json));
	response_json(c, 200, json);
	return OK;
}

/* Link (RFC 8288) to the next page: the same query, with its cursor. */
static void add_link(struct call *c, const cJSON *json)
{
	static const char *const kept[] = { "status", "state", "account_id",
		"q", "code", "sort", "from", "to", "limit", "total" };
	const char *cursor = json_text(json, "next_cursor");
	struct buf link = buf_make(c->arena, 8192);
	int times = 0;

	if (!cursor)
		return;
	buf_text(&link, "<?");
	for (size_t i = 0; i < COUNT(kept); i++) {
		const char *value = request_query(c, kept[i], &times);

		if (value)
			buf_printf(&link, "%s=%s&", kept[i],
			    encode_percent(c->arena, value));
	}
	buf_printf(&link, "cursor=%s>; rel=\"next\"",
	    encode_percent(c->arena, cursor));
	response_header(c, "Link", buf_cstr(&link));
}

/* Where the page begins and what its times lie between. */
static enum err read_place(struct call *c, struct tweet_filter *filter)
{
	const struct arg *from = &c->args[LIST_FROM], *to = &c->args[LIST_TO];
	const char *sort = c->args[LIST_SORT].text;
	const char *cursor = c->args[LIST_CURSOR].text;

	while (sort && strcmp(tweet_sorts[filter->sort], sort) != 0)
		filter->sort++;
	filter->from = from->given ? from->number : INT64_MIN;
	filter->to = to->given ? to->number : INT64_MAX;
	if (filter->from > filter->to)
		return params_refuse(c, "to", "is before from");
	if (cursor && !cursor_read(c->arena, cursor, tweet_sorts[filter->sort],
			  tweet_sort_timed(filter->sort), &filter->cursor))
		return params_refuse(c, "cursor",
		    "is not a next_cursor of a list with this sort");
	return OK;
}

static enum err list(struct call *c)
{
	const struct arg *page = &c->args[LIST_PAGE];
	const struct arg *limit = &c->args[LIST_LIMIT];
	const char *total = c->args[LIST_TOTAL].text;
	struct tweet_filter filter = {
		.status = c->args[LIST_STATUS].text,
		.state = c->args[LIST_STATE].text,
		.text = c->args[LIST_TEXT].text,
		.code = c->args[LIST_CODE].text,
		.account = c->args[LIST_ACCOUNT_ID].number,
		.page = page->given ? page->number : 1,
		.limit = limit->given ? limit->number : TWEET_PAGE,
		.uncounted = total && strchr("f0", total[0]),
	};
	cJSON *json = NULL;

	TRY(read_place(c, &filter));
	TRY(tweet_list(c->app, &filter, &json));
	add_link(c, json);
	response_json(c, 200, json);
	return OK;
}

static enum err show(struct call *c)
{
	cJSON *json = NULL;

	TRY(tweet_get(c->app, c->id, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err remove(struct call *c)
{
	cJSON *json = json_object();
	cJSON *tweet = NULL;

	TRY(tweet_delete(c->app, c->id, &tweet));
	json_add_text(json, "message", "Tweet deleted");
	json_add(json, "tweet", tweet);
	response_json(c, 200, json);
	return OK;
}

static cJSON *criteria_json(struct call *c)
{
	const struct arg *statuses = &c->args[STATUSES];
	cJSON *json = json_object();

	if (statuses->given) {
		cJSON *list = json_add(json, "statuses", json_array());

		for (size_t i = 0; statuses->list[i]; i++)
			json_push(list, cJSON_CreateString(statuses->list[i]));
	} else {
		json_add_null(json, "statuses");
	}
	if (c->args[DAYS_OLD].given)
		json_add_int(json, "days_old", c->args[DAYS_OLD].number);
	else
		json_add_null(json, "days_old");
	if (c->args[CLEANUP_ACCOUNT_ID].given)
		json_add_int(json, "account_id", c->account_id);
	else
		json_add_null(json, "account_id");
	return json;
}

static enum err cleanup(struct call *c)
{
	const struct arg *statuses = &c->args[STATUSES];
	const struct arg *days = &c->args[DAYS_OLD];
	bool some = statuses->given && statuses->list[0];
	const struct tweet_criteria criteria = {
		.statuses = some ? statuses->list : NULL,
		.days_old = days->given ? days->number : -1,
		.account = c->args[CLEANUP_ACCOUNT_ID].number,
	};
	bool dry_run = c->args[CLEANUP_DRY_RUN].truth;
	cJSON *json = json_object();
	int64_t deleted = 0;
	int64_t skipped = 0;

	c->account_id = criteria.account;
	if (!some && !days->given)
		return params_refuse(c, "statuses",
		    "statuses (not empty) or days_old is required");
	TRY(tweet_cleanup(c->app, &criteria, dry_run, &deleted, &skipped));
	json_add_text(json, "message",
	    arena_printf(c->arena, "%s %" PRId64 " tweets",
		dry_run ? "Would delete" : "Deleted", deleted));
	json_add_int(json, "deleted", deleted);
	json_add_int(json, "skipped", skipped);
	json_add(json, "criteria", criteria_json(c));
	if (dry_run)
		json_add_bool(json, "dry_run", true);
	response_json(c, 200, json);
	return OK;
}

static enum err retry(struct call *c)
{
	cJSON *json = json_object();
	int64_t retried = 0;

	c->account_id = c->args[RETRY_ACCOUNT_ID].number;
	TRY(retry_failed(
	    c->app, c->account_id, c->args[RETRY_CODE].text, &retried));
	json_add_text(json, "message",
	    arena_printf(
		c->arena, "%" PRId64 " tweets are pending again", retried));
	json_add_int(json, "retried", retried);
	response_json(c, 200, json);
	return OK;
}

static enum err resolve(struct call *c)
{
	const char *twitter_id = c->args[TWITTER_ID].text;
	bool posted = c->args[POSTED].truth;
	cJSON *json = NULL;
	int64_t number = 0;

	if (posted && !twitter_id)
		return params_refuse(c, "twitter_id", "is missing");
	if (twitter_id && !str_int64(str_of(twitter_id), 1, INT64_MAX, &number))
		return params_refuse(c, "twitter_id", "must be decimal digits");
	TRY(resolve_tweet(c->app, c->id, posted ? twitter_id : NULL));
	TRY(tweet_get(c->app, c->id, &json));
	response_json(c, 200, json);
	return OK;
}

static enum err release(struct call *c)
{
	cJSON *json = NULL;

	TRY(late_release(c->app, c->id));
	TRY(tweet_get(c->app, c->id, &json));
	response_json(c, 200, json);
	return OK;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
