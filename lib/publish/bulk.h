/* bulk.h - one thing done with many tweets, each for itself. */
#ifndef PUBLISH_BULK_H
#define PUBLISH_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { BULK_MAX = 500 };

/* What can be done with many: delete, post, retry, release; ends with NULL. */
extern const char *const bulk_actions[];

/* What became of one tweet. */
struct bulk_row {
	int64_t id;
	enum err err;
	const char *words;      /* if err */
	const char *twitter_id; /* posted just now; NULL: it was not */
	bool waits;             /* it stays pending … */
	const char *until;      /* … until then, as the database has it */
};

struct bulk_result {
	const char *action;
	size_t total;
	size_t done;
	struct bulk_row *rows;
};

/* Does ACTION with each of IDS (ends with 0). What one row cannot have is no
 * fault of the call. */
enum err bulk_run(struct app *app, const char *action, const int64_t *ids,
    struct bulk_result *result) MUST_CHECK;

/* {action,total,done,failed,results:[{id,ok,..}]} */
cJSON *bulk_json(const struct bulk_result *result);

#endif
