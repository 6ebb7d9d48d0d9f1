/* event.c - the record of changes: who changed what, when, and how. */
#include "app/event.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

enum object { TWEET, ACCOUNT, KEY, ALERT, MOCK_MODE };

const char *const event_objects[] = { "tweet", "account", "key", "alert",
	"mock_mode", NULL };

const char *const event_actions[] = {
	[EVENT_TWEET_CREATED] = "tweet.created",
	[EVENT_TWEET_CHANGED] = "tweet.changed",
	[EVENT_TWEET_SENDING] = "tweet.sending",
	[EVENT_TWEET_POSTED] = "tweet.posted",
	[EVENT_TWEET_FAILED] = "tweet.failed",
	[EVENT_TWEET_UNCONFIRMED] = "tweet.unconfirmed",
	[EVENT_TWEET_HELD_BACK] = "tweet.held_back",
	[EVENT_TWEET_HELD] = "tweet.held",
	[EVENT_TWEET_RELEASED] = "tweet.released",
	[EVENT_TWEET_RETRIED] = "tweet.retried",
	[EVENT_TWEET_MOVED] = "tweet.moved",
	[EVENT_TWEET_REPAIRED] = "tweet.repaired",
	[EVENT_TWEET_DELETED] = "tweet.deleted",
	[EVENT_ACCOUNT_LINKED] = "account.linked",
	[EVENT_ACCOUNT_CHANGED] = "account.changed",
	[EVENT_ACCOUNT_IDENTIFIED] = "account.identified",
	[EVENT_ACCOUNT_RENAMED] = "account.renamed",
	[EVENT_ACCOUNT_FAILED] = "account.failed",
	[EVENT_ACCOUNT_REPAIRED] = "account.repaired",
	[EVENT_ACCOUNT_DELETED] = "account.deleted",
	[EVENT_KEY_CREATED] = "key.created",
	[EVENT_KEY_CHANGED] = "key.changed",
	[EVENT_KEY_REVOKED] = "key.revoked",
	[EVENT_ALERT_SNOOZED] = "alert.snoozed",
	[EVENT_MOCK_MODE_CHANGED] = "mock_mode.changed",
	[EVENT__COUNT] = NULL,
};

/* Linking an account again stores new tokens, which the record does not
 * tell. */
static bool always(enum event_action action)
{
	return action == EVENT_ACCOUNT_LINKED;
}

static enum object object_of(enum event_action action)
{
	if (action <= EVENT_TWEET_DELETED)
		return TWEET;
	if (action <= EVENT_ACCOUNT_DELETED)
		return ACCOUNT;
	if (action <= EVENT_KEY_REVOKED)
		return KEY;
	return action == EVENT_ALERT_SNOOZED ? ALERT : MOCK_MODE;
}

/* ---- what an object is like ---------------------------------------------- */

struct member {
	const char *name; /* as the API calls it */
	enum { NUMBER, TEXT, SWITCH, TIME } form;
};

/* Each in the order of its columns, which follow the id. */
static const struct member of_tweet[] = {
	{ "account_id", NUMBER },
	{ "text", TEXT },
	{ "status", TEXT },
	{ "draft", SWITCH },
	{ "held", SWITCH },
	{ "scheduled_at", TIME },
	{ "retry_at", TIME },
	{ "code", TEXT },
	{ "reason", TEXT },
	{ "twitter_id", TEXT },
	{ "posted_at", TIME },
};
static const struct member of_account[] = {
	{ "username", TEXT },
	{ "status", TEXT },
	{ "code", TEXT },
	{ "reason", TEXT },
	{ "x_user_id", TEXT },
	{ "scope", TEXT },
	{ "mock", SWITCH },
};
static const struct member of_key[] = {
	{ "name", TEXT },
	{ "scopes", TEXT },
	{ "expires_at", TIME },
	{ "is_active", SWITCH },
	{ "account_ids", TEXT },
};
static const struct member of_alert[] = {
	{ "cause", TEXT },
	{ "snoozed_until", TIME },
};
static const struct member of_mock_mode[] = { { "enabled", SWITCH } };

