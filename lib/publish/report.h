/* report.h - which accounts a publishing run has to see, and what it tells. */
#ifndef PUBLISH_REPORT_H
#define PUBLISH_REPORT_H

#include "base/json.h"
#include "publish/run.h"

struct report {
	cJSON *details;
	int64_t posted;
	int64_t failed;
	int64_t settled;
	int64_t refreshed;
	const char *twitter_id; /* of the one tweet asked for, if it is out */
	cJSON *busy;            /* accounts that another process worked for */
};

/* The accounts with something to do, ends with 0; owned by the arena. */
enum err report_accounts(struct run *run, const int64_t **accounts) MUST_CHECK;

/* Takes what has ended since the last turn out of the lanes, and frees those
 * that are done (but the only one of a run for one tweet). */
void report_turn(struct report *report, struct run *run);

/* The element of a report's list of which the member NAME is ID; NULL if there
 * is none. */
cJSON *report_row(const cJSON *list, const char *name, int64_t id);

/* The whole answer, with what remains and what waits. */
enum err report_json(struct report *report, struct run *run, cJSON **out)
    MUST_CHECK;

#endif
