/*
 * request.c - the request as the server's variables describe it, and its body.
 *
 * Servers differ in nearly everything (a length may be empty, -1 or two values
 * joined; stdin may never end or be the same socket as stdout), so only clear
 * cases are accepted and everything else is refused.
 */
#include "web/request.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/apikey.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/env.h"
#include "base/json.h"
#include "base/utf8.h"
#include "web/route.h"

/* The byte-order mark that some editors and languages put before UTF-8 text. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static const struct {
	const char *name;
	enum method method;
} methods[] = {
	{ "GET", METHOD_GET },
	{ "HEAD", METHOD_HEAD },
	{ "POST", METHOD_POST },
	{ "PUT", METHOD_PUT },
	{ "PATCH", METHOD_PATCH },
	{ "DELETE", METHOD_DELETE },
	{ "OPTIONS", METHOD_OPTIONS },
	{ "TRACE", METHOD_OTHER },
	{ "CONNECT", METHOD_OTHER },
};

static enum method method_of(const char *name)
{
	for (size_t i = 0; i < COUNT(methods); i++) {
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	}
	return METHOD_UNKNOWN;
}

static const char *variable(const char *name)
{
	const char *value = env_process(name);

	return value ? value : "";
}

/* Two variables with the same name mean two headers; nobody can tell which one
 * a server or proxy has used. */
static enum err refuse_doubles(struct call *c)
{
	static const char *const once[] = { "CONTENT_LENGTH",
		"HTTP_CONTENT_LENGTH", "HTTP_X_API_KEY", "HTTP_AUTHORIZATION",
		"HTTP_COOKIE", "HTTP_HOST", "HTTP_IDEMPOTENCY_KEY" };

	for (size_t i = 0; i < COUNT(once); i++) {
		size_t n = strlen(once[i]);
		int times = 0;

		for (char **e = environ; *e; e++)
			times += strncmp(*e, once[i], n) == 0 && (*e)[n] == '=';
		if (times > 1)
			return fail(c->app, ERR_BAD_REQUEST,
			    "the header for %s was sent twice", once[i]);
	}
	return OK;
}

static bool dots(struct str segment)
{
	return str_eq(segment, ".") || str_eq(segment, "..");
}

/* Joins SCRIPT_NAME and PATH_INFO and merges doubled slashes. */
static enum err read_path(struct call *c)
{
	struct request *r = &c->request;
	struct buf path = buf_make(c->arena, 64 * 1024);

	r->script_name = variable("SCRIPT_NAME");
	r->path_info = variable("PATH_INFO");

	struct str rest = str_of(
	    arena_printf(c->arena, "%s%s", r->script_name, r->path_info));

	for (size_t i = 0; i < rest.n; i++) {
		if ((unsigned char)rest.p[i] < ' ' || rest.p[i] == 0x7F)
			return fail(c->app, ERR_BAD_REQUEST,
			    "the path has control characters");
	}
	if (!utf8_valid(rest.p, rest.n))
		return fail(
		    c->app, ERR_BAD_REQUEST, "the path is not valid UTF-8");
	while (rest.p) {
		struct str segment = str_cut(&rest, '/');

		if (dots(segment))
			return fail(c->app, ERR_BAD_REQUEST,
			    "the path has a dot segment");
		if (segment.n) {
			buf_byte(&path, '/');
			buf_add(&path, segment.p, segment.n);
		}
	}
	if (path.full)
		return fail(c->app, ERR_BAD_REQUEST, "the path is too long");
	r->path = buf_cstr(&path);
	return OK;
}

static void read_length(struct request *r)
{
	struct str text = str_of(env_process("CONTENT_LENGTH"));

	r->chunked = env_process("HTTP_TRANSFER_ENCODING") != NULL;
	if (!text.n && !r->chunked) /* busybox sets it for POST only */
		text = str_of(env_process("HTTP_CONTENT_LENGTH"));
	if (!text.n)
		return;
	r->length_given = str_int64(text, 0, INT64_MAX, &r->length);
	r->length_bad = !r->length_given;
	r->unread = r->length;
}

static bool accepts(const char *type)
{
	return strstr(variable("HTTP_ACCEPT"), type) != NULL;
}

enum err request_read(struct call *c)
{
	struct request *r = &c->request;
	const char *type = env_process("CONTENT_TYPE");

	r->method_name = variable("REQUEST_METHOD");
	r->method = method_of(r->method_name);
	r->query = variable("QUERY_STRING");
	r->uri = variable("REQUEST_URI");
	r->content_type = type ? type : env_process("HTTP_CONTENT_TYPE");
	r->wants_json = accepts("application/json");
	r->wants_html = accepts("text/html");
	read_length(r);
	r->path = "/"; /* for the log, if the request is refused */
	TRY(refuse_doubles(c));
	return read_path(c);
}

