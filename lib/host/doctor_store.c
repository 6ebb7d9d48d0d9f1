/* doctor_store.c - checks the database: schema, journal, tokens, last tick. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "host/doctor_check.h"
#include "host/foreign.h"
#include "host/permissions.h"
#include "store/schema.h"
#include "watch/condition.h"

/* Why the database cannot be read; NULL if it can. */
static const char *unasked(struct doctor *d)
{
	if (d->store != OK)
		return "the database cannot be read";
	if (d->look.version < 1 || d->look.version > schema_version())
		return "the database has unknown tables";
	return NULL;
}

static struct doctor_says skip(struct doctor *d, const char *why)
{
	return doctor_say(d, DOCTOR_SKIP, NULL, "%s", why);
}

/* Reports that reading the database failed half-way. */
static struct doctor_says broken(struct doctor *d)
{
	return doctor_say(d, DOCTOR_FAIL,
	    "Restore a backup of the database from before the problem.", "%s",
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
		return skip(d, "the place of the database is not known");
	if (d->store != OK && access(database(d), F_OK) != 0)
		return doctor_say(d, DOCTOR_OK, NULL,
		    "there is no database yet; the first request or tick"
		    " creates it");
	if (d->store != OK && d->store_fault.hint)
		return doctor_say(d, DOCTOR_WARN, d->store_fault.hint, "%s",
		    d->store_fault.words);
	if (d->store != OK)
		return doctor_say(d, DOCTOR_FAIL,
		    "Check who owns the file. If it is damaged, restore"
		    " a backup.",
		    "%s", d->store_fault.words);
	if (version > known)
		return doctor_say(d, DOCTOR_FAIL,
		    "Install the newer version of Twitter Manager that"
		    " created it.",
		    "the database has version %d, this program supports"
		    " %d",
		    version, known);
	if (version < known)
		return doctor_say(d, DOCTOR_WARN,
		    "The next request or tick upgrades it; make a copy"
		    " first if an older program will use it again.",
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
		return skip(d, "there is no readable database");
	if (d->look.wal == network)
		return doctor_say(d, network ? DOCTOR_FAIL : DOCTOR_WARN,
		    arena_printf(d->a,
			"With the web server stopped and no tick running:\n"
			"    sqlite3 %s 'PRAGMA journal_mode = %s'",
			encode_shell(d->a, file), network ? "DELETE" : "WAL"),
		    network ? "the journal mode is %s, which loses data on a"
			      " network file system"
			    : "the journal mode is %s, although WAL"
			      " would work: readers wait for writers",
		    mode);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the journal mode is %s, right for a %s file system%s", mode,
	    network ? "network" : "local",
	    db_turn_works(d->a, file) ? ""
				      : "; many writers at once do not wait in"
					" the order in which they came there");
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

/* Whether TOKEN is empty or a key decrypts it to at least LEAST bytes. */
static bool is_readable(struct doctor *d, const char *token, size_t least)
{
	const char *plain = NULL;

	if (!token || !token[0])
		return true;
	plain = keyring_decrypt(&d->app->keyring, d->a, token);
	return plain && strlen(plain) >= least;
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
		if (!is_readable(d, db_text(&q, 1), 1) ||
		    !is_readable(d, db_text(&q, 2), 0))
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
		return skip(d, "there is no ENCRYPTION_KEY to decrypt"
			       " them");
	if (read_tokens(d, &bad, &all) != OK)
		return broken(d);
	if (bad.count)
		return doctor_say(d, DOCTOR_FAIL,
		    "Add the ENCRYPTION_KEY that encrypted them after"
		    " the new one, separated by a comma, or link these"
		    " accounts again.",
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
		    "%zu accounts have OAuth 1.0a tokens, which are not"
		    " supported: %s",
		    found.count, buf_cstr(&found.list));
	return doctor_say(
	    d, DOCTOR_OK, NULL, "no account has OAuth 1.0a tokens");
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
		return skip(d, "the database has an older version");
	if (foreign_find(d->app, found) != OK)
		return broken(d);
	for (size_t i = 0; i < FOREIGN_KINDS; i++) {
		if (found[i].count)
			add_rows(&words, &found[i]);
	}
	if (words.n)
		return doctor_say(d, DOCTOR_WARN,
		    arena_printf(d->a,
			"Another program wrote them. This repairs them and"
			" deletes nothing:\n"
			"    %s doctor --fix",
			permissions_tool(d->a)),
		    "%s", buf_cstr(&words));
	if (d->repaired)
		return doctor_say(d, DOCTOR_OK, NULL,
		    "%" PRId64 " rows of another program were repaired",
		    d->repaired);
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
	    "or let a web cron fetch this every %d minutes:\n"
	    "    curl -fsS -H \"X-API-Key: $API_KEY\" %stick",
	    minutes < 60 ? minutes : 59, permissions_tool(d->a), minutes, api);
}

struct doctor_says doctor_tick(struct doctor *d)
{
	struct app *app = d->app;
	int64_t last = 0, now = clock_now();
	const char *late = NULL;

	if (unasked(d))
		return skip(d, unasked(d));
	if (d->look.version < schema_version())
		return skip(d, "the database has an older version");
	if (condition_last_tick(app, &last, NULL) != OK ||
	    condition_tick(app, last, now, &late) != OK)
		return broken(d);
	if (late)
		return doctor_say(d, DOCTOR_FAIL, tick_hint(d), "%s", late);
	if (!last)
		return doctor_say(d, DOCTOR_WARN, tick_hint(d),
		    "the scheduler has never run");
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the last tick came %" PRId64 " minutes ago", (now - last) / 60);
}
