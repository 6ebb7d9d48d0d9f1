/*
 * setup.c - the first run where nobody has a shell: a page, and what it sends.
 *
 * The ticket is a cookie and not a field or a part of the URL: else somebody
 * could lead the owner to a page with a ticket of his own, wait for the file
 * and be shown the key.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/env.h"
#include "base/file.h"
#include "host/setup.h"
#include "web/cgi.h"
#include "web/page.h"
#include "web/request.h"
#include "web/response.h"

#define COOKIE "twitter_manager_setup"

static handler_fn show, make;

static const char *const by_hand[] = { "hand", NULL };
static const char *const yes[] = { "yes", NULL };

enum { CHECK };
static const struct param show_params[] = {
	[CHECK] = WORD_IN(QUERY, "check", OPTIONAL, by_hand),
};

enum { CALLBACK_URL, CHECKED, CHECK_AGAIN };
static const struct param make_params[] = {
	[CALLBACK_URL] = TEXT_IN(BODY, "callback_url", OPTIONAL, 0, 2048),
	[CHECKED] = WORD_IN(BODY, "checked", OPTIONAL, yes),
	[CHECK_AGAIN] = WORD_IN(QUERY, "check", OPTIONAL, by_hand),
};

static const struct route routes[] = {
	ROUTE_FLAGS(
	    SCOPE_OPEN, GET, "/api/v1/setup", show, show_params, ROUTE_PAGE),
	ROUTE_FLAGS(SCOPE_OPEN, POST, "/api/v1/setup", make, make_params,
	    ROUTE_PAGE | ROUTE_FORM),
};

/* One page that is being written. */
struct form {
	struct call *call;
	struct setup setup;
	const char *ticket;
	const char *complaint; /* NULL: none */
	const char *given;     /* the callback URL so far */
	bool by_hand;          /* no script: the person looks for himself */
	struct buf html;
};

static const char *safe(const struct form *f, const char *text)
{
	return page_text(f->call->arena, text);
}

/* ---- where the browser finds a file -------------------------------------- */

/* Cuts N names off PATH's end; false when there are not that many. */
static bool go_up(char *path, int n)
{
	while (n-- > 0) {
		char *slash = strrchr(path, '/');

		if (!slash || slash == path)
			return false;
		*slash = '\0';
	}
	return true;
}

/* The folder N above the one that is served as the site's home; NULL: none. */
static char *folder_above(const struct form *f, int n)
{
	char whole[PATH_MAX];
	char *path;

	if (!realpath(env_home(f->call->arena), whole))
		return NULL;
	path = arena_text(f->call->arena, whole);
	return go_up(path, n) ? path : NULL;
}

/* FILE's URL relative to this page, if it lies below what is served as the
 * site's home or, where that is no deeper than this, above it; else NULL. */
static const char *url_of(const struct form *f, const char *file)
{
	struct arena *a = f->call->arena;
	struct buf url = buf_make(a, (size_t)8 * PATH_MAX);
	int depth = page_home_depth(f->call);
	char whole[PATH_MAX];

	if (!realpath(file, whole))
		return NULL;
	buf_text(&url, page_home(f->call));
	for (int up = 0; up <= depth; up++) {
		const char *folder = folder_above(f, up);
		size_t n = folder ? strlen(folder) : 0;

		if (n && strncmp(whole, folder, n) == 0 && whole[n] == '/') {
			struct str rest = str_of(whole + n + 1);

			while (rest.p) {
				struct str name = str_cut(&rest, '/');

				buf_text(
				    &url, encode_percent(a,
					      arena_copy(a, name.p, name.n)));
				buf_text(&url, rest.p ? "/" : "");
			}
			return buf_cstr(&url);
		}
		buf_text(&url, "../");
	}
	return NULL;
}

/* The folder above all that is served, where programs still look for a .env
 * (env.h: four folders above their own); NULL: too far, or none. */