/* The key in S; NULL if S cannot be one. */
static const char *plausible(struct call *c, struct str s)
{
	s = str_trim(s);
	return apikey_plausible(s) ? arena_copy(c->arena, s.p, s.n) : NULL;
}

static bool bearer(struct str *s)
{
	static const char word[] = "bearer";

	*s = str_trim(*s);
	if (s->n < sizeof(word) || (s->p[6] != ' ' && s->p[6] != '\t'))
		return false;
	if (!str_is_word((struct str){ s->p, 6 }, word))
		return false;
	s->p += 7;
	s->n -= 7;
	return true;
}

const char *request_key(struct call *c)
{
	static const char *const authorization[] = { "HTTP_AUTHORIZATION",
		"REDIRECT_HTTP_AUTHORIZATION" };
	const char *header = env_process("HTTP_X_API_KEY");
	int times = 0;

	if (header && str_trim(str_of(header)).n)
		return plausible(c, str_of(header));
	for (size_t i = 0; i < COUNT(authorization); i++) {
		struct str s = str_of(env_process(authorization[i]));

		if (bearer(&s))
			return plausible(c, s);
	}
	header = request_query(c, "api_key", &times);
	return header && times == 1 ? plausible(c, str_of(header)) : NULL;
}

const char *request_query(struct call *c, const char *name, int *times)
{
	struct str rest = str_of(c->request.query);
	const char *value = NULL;

	*times = 0;
	while (rest.p) {
		struct str text = str_cut(&rest, '&');
		struct str raw_name = str_cut(&text, '=');
		char *decoded = NULL;

		if (!decode_percent(c->arena, raw_name, true, &decoded) ||
		    strcmp(decoded, name) != 0)
			continue;
		if (!decode_percent(c->arena, text, true, &decoded) ||
		    !utf8_valid(decoded, strlen(decoded))) {
			*times = -1;
			return NULL;
		}
		++*times;
		if (!value && decoded[0])
			value = decoded;
	}
	return value;
}

/* The deadline for reading a body. */
static int64_t deadline(const struct call *c)
{
	return c->started_ms + (int64_t)BODY_SECONDS * 1000;
}

/* Waits until there is something to read; false at the deadline, or if the
 * server has asked this process to stop. */
static bool wait_readable(const struct call *c, int64_t until)
{
	const volatile sig_atomic_t *stop = c->app->stop;

	while (!stop || !*stop) {
		struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
		int64_t left = until - clock_mono_ms();
		int ready = left > 0 ? poll(&fd, 1, (int)left) : 0;

		if (ready >= 0 || errno != EINTR)
			return ready > 0;
	}
	return false;
}

/* Reads N bytes into P, or drops them if P is NULL; gives how many it read. */
static int64_t read_stdin(
    const struct call *c, char *p, int64_t n, int64_t until)
{
	static char away[16 * 1024];
	int64_t done = 0;

	while (done < n && wait_readable(c, until)) {
		int64_t want = n - done;

		if (!p && want > (int64_t)sizeof(away))
			want = sizeof(away);

		ssize_t got =
		    read(STDIN_FILENO, p ? p + done : away, (size_t)want);

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (got > 0)
			done += got;
	}
	return done;
}

void request_drain(struct call *c)
{
	struct request *r = &c->request;
	int64_t n = r->unread < DRAIN_MAX ? r->unread : DRAIN_MAX;

	/* Chunked bodies have no length and, under some servers, no end. */
	if (r->chunked && !r->length_given)
		read_stdin(c, NULL, DRAIN_MAX, clock_mono_ms() + CHUNKS_MS);
	else if (n > 0)
		read_stdin(c, NULL, n, deadline(c));
	r->unread = 0;
}

/* Accepts application/json, text/json, application/ANYTHING+json, and no type
 * at all. */
static bool is_json(const char *content_type)
{
	struct str rest = str_of(content_type);
	struct str type = str_trim(str_cut(&rest, ';'));

	if (!type.n || str_is_word(type, "application/json") ||
	    str_is_word(type, "text/json"))
		return true;
	return type.n > 17 &&
	       str_is_word((struct str){ type.p, 12 }, "application/") &&
	       str_is_word((struct str){ type.p + type.n - 5, 5 }, "+json");
}

/* Whether it is a form, on a route that accepts one. */
static bool is_form(const struct call *c)
{
	struct str rest = str_of(c->request.content_type);
	struct str type = str_trim(str_cut(&rest, ';'));

	return c->route && (c->route->flags & ROUTE_FORM) &&
	       str_is_word(type, "application/x-www-form-urlencoded");
}

