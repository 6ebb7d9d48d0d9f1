/* success.h - how many of the tweets handed to X went out, lately. */
#ifndef WATCH_SUCCESS_H
#define WATCH_SUCCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { SUCCESS_WINDOWS = 3 }; /* an hour, a day, a week */

/* How an attempt ended. One that X put off has not failed. */
enum success_kind {
	SUCCESS_POSTED,
	SUCCESS_FAILED,
	SUCCESS_PUT_OFF,
	SUCCESS__COUNT
};

/* How many attempts ended so in a window. */
struct success {
	int64_t n[SUCCESS_WINDOWS][SUCCESS__COUNT];
};

struct success_row {
	int64_t account; /* 0: there are no more */
	struct success success;
};

/* Asks for the windows that end at NOW of each account that has any; the first
 * db_step follows. */
enum err success_open(struct db_query *q, struct db *db, int64_t now)
    MUST_CHECK;

/* Notes (app_turns_at) when the next attempt falls out of a window. */
enum err success_turns(struct app *app, int64_t now) MUST_CHECK;

/* Sums up the next account, by id, from the row that Q is on; *more tells
 * whether it is on one. */
enum err success_next(struct db_query *q, bool *more, struct success_row *row)
    MUST_CHECK;

/* Adds MORE to SUM. */
void success_add(struct success *sum, const struct success *more);

/* Adds "success":{hour:{attempted,posted,failed,put_off,rate},day,week}. */
void success_json(cJSON *json, const struct success *success);

#endif
