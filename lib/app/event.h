/* event.h - the record of changes: who changed what, when, and how.
 *
 * An event is written in the transaction of its change: neither is ever there
 * without the other. Its members `before` and `after` have what differs, and
 * never a secret. Ids grow and are never used again, so that whoever reads on
 * from an id misses nothing. */
#ifndef APP_EVENT_H
#define APP_EVENT_H

#include <stdint.h>

#include "app/app.h"

/* What was done. A new action needs a row in event.c. */
enum event_action {
	EVENT_TWEET_CREATED,
	EVENT_TWEET_CHANGED,
	EVENT_TWEET_SENDING, /* what it waited or failed for is forgotten */
	EVENT_TWEET_POSTED,
	EVENT_TWEET_FAILED,
	EVENT_TWEET_UNCONFIRMED,
	EVENT_TWEET_HELD_BACK,
	EVENT_TWEET_HELD,
	EVENT_TWEET_RELEASED,
	EVENT_TWEET_RETRIED,
	EVENT_TWEET_MOVED, /* to another account */
	EVENT_TWEET_REPAIRED,
	EVENT_TWEET_DELETED,
	EVENT_ACCOUNT_LINKED,
	EVENT_ACCOUNT_CHANGED,
	EVENT_ACCOUNT_IDENTIFIED, /* X told whose it is */
	EVENT_ACCOUNT_RENAMED,    /* another account now has its name */
	EVENT_ACCOUNT_FAILED,
	EVENT_ACCOUNT_REPAIRED,
	EVENT_ACCOUNT_DELETED,
	EVENT_KEY_CREATED,
	EVENT_KEY_CHANGED,
	EVENT_KEY_REVOKED,
	EVENT_ALERT_SNOOZED,
	EVENT_MOCK_MODE_CHANGED,
	EVENT__COUNT
};

/* The actions' names, such as "tweet.posted", and those of the objects, such as
 * "tweet"; each ends with NULL. */
extern const char *const event_actions[];
extern const char *const event_objects[];

/* Runs Q, which changes or deletes the object ID, and records how. Nothing is
 * recorded if nothing that the record tells has changed. *changed, if not NULL,
 * is the number of rows that Q changed. */
enum err event_run(struct app *app, enum event_action action, int64_t id,
    struct db_query *q, int64_t *changed) MUST_CHECK;

/* A statement that changes each of several objects. */
struct event_each {
	struct db_query *ids; /* each row's id is $1 of the statement */
	const char *sql;
	int64_t number;   /* $2, if the statement has it */
	const char *text; /* $3, if the statement has it */
};

/* Runs the statement for each id, all of which are read first, and records each
 * change as event_run does. Adds the number of ids to *changed. */
enum err event_run_each(struct app *app, enum event_action action,
    const struct event_each *each, int64_t *changed) MUST_CHECK;

/* Records that the object ID, which is there, was created. */
enum err event_created(struct app *app, enum event_action action, int64_t id)
    MUST_CHECK;

/* The columns that TWEETS of event_deleted gives of each tweet t. */
#define EVENT_TWEET                                                       \
	"t.id, t.twitter_account_id, t.content, t.status, t.draft = 1,"   \
	" t.late = 'held', t.scheduled_at, t.retry_at, t.code, t.reason," \
	" t.twitter_id, t.posted_at"

/* Records that the tweets of the rows are deleted, which the caller then
 * does. */
enum err event_deleted(struct app *app, struct db_query *tweets) MUST_CHECK;

/* Deletes the events that are older than the settings say, so many at a time
 * that nobody waits for it. */
enum err event_remove_expired(struct app *app) MUST_CHECK;

#endif
