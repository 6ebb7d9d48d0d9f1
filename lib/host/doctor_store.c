/* doctor_store.c - the database: its schema, journal, tokens and last tick. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/doctor_check.h"
#include "host/foreign.h"
#include "host/owner.h"
#include "store/schema.h"
#include "watch/trouble.h"

/* Why nothing can be said that the database would have to tell; NULL where it
 * can be asked. */
static const char *unasked(struct doctor *d)
{
	if (d->store != OK)
		return "the database cannot be read";
	if (d->look.version < 1 || d->look.version > schema_version())
		return "the database has tables that are not known here";
	return NULL;
}

static struct doctor_says skip(struct doctor *d, const char *why)
{
	return doctor_say(d, DOCTOR_SKIP, NULL, "%s", why);
}

/* The database could be read, and then could not. */
static struct doctor_says broken(struct doctor *d)
{
	return doctor_say(d, DOCTOR_FAIL,
	    "Put back a backup of the database, made while it was well.", "%s",
	    d->app->fault.words);
}

static const char *database(struct doctor *d)
{
	return d->app->config.database;
}

struct doctor_says doctor_schema(struct doctor *d)
{
	int version = (int)d->look.version, known = (int)schema_version();

	if (!database(d))
		return skip(d, "where the database is is not known");
	if (d->store != OK && access(database(d), F_OK) != 0)
		return doctor_say(d, DOCTOR_OK, NULL,
		    "there is no database yet; the first request or tick makes"
		    " it");
	if (d->store != OK && d->store_fault.hint)
		return doctor_say(d, DOCTOR_WARN, d->store_fault.hint, "%s",
		    d->store_fault.words);
	if (d->store != OK)
		return doctor_say(d, DOCTOR_FAIL,
		    "See whose file it is; a damaged one is put back from a"
		    " backup.",
		    "%s", d->store_fault.words);
	if (version > known)
		return doctor_say(d, DOCTOR_FAIL,
		    "Install the newer version of Twitter Manager that made"
		    " it.",
		    "the database has version %d, this program knows %d",
		    version, known);
	if (version < known)
		return doctor_say(d, DOCTOR_WARN,
		    "The next request or tick brings it to this version; make"
		    " a copy before, if an older program is to use it again.",
		    "the database has version %d, this program's is %d",
		    version, known);
	return doctor_say(
	    d, DOCTOR_OK, NULL, "the database has version %d", version);
}

struct doctor_says doctor_journal(struct doctor *d)
{
	const char *file = database(d);
	const char *mode = d->look.wal ? "WAL" : "DELETE";
	bool network = d->look.network;

	if (!file || d->store != OK)
		return skip(d, "there is no database that can be read");
	if (d->look.wal == network)
		return doctor_say(d, network ? DOCTOR_FAIL : DOCTOR_WARN,
		    arena_printf(d->a,
			"With the web server stopped and no tick under way:\n"
			"    sqlite3 %s 'PRAGMA journal_mode = %s'",
			owner_quote(d->a, file), network ? "DELETE" : "WAL"),
		    network ? "the journal mode is %s, which loses data on a"
			      " network file system"
			    : "the journal mode is %s, where WAL would do:"
			      " readers wait for writers",
		    mode);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the journal mode is %s, right for a %s file system", mode,
	    network ? "network" : "local");
}

/* ---- accounts ------------------------------------------------------------ */

enum { NAMES_MOST = 10 };

struct names {
	struct buf list;
	size_t count;
};

static void add_name(struct names *n, const char *name)
{
	if (n->count++ < NAMES_MOST)
		buf_printf(&n->list, "%s@%s", n->list.n ? ", " : "", name);
	else if (n->count == NAMES_MOST + 1)
		buf_text(&n->list, ", …");
}

/* Whether a key opens SEALED, where there is any, and finds LEAST bytes. */
static bool opens(struct doctor *d, const char *sealed, size_t least)
{
	const char *token = NULL;

	if (!sealed || !sealed[0])
		return true;
	token = keyring_unseal(&d->app->keyring, d->a, sealed, NULL);
	return token && strlen(token) >= least;
}

static enum err read_tokens(struct doctor *d, struct names *bad, size_t *all)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &d->app->db,
	    "SELECT username, access_token, refresh_token FROM twitter_account"
	    " WHERE coalesce(access_token_secret, '') = '' ORDER BY id"));
	TRY(db_step(&q, &row));
	for (; row; (*all)++) {
		if (!opens(d, db_text(&q, 1), 1) ||
		    !opens(d, db_text(&q, 2), 0))
			add_name(bad, db_peek(&q, 0));
		TRY(db_step(&q, &row));
	}
	return OK;
}

struct doctor_says doctor_tokens(struct doctor *d)
{
	struct names bad = { .list = buf_make(d->a, 4096) };
	size_t all = 0;

