/* success.h - how many of the tweets handed to X went out, lately. */
#ifndef APP_SUCCESS_H
#define APP_SUCCESS_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { SUCCESS_WINDOWS = 3 }; /* an hour, a day, a week */

/* How attempts ended, by window. One that X put off has not failed. */
struct success {
	struct success_window {
		int64_t posted;
		int64_t failed;
		int64_t put_off;
	} windows[SUCCESS_WINDOWS];
};

struct success_row {
	int64_t account; /* 0: there are no more */
	struct success success;
};

/* Asks for the windows that end at NOW of each account that has any. */
enum err success_open(struct db_query *q, struct db *db, int64_t now)
    MUST_CHECK;

/* Goes to the next account, by id. */
enum err success_next(struct db_query *q, struct success_row *row) MUST_CHECK;

/* Adds MORE to SUM. */
void success_add(struct success *sum, const struct success *more);

/* Adds "success":{hour:{attempted,posted,failed,put_off,rate},day,week}. */
void success_json(cJSON *json, const struct success *success);

#endif