static const struct {
	const char *sql;
	const struct member *members;
	size_t count;
} objects[] = {
	[TWEET] = { "SELECT " EVENT_TWEET " FROM tweet t WHERE t.id = $1",
	    of_tweet, COUNT(of_tweet) },
	[ACCOUNT] = { "SELECT id, username, status, code, reason, x_user_id,"
		      " scope, mock FROM twitter_account WHERE id = $1",
	    of_account, COUNT(of_account) },
	[KEY] = { "SELECT id, name, coalesce(scopes, 'admin'), expires_at,"
		  " is_active, account_ids FROM api_key WHERE id = $1",
	    of_key, COUNT(of_key) },
	[ALERT] = { "SELECT id, cause, snoozed_until FROM alert WHERE id = $1",
	    of_alert, COUNT(of_alert) },
	[MOCK_MODE] = { "SELECT NULL, value = '1' FROM kv"
			" WHERE name = 'mock_mode'",
	    of_mock_mode, COUNT(of_mock_mode) },
};

/* The row's members; what is NULL is left out. */
static cJSON *row_json(struct db_query *q, enum object object)
{
	cJSON *json = json_object();

	for (size_t i = 0; i < objects[object].count; i++) {
		const struct member *m = &objects[object].members[i];
		int column = (int)i + 1;

		if (db_null(q, column))
			continue;
		switch (m->form) {
		case NUMBER:
			json_add_int(json, m->name, db_int(q, column));
			break;
		case TEXT:
			json_add_text(json, m->name, db_peek(q, column));
			break;
		case SWITCH:
			json_add_bool(json, m->name, db_int(q, column) != 0);
			break;
		case TIME:
			json_add_time(json, m->name, db_peek(q, column));
			break;
		}
	}
	return json;
}

/* What the object is like now; *out is NULL if it is not there. */
static enum err look(
    struct app *app, enum object object, int64_t id, cJSON **out)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare_text(&q, &app->db, objects[object].sql));
	db_bind_int_if(&q, 1, id);
	TRY(db_step(&q, &row));
	*out = row ? row_json(&q, object) : NULL;
	return OK;
}

/* Leaves in both what differs: a member that only one has is null in the
 * other. */
static void keep_differences(
    cJSON *before, cJSON *after, const struct member *members, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = members[i].name;
		cJSON *old = json_get(before, name);
		cJSON *new = json_get(after, name);

		if (old && new &&cJSON_Compare(old, new, true)) {
			cJSON_DetachItemViaPointer(before, old);
			cJSON_DetachItemViaPointer(after, new);
		} else if (old && !new) {
			json_add_null(after, name);
		} else if (new && !old) {
			json_add_null(before, name);
		}
	}
}

/* ---- writing ------------------------------------------------------------- */

static void add_tree(cJSON *json, const char *name, cJSON *tree)
{
	if (tree)
		json_add(json, name, tree);
	else
		json_add_null(json, name);
}

/* Stores an event; BEFORE and AFTER are NULL where the object was not there. */
static enum err add(struct app *app, enum event_action action, int64_t id,
    cJSON *before, cJSON *after)
{
	SCOPED(db_query) q = { 0 };
	cJSON *data = json_object();
	char now[CLOCK_TEXT];

	json_add_text(data, "user", app->host_user);
	json_add_text(data, "address", app->address);
	add_tree(data, "before", before);
	add_tree(data, "after", after);
	json_add_text(data, "request_id", log_request_id());
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "INSERT INTO event(at, action, object_id, key_id, data)"
	    " VALUES($1, $2, $3, $4, $5)"));
	db_bind_text(&q, 1, now);
	db_bind_text(&q, 2, event_actions[action]);
	if (id)
		db_bind_int(&q, 3, id);
	if (app->key_id)
		db_bind_int(&q, 4, app->key_id);
	db_bind_text(&q, 5, json_print(data));
	return db_run(&q, NULL);
}

/* Runs Q, and stores an event if that changed anything. */
static enum err run(struct app *app, enum event_action action, int64_t id,
    struct db_query *q, int64_t *changed)
{
	enum object object = object_of(action);
	cJSON *before = NULL;
	cJSON *after = NULL;

