/* doctor_web.c - checks the site under its own URL: programs, keys,
 * callback. */
#include <string.h>

#include "base/encode.h"
#include "base/random.h"
#include "base/version.h"
#include "host/doctor_check.h"
#include "host/permissions.h"

static struct doctor_says skip(struct doctor *d)
{
	return doctor_say(d, DOCTOR_SKIP, NULL, "%s",
	    d->site ? "the programs do not answer under their URL"
		    : "the site's URL is not known: give --url");
}

static bool is_elf(const struct http_call *call)
{
	return call->reply.n >= 4 && memcmp(call->reply.p, "\177ELF", 4) == 0;
}

/* Says that the settings must name the address of `make run`, or the
 * callback's. */
static struct doctor_says unreachable(
    struct doctor *d, const struct http_call *call)
{
	bool doubted = strstr(call->error, "certificate") != NULL;

	return doctor_say(d, d->site_given ? DOCTOR_FAIL : DOCTOR_WARN,
	    doubted ? "Give the site a certificate that browsers accept,"
		      " or set CA_FILE to the file of your own authority."
		    : "Start the web server, or give the site's URL:"
		      " --url https://YOUR.SITE",
	    "no answer from %s: %s", d->site, call->error);
}

/* The URL to which the reply redirects; NULL if it does not. */
static const char *moved(struct doctor *d, const struct http_call *call)
{
	const char *to = http_header(call, "location");
	const char *tail = to ? strstr(to, "/api/v1/health") : NULL;

	if (call->status / 100 != 3 || !tail || !config_is_url(to))
		return NULL;
	return arena_copy(d->a, to, (size_t)(tail - to));
}

static struct doctor_says not_ours(
    struct doctor *d, const struct http_call *call)
{
	const char *code = doctor_code(call);
	const char *site = moved(d, call);

	if (site)
		return doctor_say(d, DOCTOR_FAIL,
		    arena_printf(d->a,
			"Give that URL with --url or TWITTER_CALLBACK_URL:\n"
			"    %s doctor --url %s",
			permissions_tool(d->a), encode_shell(d->a, site)),
		    "%s redirects to %s", d->site, site);

	if (is_elf(call))
		return doctor_say(d, DOCTOR_FAIL,
		    "Let the server run them as CGI. Apache: Options +ExecCGI,"
		    " SetHandler cgi-script. lighttpd: cgi.assign.",
		    "%s serves the program files instead of running them",
		    call->url);
	if (code[0])
		return doctor_say(d, DOCTOR_FAIL,
		    "See the server's log, and run doctor on its machine.",
		    "%s answers %s", call->url, code);
	return doctor_say(d, DOCTOR_FAIL,
	    call->status >= 500
		? "See the web server's error log: the program does not"
		  " start (permissions, architecture, a missing library)."
		: "Map /api/ to the programs as conf/HOSTING.md says, or"
		  " give the right URL: --url https://YOUR.SITE",
	    "%s answers %ld, but not as our health check does", call->url,
	    call->status);
}

/* The health in the reply; NULL if it is not ours. */
static const char *health_version(const struct http_call *call)
{
	const char *why = NULL;
	cJSON *json = call->outcome == HTTP_ANSWERED && call->reply.n
			  ? json_parse(call->reply.p, call->reply.n, &why)
			  : NULL;
	const char *status = json_text(json, "status");

	return status && strcmp(status, "healthy") == 0
		   ? json_text(json, "version")
		   : NULL;
}

struct doctor_says doctor_server(struct doctor *d)
{
	static const char *const places[] = { "/api/v1/", "/cgi-bin/" };
	struct http_call *first = NULL;
	const char *version = NULL;

	if (!d->site || !d->http.multi)
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "the site's URL is not known: give --url");
	for (size_t i = 0; i < COUNT(places) && !version; i++) {
		const char *api =
		    arena_printf(d->a, "%s%s", d->site, places[i]);
		struct http_call *call =
		    doctor_get(d, arena_printf(d->a, "%shealth", api), NULL);

		version = health_version(call);
		if (version)
			d->api = api;
		if (call->outcome == HTTP_ANSWERED)
			d->answered = true;
		if (!first)
			first = call;
		if (first->outcome == HTTP_NOT_SENT)
			break;
	}
	if (!version)
		return d->answered ? not_ours(d, first) : unreachable(d, first);
	if (strcmp(version, VERSION) != 0)
		return doctor_say(d, DOCTOR_WARN,
		    "Copy programs of the same version to where the"
		    " server runs them.",
		    "%s runs version %s, this tool is %s", d->site, version,
		    VERSION);
	return doctor_say(
	    d, DOCTOR_OK, NULL, "the programs answer at %s", d->api);
}

/* ---- keys ---------------------------------------------------------------- */

static const char other_env[] =
    "The server's programs read another .env than this tool: compare the"
    " folders, or set TWITTER_MANAGER_ENV for both.";

/* Says what is wrong if the server does not accept our API key. */
static struct doctor_says key_refused(
    struct doctor *d, const struct http_call *call)
{
	const char *code = doctor_code(call);
	const char *file = d->app->config.env_file;

	if (call->status == 401)
		return doctor_say(d, DOCTOR_FAIL, other_env,
		    "the server refuses the API_KEY from %s, or drops"
		    " the header X-API-Key",
		    file ? file : "the environment");
	if (strncmp(code, "config_", 7) == 0)
		return doctor_say(d, DOCTOR_FAIL, other_env,
		    "the server answers %s, although this tool has all"
		    " settings",
		    code);
	if (strncmp(code, "database", 8) == 0 || strcmp(code, "disk_full") == 0)
		return doctor_say(d, DOCTOR_FAIL,
		    "The web server's user must own the instance folder"
		    " or share it with SHARED_GROUP=1; see the check"
		    " files, and run doctor as that user.",
		    "the server answers %s: its programs cannot use the"
		    " database",
		    code);
	return doctor_say(d, DOCTOR_FAIL,
	    "See the server's log and the error log in the instance folder.",
	    "%s answers %ld %s", call->url, call->status,
	    call->error ? call->error : code);
}

