/* report.h - what a publishing run tells: what it ended, and what waits. */
#ifndef PUBLISH_REPORT_H
#define PUBLISH_REPORT_H

#include "base/json.h"
#include "publish/run.h"

/* Moves what has ended for the lane's account to RESULT. */
void report_lane(struct publish_result *result, struct lane *lane);

/* Adds an account; CODE and UNTIL must outlive the result. */
void report_waiting(struct arena *a, struct publish_waiting_list *list,
    int64_t account, const char *code, const char *until);

/* What RESULT says of a tweet, or of an account; NULL: nothing. */
const struct publish_ended *report_tweet(
    const struct publish_result *result, int64_t tweet);
const struct publish_waiting *report_account(
    const struct publish_waiting_list *list, int64_t account);

/* The numbers of RESULT as members of JSON:
 * total,posted,failed,settled,refreshed,remaining. */
void report_counts(cJSON *json, const struct publish_result *result);

/* All of RESULT: its numbers, and details,held_back,blocked. */
cJSON *report_json(const struct publish_result *result);

#endif
