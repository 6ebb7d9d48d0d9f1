/* event_list.c - reads the record of changes. */
#include "app/event_list.h"

#include <inttypes.h>
#include <string.h>

#include "app/event.h"
#include "base/clock.h"

/* The members that are read with their row only. */
static void add_data(cJSON *json, const char *text)
{
	static const char *const names[] = { "user", "address", "before",
		"after", "request_id" };
	const char *why = NULL;
	cJSON *data = text ? json_parse(text, strlen(text), &why) : NULL;

	for (size_t i = 0; i < COUNT(names); i++) {
		cJSON *item = json_get(data, names[i]);

		if (item)
			json_add(json, names[i],
			    cJSON_DetachItemViaPointer(data, item));
		else
			json_add_null(json, names[i]);
	}
}

static void add_id(
    cJSON *json, const char *name, struct db_query *q, int column)
{
	if (db_null(q, column))
		json_add_null(json, name);
	else
		json_add_int(json, name, db_int(q, column));
}

/* The kind of object that an action such as "tweet.posted" is about. */
static void add_object(cJSON *json, const char *action)
{
	for (size_t i = 0; event_objects[i]; i++) {
		size_t n = strlen(event_objects[i]);

		if (strncmp(action, event_objects[i], n) == 0 &&
		    action[n] == '.')
			json_add_text(json, "object", event_objects[i]);
	}
}

static cJSON *event_json(struct db_query *q)
{
	cJSON *json = json_object();

	json_add_int(json, "id", db_int(q, 0));
	json_add_time(json, "at", db_peek(q, 1));
	add_id(json, "key_id", q, 2);
	json_add_text(json, "key_name", db_peek(q, 3));
	json_add_text(json, "action", db_peek(q, 4));
	add_object(json, db_peek(q, 4));
	add_id(json, "object_id", q, 5);
	add_data(json, db_peek(q, 6));
	return json;
}

#define COLUMNS                                                              \
	"SELECT e.id, e.at, e.key_id, k.name, e.action, e.object_id, e.data" \
	" FROM event e LEFT JOIN api_key k ON k.id = e.key_id"
#define MATCHES                                                                \
	" AND ($1 IS NULL OR substr(e.action, 1, length($1) + 1) = $1 || '.')" \
	" AND ($3 IS NULL OR e.action = $3) AND ($4 = 0 OR e.key_id = $4)"     \
	" AND ($5 IS NULL OR e.at >= $5) AND ($6 IS NULL OR e.at <= $6)"       \
	" AND ($7 = 0 OR e.id < $7) ORDER BY e.id DESC LIMIT $8 + 1"

/* One object's history is found by an index. */
static enum err prepare(
    struct app *app, struct db_query *q, const struct event_filter *filter)
{
	if (!filter->object_id)
		return db_prepare(q, &app->db, COLUMNS " WHERE $2 = 0" MATCHES);
	return db_prepare(
	    q, &app->db, COLUMNS " WHERE e.object_id = $2" MATCHES);
}

/* T as the database has it in TEXT; NULL for 0. */
static const char *time_text(int64_t t, char *text)
{
	clock_sql(t, text);
	return t ? text : NULL;
}

enum err event_list(
    struct app *app, const struct event_filter *filter, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	cJSON *events = json_array();
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	int64_t last = 0;
	bool row = false;

	TRY(prepare(app, &q, filter));
	db_bind_text(&q, 1, filter->object);
	db_bind_int(&q, 2, filter->object_id);
	db_bind_text(&q, 3, filter->action);
	db_bind_int(&q, 4, filter->key_id);
	db_bind_text(&q, 5, time_text(filter->from, from));
	db_bind_text(&q, 6, time_text(filter->to, to));
	db_bind_int(&q, 7, filter->before);
	db_bind_int(&q, 8, filter->limit);
	TRY(db_step(&q, &row));
	for (int64_t n = 0; row && n < filter->limit; n++) {
		last = db_int(&q, 0);
		json_push(events, event_json(&q));
		TRY(db_step(&q, &row));
	}
	*out = json_object();
	json_add(*out, "events", events);
	json_add_text(*out, "next_cursor",
	    row ? arena_printf(app->arena, "%" PRId64, last) : NULL);
	return OK;
}