static const char *folder_outside(const struct form *f)
{
	struct arena *a = f->call->arena;
	const char *program = env_program(a);
	const char *outside = folder_above(f, page_home_depth(f->call) + 1);

	for (int up = 1; program && outside && up <= 5; up++) {
		char *folder = arena_text(a, program);

		if (go_up(folder, up) && strcmp(folder, outside) == 0)
			return outside;
	}
	return NULL;
}

/* ---- the page ------------------------------------------------------------ */

/* What a pattern of nginx can name as it is. */
static const char *plain_name(const char *folder)
{
	const char *slash = strrchr(folder, '/');
	const char *name = slash ? slash + 1 : folder;

	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")]
		   ? "instance"
		   : name;
}

/* What to do where a probe can be fetched. */
static void add_remedies(struct form *f)
{
	const char *instance = f->call->app->config.instance_dir;
	const char *outside = folder_outside(f);

	buf_printf(&f->html,
	    "<p>The web server shows everyone the files in <code>%s</code>,"
	    " or files whose names begin with a dot. Your key and your accounts"
	    " would be stored there, so nothing has been created yet. Do one of"
	    " the following, then reload this page:</p>\n<ul>\n",
	    safe(f, instance));
	if (outside)
		buf_printf(&f->html,
		    "<li>Keep your data out of the web server's reach: with"
		    " your file manager, create a file named"
		    " <code>.env</code> in the folder <code>%s</code>, with"
		    " this line:"
		    "<code class=\"block\">INSTANCE_DIR=twitter-manager-data"
		    "</code></li>\n",
		    safe(f, outside));
	buf_printf(&f->html,
	    "<li>On nginx, which ignores <code>.htaccess</code>: put these"
	    " lines before this site's other locations, or ask your hosting"
	    " provider to: <pre>location ~ /\\. { deny all; }\n"
	    "location ~ /(%s|private)/ { deny all; }</pre></li>\n"
	    "<li>On Apache: ask your hosting provider to allow"
	    " <code>.htaccess</code> files here (<code>AllowOverride All"
	    "</code>).</li>\n</ul>\n",
	    safe(f, plain_name(instance)));
}

/* The probes as links: the script fetches them, or the person opens them.
 * Gives how many there are. */
static int add_links(struct form *f)
{
	int n = 0;

	buf_printf(&f->html, "<ul id=\"probes\"%s data-marker=\"%s\">\n",
	    f->by_hand ? "" : " hidden",
	    safe(f, arena_copy(f->call->arena, setup_marker, 21)));
	for (int i = 0; i < SETUP_PROBES; i++) {
		const char *url = url_of(f, f->setup.probes[i]);

		if (!url)
			continue;
		n++;
		buf_printf(&f->html, "<li><a href=\"%s\">%s</a></li>\n",
		    safe(f, url), safe(f, f->setup.probes[i]));
	}
	buf_text(&f->html, "</ul>\n");
	return n;
}

static void add_check_by_hand(struct form *f)
{
	buf_text(&f->html,
	    "<h2>Can anyone read your data?</h2>\n"
	    "<p>Open each of these links in a new tab. An error such as"
	    " <em>forbidden</em> or <em>not found</em> is good. If you see"
	    " <em>twitter-manager-probe</em>, stop and read on below.</p>\n");
	if (!add_links(f))
		buf_text(&f->html, "<p>There are no links to check: your data"
				   " is outside the folder that is served."
				   "</p>\n");
	buf_text(&f->html, "<details><summary>I can see it</summary>\n");
	add_remedies(f);
	buf_text(&f->html, "</details>\n");
}

static void add_check_by_script(struct form *f)
{
	add_links(f);
	buf_text(&f->html,
	    "<noscript><p class=\"wrong\">JavaScript is off. Check by hand:"
	    " see below.</p></noscript>\n"
	    "<p id=\"said\" role=\"status\">Checking whether anyone can read"
	    " your data…</p>\n"
	    "<p id=\"slow\" class=\"soft\">If nothing happens, <a"
	    " href=\"?check=hand\">check by hand</a>.</p>\n"
	    "<div id=\"exposed\" class=\"wrong\" hidden>\n"
	    "<h2>Stop: anyone could read your data</h2>\n");
	add_remedies(f);
	buf_text(&f->html,
	    "</div>\n<p id=\"again\" hidden><button type=\"button\">Try again"
	    "</button></p>\n");
}

