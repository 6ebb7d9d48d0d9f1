/*
 * alert_mail.c - mails alerts.
 *
 * One mail has everything that is new, since one cause may affect a thousand
 * accounts. Alerts are marked as mailed once sendmail has accepted the mail; a
 * claim keeps two processes from sending the same mail.
 */
#include "watch/alert_mail.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/kv.h"
#include "watch/alert.h"
#include "watch/mail.h"

enum {
	CLAIM_SECONDS = 120,   /* after which a mailing process must be dead */
	STALE_SECONDS = 86400, /* what ended so long ago is not news */
	ROWS_MAX = 50,
	WORDS_MAX = 600,
	BODY_BYTES = 256 * 1024
};

/* The contents of a mail. */
struct news {
	struct arena *arena;
	struct buf body;
	struct told *told;
	int64_t opened, over; /* numbers of alerts */
	const char *first;    /* the words of the first */
};

/* An alert in the mail, as it was when it was read. */
struct told {
	struct told *next;
	int64_t id;
	bool over;
};

static void add_opened(struct news *news, struct db_query *q)
{
	const char *words = mail_line(news->arena, db_peek(q, 3), WORDS_MAX);
	const char *hint = alert_hint(db_peek(q, 1), db_peek(q, 2));

	if (news->opened++ >= ROWS_MAX)
		return;
	if (!news->first)
		news->first = words;
	buf_printf(
	    &news->body, "* %s\n  Since: %s UTC\n", words, db_peek(q, 4));
	if (hint)
		buf_printf(&news->body, "  What to do: %s\n", hint);
	buf_byte(&news->body, '\n');
}

static void add_over(struct news *news, struct db_query *q)
{
	const char *words = mail_line(news->arena, db_peek(q, 3), WORDS_MAX);

	if (news->over++ >= ROWS_MAX)
		return;
	if (!news->first)
		news->first = arena_printf(news->arena, "over: %s", words);
	buf_printf(&news->body, "* Over: %s\n  From %s to %s UTC\n\n", words,
	    db_peek(q, 4), db_peek(q, 5));
}

/* Reads the alerts that were not mailed, or not since a snooze that has ended:
 * first the open ones, then the closed ones. */
static enum err read_news(struct app *app, struct news *news)
{
	SCOPED(db_query) q = { 0 };
	char fresh[CLOCK_TEXT], now[CLOCK_TEXT];
	bool row = false;

	clock_sql(clock_now() - STALE_SECONDS, fresh);
	clock_sql(clock_now(), now);
	TRY(db_prepare(&q, &app->db,
	    "SELECT id, cause, code, words, opened_at, closed_at FROM alert"
	    " WHERE (closed_at IS NULL"
	    " AND (snoozed_until IS NULL OR snoozed_until <= $2)"
	    " AND (mailed_at IS NULL OR mailed_at < snoozed_until))"
	    " OR (closed_at > $1 AND over_mailed_at IS NULL)"
	    " ORDER BY closed_at IS NOT NULL, id"));
	db_bind_text(&q, 1, fresh);
	db_bind_text(&q, 2, now);
	TRY(db_step(&q, &row));
	while (row) {
		struct told *told = arena_new(news->arena, struct told);

		*told =
		    (struct told){ news->told, db_int(&q, 0), !db_null(&q, 5) };
		news->told = told;
		if (told->over)
			add_over(news, &q);
		else
			add_opened(news, &q);
		TRY(db_step(&q, &row));
	}
	return OK;
}

/* Marks the alerts as mailed. An alert that was closed since it was read will
 * be mailed again. */
static enum err mark(struct app *app, const struct news *news)
{
	SCOPED(db_tx) tx = { 0 };
	SCOPED(db_query) q = { 0 };
	char now[CLOCK_TEXT];

