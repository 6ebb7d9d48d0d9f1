/* error.c - the reply to a request that failed. */
#include "web/error.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "web/page.h"
#include "web/response.h"
#include "web/route.h"

/* The hint; for X's rate limits, with the time at which the tweet will be
 * sent. */
static const char *hint_of(struct call *c, enum err err)
{
	const struct fault *f = &c->app->fault;
	char at[CLOCK_TEXT]; /* "YYYY-MM-DD HH:MM:SS" */

	if (f->hint)
		return f->hint;
	if (err != ERR_RATE_LIMITED || f->retry_after <= 0)
		return err_hint(err);
	clock_sql(clock_now() + f->retry_after + 59, at);
	return arena_printf(c->arena,
	    "X's limit is reached: the tweet stays pending and will be sent"
	    " automatically after %.5s UTC.",
	    at + sizeof("YYYY-MM-DD"));
}

static cJSON *error_json(struct call *c, enum err err)
{
	const struct fault *f = &c->app->fault;
	const char *hint = hint_of(c, err);
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
	if (route_is_page(c))
		page_error(c, err);
	else
		response_json(c, err_status(err), error_json(c, err));
}