static void add_callback_field(struct form *f)
{
	if (f->call->app->config.callback_set)
		return;
	buf_printf(&f->html,
	    "<label for=\"callback\">Callback URL, where X sends people back"
	    "</label>"
	    "<input id=\"callback\" name=\"callback_url\" type=\"url\""
	    " value=\"%s\" maxlength=\"2048\" autocomplete=\"off\""
	    " placeholder=\"https://www.example.org/auth/callback\""
	    " data-home=\"%s\"><p class=\"soft\">This site's address, followed"
	    " by <code>auth/callback</code>. Register exactly this URL in X's"
	    " developer portal. To change it later, set"
	    " <code>TWITTER_CALLBACK_URL</code> in <code>.env</code>.</p>\n",
	    safe(f, f->given ? f->given : ""), page_home(f->call));
}

static void add_steps(struct form *f)
{
	buf_printf(&f->html,
	    "<div id=\"steps\"%s>\n"
	    "<h2>Prove that this site is yours</h2>\n<ol>\n"
	    "<li>Create an empty file named<code class=\"block\" id=\"proof\">"
	    "%s</code>in the folder<code class=\"block\" id=\"folder\">%s"
	    "</code>with the file manager or FTP program that you used to"
	    " upload Twitter Manager.</li>\n"
	    "<li>Then create your keys. We delete the file afterwards.</li>\n"
	    "</ol>\n<form method=\"post\" action=\"?%s\">\n",
	    f->by_hand ? "" : " hidden",
	    safe(f, setup_proof(f->call->arena, f->ticket)),
	    safe(f, f->setup.folder), f->by_hand ? "check=hand" : "");
	add_callback_field(f);
	buf_text(&f->html,
	    f->by_hand
		? "<label class=\"check\"><input type=\"checkbox\""
		  " name=\"checked\" value=\"yes\" required><span>I opened the"
		  " links above, and none of them shows"
		  " <em>twitter-manager-probe</em>.</span></label>\n"
		: "<input type=\"hidden\" name=\"checked\" value=\"yes\">\n");
	buf_text(&f->html,
	    "<button id=\"make\">Create my keys</button>\n</form>\n"
	    "<p class=\"soft\">If you have a shell, you can run"
	    " <code>twitter-manager init</code> instead.</p>\n</div>\n");
}

static void answer_form(struct form *f, int status)
{
	struct call *c = f->call;
	const char *script =
	    arena_printf(c->arena, "%sjs/setup.js", page_home(c));

	f->html = buf_make(c->arena, (size_t)128 * 1024);
	if (f->complaint)
		buf_printf(&f->html,
		    "<p class=\"wrong\" role=\"alert\">%s</p>\n",
		    safe(f, f->complaint));
	buf_text(&f->html, "<p>There are no keys here yet. This page creates"
			   " them once and then disappears.</p>\n");
	if (f->by_hand)
		add_check_by_hand(f);
	else
		add_check_by_script(f);
	add_steps(f);
	page_answer_script(c, status, "Set up Twitter Manager",
	    buf_cstr(&f->html), f->by_hand ? NULL : script);
}

/* ---- the requests -------------------------------------------------------- */

/* The ticket that the browser has; NULL: none. */
static const char *find_ticket(struct call *c)
{
	struct str rest = str_of(env_process("HTTP_COOKIE"));

	while (rest.p) {
		struct str value = str_cut(&rest, ';');
		struct str name = str_trim(str_cut(&value, '='));

		if (!value.p || !str_eq(name, COOKIE))
			continue;
		value = str_trim(value);

		const char *text = arena_copy(c->arena, value.p, value.n);

		if (setup_is_ticket(text))
			return text;
	}
	return NULL;
}

