/*
 * responses.c - what a call may answer, in the API's description.
 *
 * The table of codes (base/err) has each code's status, words and hint.
 */
#include "responses.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/err.h"

/* What a row of a table implies. */
enum {
	ALWAYS = 0,
	KEYED = 1,
	WITH_ID = 2,
	WITH_PARAMS = 4,
	WITH_BODY = 8,
	IDEMPOTENT = 16,
	CLAIMING = 32,
	NEVER = 64 /* no call that there is: an unknown path or method */
};

static const struct {
	enum err code;
	unsigned when;
} implied[] = {
	{ ERR_BAD_REQUEST, ALWAYS },
	{ ERR_INVALID_JSON, WITH_BODY },
	{ ERR_INVALID_INPUT, WITH_PARAMS },
	{ ERR_IDEMPOTENCY_KEY, IDEMPOTENT },
	{ ERR_INVALID_API_KEY, KEYED },
	{ ERR_SCOPE_MISSING, KEYED },
	{ ERR_NOT_FOUND, WITH_ID },
	{ ERR_METHOD_NOT_ALLOWED, NEVER },
	{ ERR_IDEMPOTENCY_IN_FLIGHT, CLAIMING },
	{ ERR_LENGTH_REQUIRED, WITH_BODY },
	{ ERR_BODY_TOO_LARGE, WITH_BODY },
	{ ERR_UNSUPPORTED_MEDIA_TYPE, WITH_BODY },
	{ ERR_IDEMPOTENCY_MISMATCH, IDEMPOTENT },
	{ ERR_CONFIG_MISSING, ALWAYS },
	{ ERR_CONFIG_INVALID, ALWAYS },
	{ ERR_DATABASE, ALWAYS },
	{ ERR_DATABASE_BUSY, ALWAYS },
	{ ERR_DATABASE_NEWER, ALWAYS },
	{ ERR_DISK_FULL, ALWAYS },
	{ ERR_SYSTEM, ALWAYS },
	{ ERR_OUT_OF_TIME, ALWAYS },
	{ ERR_INTERNAL, ALWAYS },
	{ ERR_METHOD_UNKNOWN, NEVER },
};

/* Statuses that mean the same for every call: the response is a component. */
static const struct {
	int status;
	const char *name;
} common[] = {
	{ 401, "Unauthorized" },
	{ 405, "MethodNotAllowed" },
	{ 411, "LengthRequired" },
	{ 413, "ContentTooLarge" },
	{ 415, "UnsupportedMediaType" },
	{ 500, "InternalServerError" },
	{ 501, "NotImplemented" },
};

bool route_is(const cJSON *route, const char *name)
{
	return cJSON_IsTrue(json_get(route, name));
}

static unsigned facts_of(const cJSON *route)
{
	bool params =
	    json_get(route, "query")->child || json_get(route, "body")->child;
	bool get = strcmp(json_text(route, "method"), "get") == 0;
	bool claim = route_is(route, "claim");

	return (route_is(route, "open") ? 0U : KEYED) |
	       (strstr(json_text(route, "path"), "{id}") ? WITH_ID : 0U) |
	       (params ? WITH_PARAMS : 0U) | (get ? 0U : WITH_BODY) |
	       (claim || route_is(route, "once") ? IDEMPOTENT : 0U) |
	       (claim ? CLAIMING : 0U);
}

/* Marks the codes that a call may end with. */
static void mark(bool *has, const cJSON *route, const cJSON *hand)
{
	unsigned facts = facts_of(route);
	const cJSON *code;

	for (size_t i = 0; i < COUNT(implied); i++)
		has[implied[i].code] = !(implied[i].when & ~facts);
	cJSON_ArrayForEach (code, json_get(hand, "errors")) {
		enum err err = err_named(code->valuestring);

		if (err == ERR__COUNT)
			die("openapi.json: no code is called %s",
			    code->valuestring);
		has[err] = true;
	}
}

static cJSON *reference(struct arena *a, const char *kind, const char *name)
{
	cJSON *json = json_object();

	json_add_text(
	    json, "$ref", arena_printf(a, "#/components/%s/%s", kind, name));
	return json;
}

static cJSON *example(enum err err)
{
	cJSON *json = json_object();

	json_add_text(json, "error", err_words(err));
	json_add_text(json, "code", err_name(err));
	json_add_bool(json, "retryable", err_retryable(err));
	json_add_text(json, "request_id", "Kd0mAF8yzUrVx7cE");
	if (err_hint(err))
		json_add_text(json, "hint", err_hint(err));
	return json;
}

/* Any error, but with one of these codes of that status. */
static cJSON *schema_of(struct arena *a, const bool *has, int status)
{
	cJSON *json = json_object();
	cJSON *all = json_add(json, "allOf", json_array());
	cJSON *narrow = json_object();
	cJSON *members = json_add(narrow, "properties", json_object());
	cJSON *code = json_add(members, "code", json_object());
	cJSON *list = json_add(code, "enum", json_array());

	for (int err = OK + 1; err < ERR__COUNT; err++) {
		if (has[err] && err_status((enum err)err) == status)
			json_push(
			    list, cJSON_CreateString(err_name((enum err)err)));
	}
	json_push(all, reference(a, "schemas", "Error"));
	json_push(all, narrow);
	return json;
}

/* TEXT with a capital letter. */
static const char *sentence(struct arena *a, const char *text)
{
	char *copy = arena_text(a, text);

	copy[0] = (char)toupper((unsigned char)copy[0]);
	return copy;
}

