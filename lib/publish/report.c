/* report.c - what a publishing run tells: what it ended, and what waits. */
#include "publish/report.h"

/* ---- gathering ----------------------------------------------------------- */

/* Takes back what was told of a tweet that is pending again. Where nothing was,
 * it had failed in another run. */
static void take_back(struct publish_result *result, int64_t tweet)
{
	struct publish_ended *before = NULL;
	struct publish_ended *e = result->first;

	for (; e && e->tweet != tweet; e = e->next)
		before = e;
	if (!e)
		return;
	if (before)
		before->next = e->next;
	else
		result->first = e->next;
	if (result->last == e)
		result->last = before;
	result->failed--;
}

static void add_ended(struct publish_result *result, struct publish_ended *e)
{
	e->next = NULL;
	if (result->last)
		result->last->next = e;
	else
		result->first = e;
	result->last = e;
	if (e->err == OK)
		result->posted++;
	else
		result->failed++;
}

void report_lane(struct publish_result *result, struct lane *lane)
{
	while (lane->tally.ended) {
		struct publish_ended *e = lane->tally.ended;

		lane->tally.ended = e->next;
		if (e->err == OK && !e->twitter_id)
			take_back(result, e->tweet);
		else
			add_ended(result, e);
	}
	result->settled += lane->tally.settled;
	result->refreshed += lane->tally.refreshes;
	lane->tally.settled = lane->tally.refreshes = 0;
}

void report_waiting(struct arena *a, struct publish_waiting_list *list,
    int64_t account, const char *code, const char *until)
{
	struct publish_waiting *w = arena_new(a, struct publish_waiting);

	*w = (struct publish_waiting){ NULL, account, code, until };
	if (list->last)
		list->last->next = w;
	else
		list->first = w;
	list->last = w;
}

/* ---- looking up ---------------------------------------------------------- */

const struct publish_ended *report_tweet(
    const struct publish_result *result, int64_t tweet)
{
	const struct publish_ended *e = result->first;

	while (e && e->tweet != tweet)
		e = e->next;
	return e;
}

const struct publish_waiting *report_account(
    const struct publish_waiting_list *list, int64_t account)
{
	const struct publish_waiting *w = list->first;

	while (w && w->account != account)
		w = w->next;
	return w;
}

/* ---- JSON ---------------------------------------------------------------- */

static cJSON *ended_json(const struct publish_ended *e)
{
	cJSON *json = json_object();

	json_add_int(json, "tweet_id", e->tweet);
	json_add_int(json, "account_id", e->account);
	json_add_text(json, "status", e->err == OK ? "posted" : "failed");
	if (e->err == OK) {
		json_add_text(json, "twitter_id", e->twitter_id);
		return json;
	}
	json_add_text(json, "error", e->words);
	json_add_text(json, "code", err_name(e->err));
	json_add_bool(json, "retryable", err_retryable(e->err));
	return json;
}

/* Adds accounts, with the time until which they wait, or without. */
static void add_waiting(
    cJSON *array, const struct publish_waiting_list *list, bool timed)
{
	for (const struct publish_waiting *w = list->first; w; w = w->next) {
		cJSON *json = json_object();

		json_add_int(json, "account_id", w->account);
		if (timed)
			json_add_time(json, "until", w->until);
		json_add_text(json, "code", w->code);
		json_push(array, json);
	}
}

void report_counts(cJSON *json, const struct publish_result *result)
{
	json_add_int(json, "total", result->posted + result->failed);
	json_add_int(json, "posted", result->posted);
	json_add_int(json, "failed", result->failed);
	json_add_int(json, "settled", result->settled);
	json_add_int(json, "refreshed", result->refreshed);
	json_add_int(json, "remaining", result->remaining);
}

cJSON *report_json(const struct publish_result *result)
{
	cJSON *json = json_object();
	cJSON *details = json_array();
	cJSON *held_back = json_array();
	cJSON *blocked = json_array();

	report_counts(json, result);
	for (const struct publish_ended *e = result->first; e; e = e->next)
		json_push(details, ended_json(e));
	json_add(json, "details", details);
	add_waiting(held_back, &result->held_back, true);
	add_waiting(held_back, &result->busy, true);
	add_waiting(blocked, &result->blocked, false);
	json_add(json, "held_back", held_back);
	json_add(json, "blocked", blocked);
	return json;
}
