/*
 * doctor_exposed.c - checks that private files cannot be fetched from the site.
 *
 * The server's document root is not known here, so each file is requested by
 * every tail of its path: one of them is its URL, if it has one. A status
 * proves nothing, since some sites answer 200 to everything; what counts is
 * whether the reply has the file's bytes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/file.h"
#include "host/doctor_check.h"

enum {
	HEAD = 64,        /* bytes compared */
	TAILS = 6,        /* folders of a path that are tried */
	CALLS_MOST = 400, /* for one site */
	AT_ONCE = 4,
	SECONDS = 60
};

/* How a file's content is recognised, besides by its first bytes. */
enum look { ANY, SETTINGS, DATABASE, LOG };

struct secret {
	struct secret *next;
	const char *path; /* need not exist */
	enum look look;
	char head[HEAD];
	size_t n;
};

struct search {
	struct doctor *d;
	struct secret *secrets;
	struct http_call *calls[CALLS_MOST];
	const struct secret *of[CALLS_MOST];
	size_t count;
};

/* ---- which files --------------------------------------------------------- */

static void add_secret(struct search *s, const char *path, enum look look)
{
	struct secret *secret = arena_new(s->d->a, struct secret);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? 0 : read(fd, secret->head, HEAD);

	if (fd >= 0)
		close(fd);
	secret->n = n > 0 ? (size_t)n : 0;
	secret->path = path;
	secret->look = look;
	secret->next = s->secrets;
	s->secrets = secret;
}

/* Adds the files of a folder, but only one of each kind of name (up to a
 * digit): daily logs are one kind. */
static void add_some(struct search *s, const char *folder, enum look look)
{
	enum { KINDS = 8 };
	const char *kinds[KINDS] = { NULL };
	size_t count = 0;
	DIR *dir = opendir(folder);

	for (const struct dirent *e = dir ? readdir(dir) : NULL;
	     e && count < KINDS; e = readdir(dir)) {
		size_t n = strcspn(e->d_name, "0123456789");
		bool known = e->d_name[0] == '.';

		for (size_t i = 0; i < count && !known; i++)
			known = strlen(kinds[i]) == n &&
				strncmp(kinds[i], e->d_name, n) == 0;
		if (known)
			continue;
		kinds[count++] = arena_copy(s->d->a, e->d_name, n);
		add_secret(s, file_join(s->d->a, folder, e->d_name), look);
	}
	if (dir)
		closedir(dir);
}

static void add_secrets(struct search *s)
{
	struct arena *a = s->d->a;
	const struct config *config = &s->d->app->config;
	const char *private = env_private(a);

	/* the default place, whatever the settings say */
	add_secret(s, "/instance/twitter_manager.db", DATABASE);
	if (private) {
		add_some(s, private, ANY);
		add_some(s, file_join(a, private, "lib"), ANY);
	}
	if (config->instance_dir) {
		const char *folder = config->instance_dir;

		add_some(s, file_join(a, folder, "backups"), DATABASE);
		add_some(s, file_join(a, folder, "logs"), LOG);
		add_some(s, folder, DATABASE);
	}
	add_secret(s, file_join(a, env_home(a), ".env"), SETTINGS);
	if (config->env_file)
		add_secret(s, config->env_file, SETTINGS);
}

/* ---- under which URLs ---------------------------------------------------- */

static bool asked_already(const struct search *s, const char *url)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->calls[i]->url, url) == 0)
			return true;
	}
	return false;
}

static void ask(
    struct search *s, const struct secret *secret, const char *place)
{
	const char *url = arena_printf(s->d->a, "%s%s", s->d->site, place);
	struct http_call *call;

	if (s->count == CALLS_MOST || asked_already(s, url))
		return;
	call = doctor_call(s->d, url);
	s->of[s->count] = secret;
	s->calls[s->count++] = call;
}

/* PLACE in the N-th spelling; servers match their rules with some and open
 * files with others. NULL after the last. */
static const char *spelling(struct arena *a, const char *place, int n)
{
	const char *name = strrchr(place, '/') + 1;
	size_t folder = (size_t)(name - place);
	struct buf out = buf_make(a, 64 * 1024);

	if (n > 2)
		return NULL;
	buf_add(&out, place, folder);
	if (n == 1)
		buf_byte(&out, '/');
	if (n == 2) {
		buf_printf(&out, "%%%02x", (unsigned)(unsigned char)name[0]);
		name++;
	}
	buf_text(&out, name);
	return buf_cstr(&out);
}

