/*
 * doctor.c - checks an installation and says how to repair it.
 *
 * It opens no log, and the database for reading only: run by another user than
 * the web server's, it must not leave files behind that lock one of them out.
 */
#include "host/doctor.h"

#include <string.h>

#include "base/log.h"
#include "base/version.h"
#include "host/doctor_check.h"
#include "host/permissions.h"
#include "host/serving.h"
#include "net/ca.h"

enum { CONNECT_MS = 3000 };

static const struct {
	const char *name;
	doctor_fn *run;
} checks[] = {
	/* later checks rely on earlier ones */
	{ "settings", doctor_settings },
	{ "user", doctor_user },
	{ "env_file", doctor_env_file },
	{ "files", doctor_files },
	{ "programs", doctor_programs },
	{ "libraries", doctor_libraries },
	{ "space", doctor_space },
	{ "schema", doctor_schema },
	{ "journal", doctor_journal },
	{ "tokens", doctor_tokens },
	{ "oauth1", doctor_oauth1 },
	{ "rows", doctor_rows },
	{ "server", doctor_server },
	{ "exposed", doctor_exposed },
	{ "key", doctor_key },
	{ "authorization", doctor_authorization },
	{ "wrong_key", doctor_wrong_key },
	{ "callback", doctor_callback },
	{ "tick", doctor_tick },
	{ "ca", doctor_ca },
	{ "clock", doctor_clock },
};

/* ---- the run ------------------------------------------------------------- */

static void open_store(struct doctor *d)
{
	struct app *app = d->app;

	d->store = app->config.database
		       ? db_open_inspect(&app->db, app->config.database,
			     &d->look, d->a, &app->fault)
		       : d->configured;
	d->store_fault = app->fault;
}

/* The site's URL if none is given: the callback's or, if that is this machine,
 * the address of `make run`. */
static const char *site_of(struct app *app)
{
	bool local = !app->config.callback_set ||
		     doctor_is_local(app->config.callback_url);

	return serving_find(app) && local ? serving_site(app)
					  : permissions_site(app);
}

const struct doctor_row *doctor_run(
    struct app *app, enum err configured, const char *url, int64_t repaired)
{
	struct doctor_row *rows =
	    arena_array(app->arena, COUNT(checks) + 1, sizeof(*rows));
	struct doctor d = { .app = app,
		.a = app->arena,
		.configured = configured,
		.repaired = repaired,
		.settings = app->fault,
		.site_given = url || app->config.callback_set };
	struct fault f = { 0 };

	d.site = url ? url : site_of(app);
	if (d.site)
		d.site = config_trim_url(d.a, d.site);
	d.http_settings = (struct http_settings){
		.user_agent = "twitter-manager-doctor/" VERSION,
		.ca_file = ca_file(app->arena, app->config.ca_file),
		.connect_ms = CONNECT_MS,
	};
	log_open(NULL, 1, log_request_id());
	open_store(&d);
	if (http_open(&d.http, d.a, &d.http_settings, &f) != OK)
		d.site = NULL;
	for (size_t i = 0; i < COUNT(checks); i++) {
		rows[i].check = checks[i].name;
		rows[i].says = checks[i].run(&d);
	}
	http_end(&d.http);
	return rows;
}

bool doctor_well(const struct doctor_row *rows)
{
	for (; rows->check; rows++) {
		if (rows->says.status == DOCTOR_FAIL)
			return false;
	}
	return true;
}

/* ---- output -------------------------------------------------------------- */

static const char *const statuses[] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_WARN] = "warn",
	[DOCTOR_FAIL] = "fail",
	[DOCTOR_SKIP] = "skip",
};

enum { COLUMNS = 79, INDENT = 6 };

/* The approximate width of a word in columns. */
static size_t width(const char *p, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)p[i] & 0xC0) != 0x80;
	return columns;
}

static void pad(struct buf *out, size_t n)
{
	while (n--)
		buf_byte(out, ' ');
}

/* Writes one line, broken between words; AT columns of the first are in use. */
static void wrap(struct buf *out, const char *p, size_t n, size_t at)
{
	size_t start = at;

	while (n) {
		const char *blank = memchr(p, ' ', n);
		size_t word = blank ? (size_t)(blank - p) : n;

		if (at > start && at + 1 + width(p, word) > COLUMNS) {
			buf_byte(out, '\n');
			pad(out, INDENT);
			at = start = INDENT;
		} else if (at > start) {
			buf_byte(out, ' ');
			at++;
		}
		buf_add(out, p, word);
		at += width(p, word);
		n -= word + (blank ? 1 : 0);
		p += word + (blank ? 1 : 0);
	}
	buf_byte(out, '\n');
}

/* Lines that begin with blanks are commands and are not broken. */
static void add_lines(struct buf *out, const char *text, size_t at)
{
	struct str rest = str_of(text);

	while (rest.p) {
		struct str line = str_cut(&rest, '\n');

		if (at == 0) {
			pad(out, INDENT);
			at = INDENT;
		}
		if (line.n && line.p[0] == ' ') {
			buf_add(out, line.p, line.n);
			buf_byte(out, '\n');
		} else {
			wrap(out, line.p, line.n, at);
		}
		at = 0;
	}
}

void doctor_text(struct buf *out, const struct doctor_row *rows)
{
	size_t counts[COUNT(statuses)] = { 0 };

	for (; rows->check; rows++) {
		const struct doctor_says *says = &rows->says;
		const char *status = statuses[says->status];
		size_t at = INDENT + strlen(rows->check) + 2;

		counts[says->status]++;
		buf_printf(out, "%-*s%s: ", INDENT, status, rows->check);
		add_lines(out, says->detail, at);
		if (says->hint)
			add_lines(out, says->hint, 0);
	}
	buf_printf(out, "\n%zu ok, %zu warnings, %zu failed, %zu skipped\n",
	    counts[DOCTOR_OK], counts[DOCTOR_WARN], counts[DOCTOR_FAIL],
	    counts[DOCTOR_SKIP]);
}

cJSON *doctor_json(const struct doctor_row *rows)
{
	cJSON *json = json_object();
	cJSON *list;

	json_add_bool(json, "ok", doctor_well(rows));
	json_add_text(json, "version", VERSION);
	list = json_add(json, "checks", json_array());
	for (; rows->check; rows++) {
		cJSON *row = json_object();

		json_add_text(row, "check", rows->check);
		json_add_text(row, "status", statuses[rows->says.status]);
		json_add_text(row, "detail", rows->says.detail);
		json_add_text(row, "hint", rows->says.hint);
		json_push(list, row);
	}
	return json;
}