static const char *description(struct arena *a, const bool *has, int status)
{
	struct buf out = buf_make(a, 8192);

	for (int i = OK + 1; i < ERR__COUNT; i++) {
		enum err err = (enum err)i;

		if (!has[err] || err_status(err) != status)
			continue;
		if (out.n)
			buf_byte(&out, '\n');
		buf_printf(&out, "- `%s`: %s.", err_name(err),
		    sentence(a, err_words(err)));
		if (err_hint(err))
			buf_printf(&out, " %s", err_hint(err));
	}
	return buf_cstr(&out);
}

/* The headers that come with errors of a status. */
static void add_headers(
    struct arena *a, cJSON *json, int status, bool idempotent)
{
	bool later = status == 409 || status == 429 || status >= 502;
	const struct {
		const char *name;
		const char *component;
		bool here;
	} headers[] = {
		{ "WWW-Authenticate", "WWWAuthenticate", status == 401 },
		{ "Allow", "Allow", status == 405 },
		{ "Retry-After", "RetryAfter", later },
		{ "Idempotent-Replayed", "IdempotentReplayed",
		    idempotent && (status == 409 || status == 422) },
	};
	cJSON *list = json_object();

	for (size_t i = 0; i < COUNT(headers); i++) {
		if (headers[i].here)
			json_add(list, headers[i].name,
			    reference(a, "headers", headers[i].component));
	}
	if (list->child)
		json_add(json, "headers", list);
}

/* The response of one status; NULL when none of the codes has it. */
static cJSON *response(
    struct arena *a, const bool *has, int status, const cJSON *route)
{
	cJSON *json = json_object();
	enum err first = OK;

	for (int err = ERR__COUNT - 1; err > OK; err--) {
		if (has[err] && err_status((enum err)err) == status)
			first = (enum err)err;
	}
	if (first == OK)
		return NULL;
	json_add_text(json, "description", description(a, has, status));
	add_headers(a, json, status,
	    route_is(route, "once") || route_is(route, "claim"));

	cJSON *content = json_add(json, "content", json_object());
	cJSON *media = json_add(content, "application/json", json_object());

	json_add(media, "schema", schema_of(a, has, status));
	json_add(media, "example", example(first));
	if (route_is(route, "page")) {
		media = json_add(content, "text/html", json_object());
		json_add(media, "schema", reference(a, "schemas", "Page"));
	}
	return json;
}

static const char *common_name(int status)
{
	for (size_t i = 0; i < COUNT(common); i++) {
		if (common[i].status == status)
			return common[i].name;
	}
	return NULL;
}

/* Adds the header NAME to a response. */
static void add_header(
    struct arena *a, cJSON *json, const char *name, const char *component)
{
	cJSON *headers = json_get(json, "headers");

	if (!headers)
		headers = json_add(json, "headers", json_object());
	json_add(headers, name, reference(a, "headers", component));
}

cJSON *responses(struct arena *a, const cJSON *route, const cJSON *hand)
{
	const cJSON *written = json_get(hand, "responses");
	cJSON *json = written ? cJSON_Duplicate(written, true) : json_object();
	bool has[ERR__COUNT] = { false };
	cJSON *one;

	if (route_is(route, "once") || route_is(route, "claim")) {
		cJSON_ArrayForEach (one, json) {
			add_header(a, one, "Idempotent-Replayed",
			    "IdempotentReplayed");
		}
	}
	if (route_is(route, "tagged")) {
		add_header(a, json_get(json, "200"), "ETag", "ETag");
		json_add(json, "304", reference(a, "responses", "NotModified"));
	}
	mark(has, route, hand);
	for (int status = 400; status < 600; status++) {
		const char *name = common_name(status);

		one = response(a, has, status, route);
		if (one && name && !route_is(route, "page"))
			one = reference(a, "responses", name);
		if (one)
			json_add(json, arena_printf(a, "%d", status), one);
	}
	return json;
}

static cJSON *error_codes(void)
{
	cJSON *json = json_object();
	cJSON *list = json_array();
	cJSON *meanings = json_object();

	json_add_text(json, "type", "string");
	json_add_text(json, "description",
	    "The stable word of an error. `x-codes` gives the status, the"
	    " hint and whether it is retryable, for each.");
	for (int i = OK + 1; i < ERR__COUNT; i++) {
		enum err err = (enum err)i;
		cJSON *one = json_add(meanings, err_name(err), json_object());

		json_push(list, cJSON_CreateString(err_name(err)));
		json_add_int(one, "status", err_status(err));
		json_add_bool(one, "retryable", err_retryable(err));
		json_add_text(one, "description", err_words(err));
		json_add_text(one, "hint", err_hint(err));
	}
	json_add(json, "enum", list);
	json_add(json, "x-codes", meanings);
	return json;
}

void responses_common(struct arena *a, cJSON *doc)
{
	cJSON *components = json_get(doc, "components");
	cJSON *list = json_add(components, "responses", json_object());
	cJSON *same = json_add(list, "NotModified", json_object());
	bool has[ERR__COUNT] = { false };

	json_add_text(same, "description",
	    "The reply that If-None-Match names is still current.");
	add_header(a, same, "ETag", "ETag");
	for (size_t i = 0; i < COUNT(implied); i++)
		has[implied[i].code] = true;
	for (size_t i = 0; i < COUNT(common); i++)
		json_add(list, common[i].name,
		    response(a, has, common[i].status, NULL));
	json_add(json_get(components, "schemas"), "ErrorCode", error_codes());
}