	TRY(look(app, object, id, &before));
	TRY(db_run(q, changed));
	TRY(look(app, object, id, &after));
	if (before && after)
		keep_differences(before, after, objects[object].members,
		    objects[object].count);

	bool differ = !before != !after || (before && before->child);

	return differ || always(action) ? add(app, action, id, before, after)
					: OK;
}

/* The trees are in memory of their own, since a run records many events. */
enum err event_run(struct app *app, enum event_action action, int64_t id,
    struct db_query *q, int64_t *changed)
{
	SCOPED(arena) own = arena_make(app->arena->limit);

	json_arena(&own);

	enum err err = run(app, action, id, q, changed);

	json_arena(app->arena);
	return err;
}

/* The ids of the rows, in the arena. */
static enum err read_ids(
    struct app *app, struct db_query *q, int64_t **ids, size_t *count)
{
	size_t size = 64;
	bool row = false;

	*ids = arena_array(app->arena, size, sizeof(**ids));
	*count = 0;
	TRY(db_step(q, &row));
	while (row) {
		if (*count == size) {
			*ids =
			    arena_grow(app->arena, *ids, size, sizeof(**ids));
			size *= 2;
		}
		(*ids)[(*count)++] = db_int(q, 0);
		TRY(db_step(q, &row));
	}
	return OK;
}

enum err event_run_each(struct app *app, enum event_action action,
    const struct event_each *each, int64_t *changed)
{
	SCOPED(db_query) q = { 0 };
	int64_t *list = NULL;
	size_t count = 0;

	TRY(read_ids(app, each->ids, &list, &count));
	TRY(db_prepare_text(&q, &app->db, each->sql));
	for (size_t i = 0; i < count; i++) {
		db_bind_int(&q, 1, list[i]);
		db_bind_int_if(&q, 2, each->number);
		db_bind_text_if(&q, 3, each->text);
		TRY(event_run(app, action, list[i], &q, NULL));
	}
	*changed += (int64_t)count;
	return OK;
}

enum err event_created(struct app *app, enum event_action action, int64_t id)
{
	SCOPED(arena) own = arena_make(app->arena->limit);
	cJSON *after = NULL;

	json_arena(&own);

	enum err err = look(app, object_of(action), id, &after);

	if (err == OK)
		err = add(app, action, id, NULL, after);
	json_arena(app->arena);
	return err;
}

static enum err add_deleted(struct app *app, struct db_query *tweet)
{
	return add(app, EVENT_TWEET_DELETED, db_int(tweet, 0),
	    row_json(tweet, TWEET), NULL);
}

enum err event_deleted(struct app *app, struct db_query *tweets)
{
	enum { ROWS = 64 }; /* at a time share memory */
	bool row = false;
	enum err err = db_step(tweets, &row);

	while (err == OK && row) {
		SCOPED(arena) own = arena_make(app->arena->limit);

		json_arena(&own);
		for (int i = 0; err == OK && row && i < ROWS; i++) {
			err = add_deleted(app, tweets);
			if (err == OK)
				err = db_step(tweets, &row);
		}
		json_arena(app->arena);
	}
	return err;
}

/* ---- forgetting ---------------------------------------------------------- */

/* Deletes those of the oldest STEP events that have expired. */
static enum err remove_some(struct app *app, int64_t *removed)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	char before[CLOCK_TEXT];

	clock_sql(
	    clock_now() - app->config.audit_retention_days * 86400, before);
	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "DELETE FROM event WHERE at < $1 AND id IN"
	    " (SELECT id FROM event ORDER BY id LIMIT 500)"));
	db_bind_text(&q, 1, before);
	TRY(db_run(&q, removed));
	return db_commit(&tx);
}

enum err event_remove_expired(struct app *app)
{
	enum { STEPS = 20 }; /* a run; the next one goes on */
	int64_t removed = 1;

	for (int i = 0; i < STEPS && removed; i++)
		TRY(remove_some(app, &removed));
	return OK;
}
