/* account_list.h - lists accounts by filter, all of them or a page at a
 * time. */
#ifndef APP_ACCOUNT_LIST_H
#define APP_ACCOUNT_LIST_H

#include <stdint.h>

#include "app/app.h"
#include "app/cursor.h"
#include "base/json.h"

enum { ACCOUNT_PAGE_MOST = 1000 };

/* The words for the orders of a list, by enum account_sort; ends with NULL. */
extern const char *const account_sorts[];

enum account_sort {
	ACCOUNT_NEWEST,
	ACCOUNT_OLDEST,
	ACCOUNT_NAME, /* ASCII case ignored */
	ACCOUNT_NAME_LAST,
	ACCOUNT_STATUS,
	ACCOUNT_STATUS_LAST,
	ACCOUNT_SORTS
};

struct account_filter {
	const char *status; /* NULL: any */
	const char *text;   /* in its name, ASCII case ignored; NULL: any */
	enum account_sort sort;
	int64_t limit; /* accounts a page; 0: all */
	struct cursor cursor;
};

/* Whether a list in that order is sorted by something besides the id. */
bool account_sort_valued(enum account_sort sort);

/* {accounts:[…],total,next_cursor} */
enum err account_list(struct app *app, const struct account_filter *filter,
    cJSON **out) MUST_CHECK;

#endif