	if (unasked(d))
		return skip(d, unasked(d));
	if (!d->app->keyring.count)
		return skip(d, "there is no ENCRYPTION_KEY to open them with");
	if (read_tokens(d, &bad, &all) != OK)
		return broken(d);
	if (bad.count)
		return doctor_say(d, DOCTOR_FAIL,
		    "Put the ENCRYPTION_KEY back that sealed them, behind the"
		    " new one with a comma between, or link these accounts"
		    " again.",
		    "the tokens of %zu of %zu accounts cannot be decrypted: %s",
		    bad.count, all, buf_cstr(&bad.list));
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the tokens of all %zu accounts can be decrypted", all);
}

static enum err read_oauth1(struct doctor *d, struct names *found)
{
	SCOPED(db_query) q = { 0 };
	bool row = false;

	TRY(db_prepare(&q, &d->app->db,
	    "SELECT username FROM twitter_account"
	    " WHERE coalesce(access_token_secret, '') <> '' ORDER BY id"));
	TRY(db_step(&q, &row));
	while (row) {
		add_name(found, db_peek(&q, 0));
		TRY(db_step(&q, &row));
	}
	return OK;
}

struct doctor_says doctor_oauth1(struct doctor *d)
{
	struct names found = { .list = buf_make(d->a, 4096) };

	if (unasked(d))
		return skip(d, unasked(d));
	if (read_oauth1(d, &found) != OK)
		return broken(d);
	if (found.count)
		return doctor_say(d, DOCTOR_WARN,
		    "Link them again; they then use OAuth 2.0.",
		    "%zu accounts have tokens of OAuth 1.0a, by which nothing"
		    " is sent: %s",
		    found.count, buf_cstr(&found.list));
	return doctor_say(
	    d, DOCTOR_OK, NULL, "no account has tokens of OAuth 1.0a");
}

/* ---- rows of other programs ---------------------------------------------- */

static void add_rows(struct buf *out, const struct foreign *f)
{
	buf_printf(out, "%s%s ", out->n ? "; " : "", f->of);
	for (size_t i = 0; i < f->count && i < NAMES_MOST; i++)
		buf_printf(out, "%s%" PRId64, i ? ", " : "", f->ids[i]);
	if (f->count > NAMES_MOST)
		buf_printf(out, " and %zu more", f->count - NAMES_MOST);
	buf_printf(out, " %s", f->words);
}

struct doctor_says doctor_rows(struct doctor *d)
{
	struct foreign found[FOREIGN_KINDS];
	struct buf words = buf_make(d->a, 8192);

	if (unasked(d))
		return skip(d, unasked(d));
	if (d->look.version < schema_version())
		return skip(d, "the database is of an older version");
	if (foreign_look(d->app, found) != OK)
		return broken(d);
	for (size_t i = 0; i < FOREIGN_KINDS; i++) {
		if (found[i].count)
			add_rows(&words, &found[i]);
	}
	if (words.n)
		return doctor_say(d, DOCTOR_WARN,
		    arena_printf(d->a,
			"Another program wrote them. This mends them, and"
			" deletes nothing:\n    %s doctor --fix",
			owner_tool(d->a)),
		    "%s", buf_cstr(&words));
	if (d->mended)
		return doctor_say(d, DOCTOR_OK, NULL,
		    "%" PRId64 " rows of another program were mended",
		    d->mended);
	return doctor_say(d, DOCTOR_OK, NULL, "all rows can be used");
}

/* ---- the tick ------------------------------------------------------------ */

static const char *tick_hint(struct doctor *d)
{
	int minutes = (int)d->app->config.tick_interval_minutes;
	const char *site = d->site ? d->site : "https://YOUR.SITE";
	const char *api =
	    d->api ? d->api : arena_printf(d->a, "%s/api/v1/", site);

	return arena_printf(d->a,
	    "Add a line to the crontab of the web server's user:\n"
	    "    */%d * * * * %s tick\n"
	    "or let a web-cron fetch this every %d minutes:\n"
	    "    curl -fsS -H \"X-API-Key: $API_KEY\" %stick",
	    minutes < 60 ? minutes : 59, owner_tool(d->a), minutes, api);
}

struct doctor_says doctor_tick(struct doctor *d)
{
	struct app *app = d->app;
	int64_t last = 0, now = clock_now();
	const char *late = NULL;

	if (unasked(d))
		return skip(d, unasked(d));
	if (d->look.version < schema_version())
		return skip(d, "the database is of an older version");
	if (trouble_last_tick(app, &last, NULL) != OK ||
	    trouble_tick(app, last, now, &late) != OK)
		return broken(d);
	if (late)
		return doctor_say(d, DOCTOR_FAIL, tick_hint(d), "%s", late);
	if (!last)
		return doctor_say(d, DOCTOR_WARN, tick_hint(d),
		    "the scheduler has never run");
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the last tick came %" PRId64 " minutes ago", (now - last) / 60);
}
