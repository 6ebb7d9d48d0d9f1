/* doctor_check.c - what the checks of doctor.c share. */
#include "host/doctor_check.h"

enum { CALL_MS = 6000 };

struct doctor_says doctor_say(struct doctor *d, enum doctor_status status,
    const char *hint, const char *fmt, ...)
{
	struct doctor_says says = { status, NULL, hint };
	va_list args;

	va_start(args, fmt);
	says.detail = arena_vprintf(d->a, fmt, args);
	va_end(args);
	return says;
}

struct http_call *doctor_call(struct doctor *d, const char *url)
{
	struct http_call *call = arena_new(d->a, struct http_call);

	call->method = "GET";
	call->url = url;
	call->timeout_ms = CALL_MS;
	call->reply_max = 64 * 1024;
	call->arena = d->a;
	return call;
}

struct http_call *doctor_get(
    struct doctor *d, const char *url, const char *line)
{
	struct http_call *call = doctor_call(d, url);

	call->lines[0] = line;
	http_run(&d->http, call);
	return call;
}

const char *doctor_code(const struct http_call *call)
{
	const char *why = NULL;
	cJSON *json = call->reply.n
			  ? json_parse(call->reply.p, call->reply.n, &why)
			  : NULL;
	const char *code = json_text(json, "code");

	return code ? code : "";
}
