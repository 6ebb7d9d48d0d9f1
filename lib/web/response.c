/*
 * response.c - the answer: built whole, written once.
 *
 * The log line goes first: some servers send SIGTERM as soon as the promised
 * bytes have come.
 */
#include "web/response.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "web/page.h"
#include "web/request.h"
#include "web/route.h"

static const char *phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 204, "No Content" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};

	for (size_t i = 0; i < COUNT(phrases); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return "Status";
}

void response_header(struct call *c, const char *name, const char *value)
{
	struct response *r = &c->response;

	for (const char *p = value; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7F)
			return;
	}
	if (r->count == RESPONSE_HEADERS)
		return;
	r->headers[r->count].name = name;
	r->headers[r->count++].value = value;
}

void response_text(struct call *c, int status, const char *json)
{
	struct response *r = &c->response;

	r->status = status;
	r->content_type = "application/json; charset=utf-8";
	r->body = json;
	r->n = strlen(json);
}

void response_json(struct call *c, int status, const cJSON *json)
{
	response_text(c, status, json_print(json));
}

static cJSON *error_json(struct call *c, enum err err)
{
	const struct fault *f = &c->app->fault;
	const char *hint = f->hint ? f->hint : err_hint(err);
	cJSON *json = json_object();

	json_add_text(json, "error", f->words);
	json_add_text(json, "code", err_name(err));
	json_add_bool(json, "retryable", err_retryable(err));
	json_add_text(json, "request_id", log_request_id());
	if (f->reason[0])
		json_add_text(json, "reason", f->reason);
	if (hint)
		json_add_text(json, "hint", hint);
	if (f->retry_after > 0) {
		char at[CLOCK_TEXT];

		clock_rfc3339(clock_now() + f->retry_after, at);
		json_add_text(json, "retry_at", at);
	}
	while (c->extra && c->extra->child) {
		cJSON *item =
		    cJSON_DetachItemViaPointer(c->extra, c->extra->child);

		json_add(json, item->string, item);
	}
	if (c->faults)
		json_add(json, "errors", c->faults);
	return json;
}

void response_error(struct call *c, enum err err)
{
	struct fault *f = &c->app->fault;
	bool page = c->route && (c->route->flags & ROUTE_PAGE) &&
		    !c->request.wants_json;

	if (f->err != err)
		fail(c->app, err, "this could not be done");
	if (err_status(err) >= 500)
		log_error(f->file, f->line, "%s: %s", err_name(err), f->words);
	if (err == ERR_INVALID_API_KEY)
		response_header(
		    c, "WWW-Authenticate", "Bearer realm=\"Twitter Manager\"");
	if (f->retry_after > 0)
		response_header(c, "Retry-After",
		    arena_printf(c->arena, "%" PRId64, f->retry_after));
	if (page)
		page_error(c, err);
	else
		response_json(c, err_status(err), error_json(c, err));
}

static void log_request(struct call *c)
{
	cJSON *line = json_object();

	json_add_text(line, "method", c->request.method_name);
	json_add_text(
	    line, "path", c->request.call ? c->request.call : c->request.path);
	json_add_int(line, "status", c->response.status);
	json_add_int(line, "ms", clock_mono_ms() - c->started_ms);
	if (c->app->key_id)
		json_add_int(line, "key_id", c->app->key_id);
	if (c->account_id)
		json_add_int(line, "account_id", c->account_id);
	log_write(LOG_API, line);
}

void response_send(struct call *c)
{
	const struct response *r = &c->response;
	struct buf out = buf_make(c->arena, 64 * 1024);
	bool bodiless = r->status == 204 || r->status == 304;
	bool shown = !bodiless && c->request.method != METHOD_HEAD && r->body;

	log_request(c);
	buf_printf(&out, "Status: %d %s\r\nContent-Type: %s\r\n", r->status,
	    phrase(r->status), r->content_type);
	if (!bodiless)
		buf_printf(&out, "Content-Length: %zu\r\n", r->n);
	buf_printf(&out, "X-Request-Id: %s\r\n", log_request_id());
	buf_text(&out, "Cache-Control: no-store\r\n"
		       "X-Content-Type-Options: nosniff\r\n");
	for (size_t i = 0; i < r->count; i++)
		buf_printf(&out, "%s: %s\r\n", r->headers[i].name,
		    r->headers[i].value);
	buf_text(&out, "\r\n");

	struct str head = { buf_cstr(&out), out.n };
	struct str body = shown ? (struct str){ r->body, r->n } : str_of("");

	if (!file_write_two(STDOUT_FILENO, head, body))
		return; /* nobody is there to be told */
}