static struct http_call *ask_test(
    struct doctor *d, const char *header, const char *key)
{
	return doctor_get(d, arena_printf(d->a, "%stest", d->api),
	    arena_printf(d->a, "%s%s", header, key));
}

struct doctor_says doctor_key(struct doctor *d)
{
	const char *key = d->app->config.api_key;

	if (!d->api)
		return skip(d);
	if (!key)
		return doctor_say(d, DOCTOR_SKIP, NULL, "there is no API_KEY");

	const struct http_call *call = ask_test(d, "X-API-Key: ", key);

	d->key_good = call->status == 200;
	if (!d->key_good)
		return key_refused(d, call);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the header X-API-Key arrives, and the key is the server's");
}

struct doctor_says doctor_authorization(struct doctor *d)
{
	const char *key = d->app->config.api_key;

	if (!d->api)
		return skip(d);
	if (!d->key_good)
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "the server does not accept the key in any header");

	const struct http_call *call =
	    ask_test(d, "Authorization: Bearer ", key);

	if (call->status == 200)
		return doctor_say(
		    d, DOCTOR_OK, NULL, "the header Authorization arrives");
	return doctor_say(d, DOCTOR_WARN,
	    "Send X-API-Key, which does arrive, or ?api_key= if you cannot"
	    " send a header. To pass Authorization on, Apache needs one of\n"
	    "    CGIPassAuth On\n"
	    "    SetEnvIf Authorization \"(.+)\" HTTP_AUTHORIZATION=$1\n"
	    "    RewriteRule ^ -"
	    " [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]\n"
	    "and h2o's fastcgi-cgi the option --pass-authz.",
	    "the header Authorization does not arrive (%ld)", call->status);
}

struct doctor_says doctor_wrong_key(struct doctor *d)
{
	if (!d->api)
		return skip(d);

	const struct http_call *call =
	    ask_test(d, "X-API-Key: ", random_token(d->a, 24));

	if (call->status == 200)
		return doctor_say(d, DOCTOR_FAIL,
		    "Something in between (a rewrite, a proxy) adds the"
		    " right key to every request: remove it.",
		    "the server accepts a made-up key");
	if (call->status != 401)
		return doctor_say(d, DOCTOR_WARN,
		    "See the check key, and the server's log.",
		    "a made-up key gets %ld %s", call->status,
		    call->error ? call->error : doctor_code(call));
	return doctor_say(d, DOCTOR_OK, NULL, "a made-up key is refused");
}

/* ---- the callback -------------------------------------------------------- */

/* The host in a URL, without the port; an IPv6 address with its brackets. */
static struct str host_of(const char *url)
{
	const char *p = strstr(url, "://");
	size_t n;

	p = p ? p + 3 : url;
	n = *p == '[' ? strcspn(p, "]") + 1 : strcspn(p, ":/?");
	return (struct str){ p, n };
}

static bool is_local(struct str host)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]",
		"::1" };

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_eq(host, names[i]))
			return true;
	}
	return host.n > 4 && memcmp(host.p, "127.", 4) == 0;
}

bool doctor_is_local(const char *url)
{
	return url && is_local(host_of(url));
}

/* Says what is wrong with the callback URL itself; NULL if nothing is. */
static const char *callback_doubt(struct doctor *d, const char **hint)
{
	const struct config *config = &d->app->config;
	const char *url = config->callback_url;
	struct str host = host_of(url);
	size_t n = d->site ? strlen(d->site) : 0;

	*hint = "Set TWITTER_CALLBACK_URL to"
		" https://YOUR.SITE/auth/callback, and register the same"
		" URL in X's developer portal.";
	if (!is_local(host) && strncmp(url, "http:", 5) == 0)
		return "uses plain http: others could read the codes"
		       " that link accounts";
	if (is_local(host) && !is_local(str_of(config->host)))
		return "leads each person to their own machine, but HOST"
		       " allows others";
	if (d->site_given && n && strncmp(url, d->site, n) != 0 &&
	    !(is_local(host) && is_local(host_of(d->site))))
		return "is not part of the site";
	return NULL;
}

struct doctor_says doctor_callback(struct doctor *d)
{
	const char *url = d->app->config.callback_url;
	const char *hint = NULL;

	if (!url || !d->http.multi)
		return doctor_say(
		    d, DOCTOR_SKIP, NULL, "the settings cannot be read");

	const char *doubt = callback_doubt(d, &hint);
	const struct http_call *call = doctor_get(d, url, NULL);
	const char *code = doctor_code(call);

	if (call->outcome != HTTP_ANSWERED && !d->site_given)
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "the callback follows PORT, and nothing answers there");
	if (call->outcome != HTTP_ANSWERED)
		return doctor_say(d, d->answered ? DOCTOR_FAIL : DOCTOR_WARN,
		    hint, "nothing answers at the callback %s: %s", url,
		    call->error);
	if (strcmp(code, "missing_state") != 0)
		return doctor_say(d, DOCTOR_FAIL, hint,
		    "the callback %s answers %ld %s, but not as the"
		    " program auth does",
		    url, call->status, code);
	if (doubt)
		return doctor_say(
		    d, DOCTOR_WARN, hint, "the callback %s %s", url, doubt);
	return doctor_say(d, DOCTOR_OK, NULL,
	    "the program auth answers at the callback %s", url);
}