/* The fields of a form as a JSON object of strings. */
static enum err read_form(struct call *c, const char *text, cJSON **body)
{
	struct str rest = str_of(text);
	cJSON *json = json_object();

	while (rest.p) {
		struct str value = str_cut(&rest, '&');
		struct str name = str_cut(&value, '=');
		char *texts[] = { NULL, NULL };

		if (!name.n)
			continue;
		if (!decode_percent(c->arena, name, true, &texts[0]) ||
		    !decode_percent(c->arena, value, true, &texts[1]) ||
		    !utf8_valid(texts[0], strlen(texts[0])) ||
		    !utf8_valid(texts[1], strlen(texts[1])) ||
		    json_get(json, texts[0]))
			return fail(c->app, ERR_BAD_REQUEST,
			    "the form is not properly encoded");
		json_add_text(json, texts[0], texts[1]);
	}
	*body = json;
	return OK;
}

/* A compressed body would only look like broken JSON. */
static enum err refuse_packed(struct call *c)
{
	struct str coding =
	    str_trim(str_of(env_process("HTTP_CONTENT_ENCODING")));

	if (!coding.n || str_is_word(coding, "identity"))
		return OK;
	fail(c->app, ERR_UNSUPPORTED_MEDIA_TYPE,
	    "the body has the Content-Encoding %.*s, which is not"
	    " supported",
	    (int)(coding.n < 40 ? coding.n : 40), coding.p);
	c->app->fault.hint = "Send it uncompressed, without Content-Encoding.";
	return ERR_UNSUPPORTED_MEDIA_TYPE;
}

static enum err check_body(struct call *c)
{
	const struct request *r = &c->request;

	if (r->length_bad || (r->chunked && !r->length_given))
		return fail_with(c->app, ERR_LENGTH_REQUIRED);
	if (r->length > BODY_MAX)
		return fail(c->app, ERR_BODY_TOO_LARGE,
		    "the body is larger than %d bytes", BODY_MAX);
	if (r->length)
		TRY(refuse_packed(c));
	if (r->length && !is_json(r->content_type) && !is_form(c))
		return fail_with(c->app, ERR_UNSUPPORTED_MEDIA_TYPE);
	return OK;
}

enum err request_body(struct call *c, cJSON **body)
{
	struct request *r = &c->request;
	const char *why = NULL;

	*body = NULL;
	TRY(check_body(c));
	if (r->length == 0)
		return OK;

	char *text = arena_alloc(c->arena, (size_t)r->length + 1);
	int64_t n = read_stdin(c, text, r->length, deadline(c));

	r->unread -= n;
	if (n < r->length) {
		r->unread = 0;
		return fail(c->app, ERR_BAD_REQUEST,
		    "the body is shorter than its Content-Length");
	}
	if (is_form(c))
		return read_form(c, text, body);

	size_t mark = strncmp(text, BYTE_ORDER_MARK, 3) == 0 ? 3 : 0;

	*body = json_parse(text + mark, (size_t)n - mark, &why);
	if (!*body)
		return fail(c->app, ERR_INVALID_JSON,
		    "the body cannot be read: %s", why);
	if (!cJSON_IsObject(*body))
		return fail(
		    c->app, ERR_INVALID_JSON, "the body must be a JSON object");
	return OK;
}

void request_add_query(struct buf *out, const struct call *c)
{
	struct str rest = str_of(c->request.query);

	while (rest.p) {
		struct str parameter = str_cut(&rest, '&');
		struct str value = parameter;

		if (!parameter.n || str_eq(str_cut(&value, '='), "api_key"))
			continue;
		buf_add(out, parameter.p, parameter.n);
		buf_byte(out, '&');
	}
}

bool request_is_https(void)
{
	const char *https = env_process("HTTPS");
	const char *scheme = env_process("REQUEST_SCHEME");

	return (https &&
		   (strcasecmp(https, "on") == 0 || strcmp(https, "1") == 0)) ||
	       (scheme && strcasecmp(scheme, "https") == 0);
}

const char *request_given_id(void)
{
	const char *id = env_process("HTTP_X_REQUEST_ID");
	size_t n = id ? strlen(id) : 0;

	if (!n || n > 64)
		return NULL;
	for (const char *p = id; *p; p++) {
		bool sane = (*p >= 'A' && *p <= 'Z') ||
			    (*p >= 'a' && *p <= 'z') ||
			    (*p >= '0' && *p <= '9') || strchr("._-", *p);

		if (!sane)
			return NULL;
	}
	return id;
}
