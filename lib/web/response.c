/*
 * response.c - the reply: built as a whole, written at once.
 *
 * The log line is written first: some servers send SIGTERM as soon as they have
 * all bytes of the reply.
 */
#include "web/response.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "web/request.h"

static const char *phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 204, "No Content" },
		{ 304, "Not Modified" },
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
	buf_printf(&out, "Status: %d %s\r\n", r->status, phrase(r->status));
	if (r->status != 304)
		buf_printf(&out, "Content-Type: %s\r\n", r->content_type);
	if (!bodiless && r->body)
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
		return; /* the client is gone */
}
