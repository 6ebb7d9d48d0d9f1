/* x.c - X's API, live or mock. */
#include "x/x.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

static const char *const names[] = {
	[X_CODE] = "exchange code",
	[X_REFRESH] = "refresh token",
	[X_ME] = "users/me",
	[X_TWEET] = "post tweet",
	[X_TIMELINE] = "timeline",
};

bool x_token_valid(const char *text)
{
	if (!text || !text[0])
		return false;
	for (; *text; text++) {
		if (*text <= ' ' || *text > '~')
			return false;
	}
	return true;
}

enum err x_open(struct x *x, const struct x_functions *does, struct arena *a,
    const struct x_settings *settings, struct fault *fault)
{
	*x = (struct x){ .does = does, .arena = a, .settings = *settings };

	return x->does->open(x, fault);
}

void x_start(struct x *x, struct x_call *call)
{
	x->does->start(x, call);
}

static void log_call(const struct x_call *call)
{
	cJSON *line = json_object();

	if (call->account_id)
		json_add_int(line, "account_id", call->account_id);
	json_add_text(line, "call", names[call->kind]);
	json_add_int(line, "status", call->status);
	json_add_int(line, "ms", call->ms);
	if (call->err != OK)
		json_add_text(line, "code", err_name(call->err));
	if (call->detail)
		json_add_text(line, "detail", call->detail);
	json_add_text(line, "x_request_id", call->request_id);
	log_write(LOG_X, line);
}

struct x_call *x_wait(struct x *x, int64_t deadline)
{
	struct x_call *call = x->does->wait(x, deadline);

	if (call && x->does->logged)
		log_call(call);
	return call;
}

void x_run(struct x *x, struct x_call *call)
{
	x_start(x, call);
	while (x_wait(x, INT64_MAX) != call)
		;
}

void x_end(struct x *x)
{
	if (x->does)
		x->does->end(x);
	x->does = NULL;
}
