/* tweet_list.c - lists tweets by filter, a page at a time. */
#include "app/tweet_list.h"

#include <string.h>

#include "app/account.h"
#include "app/tweet.h"
#include "app/tweet_select.h"
#include "app/tweet_state.h"
#include "app/tweet_valid.h"

#define COLUMNS                                                       \
	"SELECT t.id, t.content, t.status, t.created_at, a.username," \
	" t.twitter_account_id, " TWEET_STATE ", t.posted_at,"        \
	" t.twitter_id, t.code, t.reason, " TWEET_VALID_UNTIL

enum { STORED = 2, STATE = 6, POSTED_AT, TWITTER_ID, CODE, REASON };
enum { SCHEDULED_AT = REASON + 1 };

/* Unconfirmed tweets may have any status and code in their rows: see
 * TWEET_STATUS and TWEET_CODE, which cost more. */
static cJSON *read_row(struct app *app, struct db_query *q)
{
	const char *state = db_peek(q, STATE);
	bool doubt = strcmp(state, tweet_states[TWEET_IS_UNCONFIRMED]) == 0;
	const char *status = doubt ? "failed" : db_peek(q, STORED);
	cJSON *json = tweet_brief(q, status);

	json_add_text(json, "state", state);
	json_add_time(json, "scheduled_at", db_peek(q, SCHEDULED_AT));
	json_add_time(json, "posted_at", db_peek(q, POSTED_AT));
	json_add_text(json, "twitter_id", db_peek(q, TWITTER_ID));
	json_add_text(json, "code",
	    doubt ? err_name(ERR_OUTCOME_UNKNOWN) : db_peek(q, CODE));
	json_add_text(json, "reason", db_peek(q, REASON));
	if (strcmp(status, "pending") == 0)
		tweet_valid_until(app, q, SCHEDULED_AT);
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

/* Counts the matches, from the kept counts if possible. */
static enum err count(
    struct app *app, const struct tweet_search *s, int64_t *total)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	if (tweet_search_total(s, total))
		return OK;
	TRY(tweet_select_count(app, &q, s));
	TRY(db_step(&q, &row));
	*total = db_int(&q, 0);
	return OK;
}

/* Reads a page, and one row more to see whether there is a next page. */
static enum err read_page(struct app *app, const struct tweet_search *s,
    cJSON *tweets, const char **next)
{
	SCOPED(db_query) q = { 0 };
	const char *last = NULL;
	bool row = false;

	TRY(tweet_select_page(app, &q, s, COLUMNS));
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

/* As time passes, a tweet may come onto the page or into the count. If nothing
 * is counted, finding out when would be the most costly part. */
static enum err note_validity(struct app *app, const struct tweet_search *s)
{
	if (!s->state || s->state->place == TWEET_STAYS)
		return OK;
	if (!s->filter->uncounted)
		return tweet_valid_until_any(app);
	app_valid_until(app, app->opened_at + 1);
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
	if (!filter->uncounted)
		TRY(count(app, &s, &total));
	TRY(note_validity(app, &s));
	if (!s.none)
		TRY(read_page(app, &s, tweets, &next));
	*out = json_object();
	json_add(*out, "tweets", tweets);
	if (!filter->uncounted)
		json_add_int(*out, "total", total);
	json_add_text(*out, "next_cursor", next);
	return OK;
}
