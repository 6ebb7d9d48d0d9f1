/* account_list.h - accounts by filter, all at once or a page at a time. */
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
	ACCOUNT_NAME, /* in any case of ASCII */
	ACCOUNT_NAME_LAST,
	ACCOUNT_STATUS,
	ACCOUNT_STATUS_LAST,
	ACCOUNT_SORTS
};

struct account_filter {
	const char *status; /* NULL: any */
	const char *text;   /* in its name, any case of ASCII; NULL: any */
	enum account_sort sort;
	int64_t limit; /* accounts a page; 0: all that there are */
	struct cursor cursor;
};

/* Whether a list in that order is sorted by more than the id. */
bool account_sort_valued(enum account_sort sort);

/* {accounts:[…],total,next_cursor} */
enum err account_list(struct app *app, const struct account_filter *filter,
    cJSON **out) MUST_CHECK;

#endif