static const char *escaped(struct arena *a, const char *path)
{
	struct buf out = buf_make(a, 64 * 1024);

	for (const char *p = path; *p; p++) {
		if (*p <= ' ' || *p > '~' || strchr("%?#\"<>\\^`{|}", *p))
			buf_printf(&out, "%%%02X", (unsigned)(unsigned char)*p);
		else
			buf_byte(&out, *p);
	}
	return buf_cstr(&out);
}

static void ask_for(struct search *s, const struct secret *secret)
{
	struct arena *a = s->d->a;
	const char *path = escaped(a, secret->path);
	const char *tail = path + strlen(path);

	for (int folders = 0; folders < TAILS && tail > path; folders++) {
		do {
			tail--;
		} while (tail > path && *tail != '/');
		if (*tail != '/')
			return;
		for (int n = 0; spelling(a, tail, n); n++)
			ask(s, secret, spelling(a, tail, n));
	}
}

/* ---- replies ------------------------------------------------------------- */

/* Whether a line of the text begins with one of our settings' names. */
static bool has_setting(struct str text)
{
	while (text.p) {
		struct str line = str_trim(str_cut(&text, '\n'));
		struct str rest = line;
		struct str name = str_trim(str_cut(&rest, '='));

		if (str_eq(name, "API_KEY") || str_eq(name, "ENCRYPTION_KEY") ||
		    str_eq(name, "TWITTER_CLIENT_SECRET"))
			return rest.p && str_trim(rest).n > 0;
	}
	return false;
}

static bool begins(struct str text, const char *with, size_t n)
{
	return n && text.n >= n && memcmp(text.p, with, n) == 0;
}

static bool is_secret(const struct secret *secret, const struct http_call *call)
{
	struct str text = { call->reply.p, call->reply.n };

	if (!text.n || (call->status != 200 && call->status != 206))
		return false;
	/* a few bytes prove nothing unless they are the whole file */
	if (begins(text, secret->head, secret->n) &&
	    (secret->n >= 16 || text.n == secret->n))
		return true;
	switch (secret->look) {
	case ANY:
		return false;
	case SETTINGS:
		return has_setting(text);
	case DATABASE:
		return begins(text, "SQLite format 3", 16) ||
		       begins(text, "\x37\x7f\x06\x82", 4) ||
		       begins(text, "\x37\x7f\x06\x83", 4);
	case LOG:
		return begins(text, "{\"time\":\"", 9);
	}
	return false;
}

/* Makes the calls; gives the first that returned a private file, or NULL.
 * *answered is the number of replies. */
static const struct http_call *search(struct search *s, size_t *answered)
{
	int64_t until = clock_mono_ms() + SECONDS * 1000;
	struct http *h = &s->d->http;
	size_t next = 0;
	size_t first = s->count; /* of the calls that returned one */

	while (next < s->count || h->count) {
		struct http_call *call;

		while (next < s->count && h->count < AT_ONCE) {
			s->calls[next]->context = &s->calls[next];
			http_start(h, s->calls[next++]);
		}
		call = http_wait(h, until, s->d->app->stop);
		if (!call)
			break;

		size_t i =
		    (size_t)((struct http_call **)call->context - s->calls);

		*answered += call->status != 0;
		if (i < first && is_secret(s->of[i], call))
			first = i;
		/* the reply is no longer needed and may be secret */
		if (call->reply.n)
			explicit_bzero(call->reply.p, call->reply.n);
		call->reply.n = 0;
	}
	return first < s->count ? s->calls[first] : NULL;
}

struct doctor_says doctor_exposed(struct doctor *d)
{
	struct search *s = arena_new(d->a, struct search);
	size_t answered = 0;

	if (!d->answered)
		return doctor_say(
		    d, DOCTOR_SKIP, NULL, "no server answers under its URL");
	s->d = d;
	add_secrets(s);
	for (const struct secret *i = s->secrets; i; i = i->next)
		ask_for(s, i);

	const struct http_call *found = search(s, &answered);

	if (found)
		return doctor_say(d, DOCTOR_FAIL,
		    "Create new keys at once, since others may have read"
		    " it. Move .env and INSTANCE_DIR out of the document"
		    " root, or deny access: under Apache with the"
		    " archive's .htaccess files (AllowOverride All),"
		    " under other servers with a rule for dot files,"
		    " instance/ and private/.",
		    "anyone can fetch %s, a private file", found->url);
	if (!answered)
		return doctor_say(d, DOCTOR_WARN,
		    "Try again when the server is less busy.",
		    "none of %zu requests was answered", s->count);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "%zu URLs tried: none returns a private file", answered);
}