static enum err begin(struct call *c, struct form *f)
{
	*f = (struct form){ .call = c, .ticket = find_ticket(c) };
	TRY(setup_begin(c->app, &f->setup));
	if (f->ticket)
		return OK;
	f->ticket = setup_ticket(c->arena);
	response_header(c, "Set-Cookie",
	    arena_printf(c->arena, COOKIE "=%s; HttpOnly; SameSite=Lax%s",
		f->ticket, request_is_https() ? "; Secure" : ""));
	return OK;
}

static enum err show(struct call *c)
{
	struct form f;

	if (c->request.method == METHOD_HEAD) {
		TRY(setup_wanted(c->app));
		route_answer_head(c);
		return OK;
	}
	TRY(begin(c, &f));
	f.by_hand = c->args[CHECK].given;
	answer_form(&f, 200);
	return OK;
}

static void answer_made(
    struct form *f, const struct init_made *made, const char *const *left)
{
	struct buf *html = &f->html;

	*html = buf_make(f->call->arena, (size_t)128 * 1024);
	if (made->api_key)
		buf_printf(html,
		    "<p>This is your API key. It is shown only once, and the"
		    " dashboard will ask for it. Keep it with your passwords."
		    "</p>\n<code class=\"block\" id=\"key\">%s</code>\n",
		    safe(f, made->api_key));
	else
		buf_text(html, "<p>Your API key is the one that you set"
			       " yourself.</p>\n");
	buf_printf(html,
	    "<p>All keys are stored in <code>%s</code>. Keep a copy of that"
	    " file elsewhere: if you lose its <code>ENCRYPTION_KEY</code>,"
	    " every account must be linked again.</p>\n",
	    safe(f, made->file));
	if (setup_is_guest(&f->setup))
		buf_printf(html,
		    "<details><summary>I can't read or change that file"
		    "</summary><p>It belongs to the web server's user. Keep a"
		    " copy of these lines instead. To change settings, delete"
		    " the file and create your own with these lines."
		    "</p><pre id=\"lines\">%s</pre></details>\n",
		    safe(f, made->lines));
	for (; *left; left++)
		buf_printf(html,
		    "<p class=\"wrong\">Please delete <code>%s</code>. It is"
		    " no longer needed, and we couldn't remove it.</p>\n",
		    safe(f, *left));
	if (setup_is_open(&f->setup))
		buf_printf(html,
		    "<p>If you changed the permissions of <code>%s</code> for"
		    " this, change them back now.</p>\n",
		    safe(f, f->setup.folder));
	buf_printf(html,
	    "<p><a class=\"button\" href=\"%s\">Open the dashboard</a></p>",
	    page_home(f->call));
	response_header(
	    f->call, "Set-Cookie", COOKIE "=; Max-Age=0; SameSite=Lax");
	page_answer(f->call, 200, "Your keys are ready", buf_cstr(html));
}

/* Makes the keys by what was sent. */
static enum err finish(struct form *f, bool checked)
{
	struct call *c = f->call;
	const char *url = f->given && f->given[0] ? f->given : NULL;
	const char *left[SETUP_PROBES + 2] = { NULL };
	struct init_made made = { 0 };

	if (!checked)
		return params_refuse(
		    c, "checked", "confirm that nobody can read the data: yes");
	if (url && !config_is_url(url))
		return params_refuse(c, "callback_url",
		    "must be an address that begins with http:// or https://");
	if (c->app->config.callback_set)
		url = NULL;
	TRY(setup_end(c->app, &f->setup, f->ticket, url, &made, left));
	answer_made(f, &made, left);
	return OK;
}

static enum err make(struct call *c)
{
	struct form f;

	TRY(begin(c, &f));
	f.given = c->args[CALLBACK_URL].text;
	f.by_hand = c->args[CHECK_AGAIN].given;

	enum err err = finish(&f, c->args[CHECKED].given);

	if ((err == ERR_SETUP_UNPROVEN || err == ERR_INVALID_INPUT) &&
	    !c->request.wants_json) {
		f.complaint = page_sentence(c->arena, c->app->fault.words);
		answer_form(&f, err_status(err));
		return OK;
	}
	return err;
}

int main(void)
{
	return cgi_main(routes, COUNT(routes));
}
