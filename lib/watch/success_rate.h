/* success_rate.h - the recent success rate: how many tweets sent to X were
 * posted. */
#ifndef WATCH_SUCCESS_RATE_H
#define WATCH_SUCCESS_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { SUCCESS_WINDOWS = 3 }; /* an hour, a day, a week */

/* What an attempt counts as. One that X asked to repeat later has not
 * failed. */
enum success_kind {
	SUCCESS_POSTED,
	SUCCESS_FAILED,
	SUCCESS_PUT_OFF,
	SUCCESS__COUNT
};

/* The numbers of attempts in each window. */
struct success {
	int64_t n[SUCCESS_WINDOWS][SUCCESS__COUNT];
};

struct success_row {
	int64_t account; /* 0: no more accounts */
	struct success success;
};

/* Selects the attempts within the windows that end at NOW, by account. The
 * caller takes the first db_step. */
enum err success_rate_open(struct db_query *q, struct db *db, int64_t now)
    MUST_CHECK;

/* Notes (app_valid_until) when the next attempt leaves a window. */
enum err success_rate_valid_until(struct app *app, int64_t now) MUST_CHECK;

/* Sums up the next account, in order of id, beginning with Q's present row;
 * *more tells whether Q has one. */
enum err success_rate_next(
    struct db_query *q, bool *more, struct success_row *row) MUST_CHECK;

/* Adds MORE to SUM. */
void success_rate_add(struct success *sum, const struct success *more);

/* Adds "success":{hour:{attempted,posted,failed,put_off,rate},day,week}. */
void success_rate_json(cJSON *json, const struct success *success);

#endif
