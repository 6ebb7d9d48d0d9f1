/* event_list.h - reads the record of changes. */
#ifndef APP_EVENT_LIST_H
#define APP_EVENT_LIST_H

#include <stdint.h>

#include "app/app.h"
#include "base/json.h"

enum { EVENT_LIST_MAX = 50 };

/* Which events. */
struct event_filter {
	const char *object; /* NULL: any */
	int64_t object_id;  /* 0: any */
	const char *action; /* NULL: any */
	int64_t key_id;     /* 0: any */
	int64_t from;       /* seconds since 1970; 0: from the first on */
	int64_t to;         /* 0: to the last one */
	int64_t before;     /* only ids below; 0: all */
	int64_t limit;
};

/* The events, newest first: {events:[…],next_cursor}. */
enum err event_list(
    struct app *app, const struct event_filter *filter, cJSON **out) MUST_CHECK;

#endif