	clock_sql(clock_now(), now);
	TRY(db_begin(&tx, &app->db));
	TRY(db_prepare(&q, &app->db,
	    "UPDATE alert SET over_mailed_at = $3, mailed_at ="
	    " CASE WHEN $3 IS NULL THEN $2 ELSE coalesce(mailed_at, $2) END"
	    " WHERE id = $1"));
	for (const struct told *told = news->told; told; told = told->next) {
		db_bind_int(&q, 1, told->id);
		db_bind_text(&q, 2, now);
		db_bind_text(&q, 3, told->over ? now : NULL);
		TRY(db_run(&q, NULL));
	}
	return db_commit(&tx);
}

static void add_rest(struct news *news, int64_t count, const char *what)
{
	if (count > ROWS_MAX)
		buf_printf(&news->body, "… and %" PRId64 " more that %s.\n\n",
		    count - ROWS_MAX, what);
}

/* The URL of the dashboard, if it is known. */
static const char *origin(struct app *app)
{
	const char *url = app->config.callback_url;
	const char *host = strstr(url, "://");
	const char *slash = host ? strchr(host + 3, '/') : NULL;

	return slash ? arena_copy(app->arena, url, (size_t)(slash - url)) : url;
}

static enum err send(struct app *app, struct news *news, int64_t seconds)
{
	int64_t count = news->opened + news->over;
	const char *subject = news->first;

	if (count > 1)
		subject = arena_printf(app->arena,
		    "%" PRId64 " alerts, %" PRId64 " of them over", count,
		    news->over);
	add_rest(news, news->opened, "are open");
	add_rest(news, news->over, "are over");
	buf_printf(&news->body, "-- \nTwitter Manager, %s/\n", origin(app));
	return mail_send(app,
	    arena_printf(app->arena, "Twitter Manager: %s", subject),
	    buf_cstr(&news->body), seconds);
}

/* Claims the mailing for this process; *mine is false if another process has
 * it. */
static enum err claim(struct app *app, bool *mine)
{
	SCOPED(db_tx) tx = { 0 };
	const char *value = NULL;
	int64_t until = 0;
	char text[CLOCK_TEXT];

	TRY(db_begin(&tx, &app->db));
	TRY(kv_find(&app->db, "mailing_until", &value));
	*mine = !value || !clock_parse(str_of(value), &until) ||
		until <= clock_now() || until > clock_now() + CLAIM_SECONDS;
	if (!*mine)
		return OK;
	clock_sql(clock_now() + CLAIM_SECONDS, text);
	TRY(kv_set(&app->db, "mailing_until", text));
	return db_commit(&tx);
}

/* Mails what is new. The caller has claimed the mailing. */
static enum err tell(struct app *app, int64_t seconds)
{
	struct news news = { .arena = app->arena,
		.body = buf_make(app->arena, BODY_BYTES) };

	TRY(read_news(app, &news));
	if (!news.told)
		return OK;
	TRY(send(app, &news, seconds));
	return mark(app, &news);
}

static enum err has_news(struct app *app, bool *found)
{
	struct news news = { .arena = app->arena,
		.body = buf_make(app->arena, BODY_BYTES) };

	TRY(read_news(app, &news));
	*found = news.told != NULL;
	return OK;
}

static enum err claim_and_tell(struct app *app, int64_t seconds)
{
	bool wanted = false;
	bool mine = false;

	TRY(has_news(app, &wanted));
	if (wanted)
		TRY(claim(app, &mine));
	if (!mine)
		return OK;

	enum err err = tell(
	    app, seconds); /* read again: another process may have mailed it */
	struct fault fault = app->fault;
	enum err released = kv_set(&app->db, "mailing_until", NULL);

	if (err == OK)
		return released;
	app->fault = fault;
	return err;
}

void alert_mail(struct app *app, int64_t seconds)
{
	if (app->config.alert_email && app->config.alert_email[0] &&
	    claim_and_tell(app, seconds) != OK)
		LOG_CAUSE("alerts could not be mailed: %s", app->fault.words);
}
