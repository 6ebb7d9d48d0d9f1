/*
 * x_answer.c - reads X's replies.
 *
 * X uses two generations of error bodies and has moved its problem types from
 * host to host, so every field is optional here, and types are compared by
 * their last path segment.
 */
#include "x/x_answer.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "net/http_date.h"
#include "x/x_timeline.h"
#include "x/x_verdict.h"

/* X's longest rate-limit window. No wait is longer, whatever X's headers say: a
 * value in milliseconds would delay a tweet for ever. */
enum { LONGEST_WAIT = 24 * 3600 };

static const char *last_segment(const char *type)
{
	const char *slash = type ? strrchr(type, '/') : NULL;

	return slash ? slash + 1 : type;
}

static const char *first_text(
    const cJSON *json, const char *a, const char *b, const char *c)
{
	const char *text = json_text(json, a);

	if (!text)
		text = json_text(json, b);
	return text ? text : json_text(json, c);
}

/* The first error with a code, else the first error. */
static const cJSON *telling_error(const cJSON *errors)
{
	const cJSON *error;

	cJSON_ArrayForEach (error, errors) {
		if (json_get(error, "code"))
			return error;
	}
	return errors && cJSON_IsArray(errors) ? errors->child : NULL;
}

static void read_code(const cJSON *json, int64_t *code)
{
	const cJSON *given = json_get(json, "code");

	if (given && !json_int64(given, 0, INT32_MAX, code))
		*code = 0;
}

static void read_refusal(const cJSON *json, struct x_signs *s)
{
	const cJSON *first = telling_error(json_get(json, "errors"));

	s->form = json ? X_FORM_JSON : X_FORM_OTHER;
	s->type = last_segment(first_text(json, "type", "error", "error"));
	s->title = json_text(json, "title");
	s->detail = first_text(json, "detail", "error_description", "message");
	s->cause = json_text(json, "reason");
	read_code(json, &s->code);
	if (!first)
		return;
	s->message = first_text(first, "message", "detail", "title");
	if (!s->type)
		s->type = last_segment(json_text(first, "type"));
	if (!s->code)
		read_code(first, &s->code);
}

/* The most informative text. */
static const char *reason_of(const struct x_signs *s)
{
	if (!x_verdict_is_vague(s->detail))
		return s->detail;
	if (s->message)
		return s->message;
	return s->detail ? s->detail : s->title;
}

static void judge(struct x_call *call, const struct x_signs *s)
{
	call->verdict = x_verdict_find(s);
	call->err = call->verdict->err;
	call->unknown = call->verdict->tweet == X_TWEET_UNKNOWN;
	call->words = err_words(call->err);
	call->reason = reason_of(s);
}

static int64_t header_number(const struct http_call *http, const char *name)
{
	const char *text = http_header(http, name);
	int64_t n = -1;

	if (!text || !str_int64(str_trim(str_of(text)), 0, INT64_MAX / 2, &n))
		return -1;
	return n;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* LATEST is the latest time at which the window may open again. */
static struct x_window window(const struct http_call *http, int64_t latest,
    const char *limit, const char *remaining, const char *reset)
{
	return (struct x_window){
		.limit = header_number(http, limit),
		.remaining = header_number(http, remaining),
		.reset = smaller(header_number(http, reset), latest),
	};
}

/* X's clock counts, if it is known. */
static int64_t x_now(const struct x_call *call)
{
	return call->date ? call->date : clock_now();
}

static void read_headers(struct x_call *call, const struct http_call *http)
{
	call->request_id = http_header(http, "x-transaction-id");
	call->date = http_date(http_header(http, "date"));

	int64_t latest = x_now(call) + LONGEST_WAIT;

	call->user15 = window(http, latest, "x-rate-limit-limit",
	    "x-rate-limit-remaining", "x-rate-limit-reset");
	call->user24 = window(http, latest, "x-user-limit-24hour-limit",
	    "x-user-limit-24hour-remaining", "x-user-limit-24hour-reset");
	call->app24 = window(http, latest, "x-app-limit-24hour-limit",
	    "x-app-limit-24hour-remaining", "x-app-limit-24hour-reset");
}

/* Retry-After in seconds. It may be a number of seconds, a date, or a Unix time
 * in seconds or milliseconds, which is far larger than any sensible wait. */
static int64_t told_wait(const struct http_call *http, int64_t now)
{
	const int64_t unix_time = 1000000000;
	const int64_t in_ms = 1000 * unix_time;
	int64_t date = http_date(http_header(http, "retry-after"));
	int64_t told = header_number(http, "retry-after");

	if (date)
		return date - now;
	if (told >= in_ms)
		told /= 1000;
	return told >= unix_time ? told - now : told;
}

/* Seconds until the exhausted window opens again. */
static int64_t wait_of(const struct x_call *call, const struct http_call *http)
{
	const struct x_window *const windows[] = { &call->user15, &call->user24,
		&call->app24 };
	int64_t now = x_now(call);
	int64_t wait = smaller(told_wait(http, now), LONGEST_WAIT);

	for (size_t i = 0; i < COUNT(windows); i++) {
		int64_t left = windows[i]->reset - now;

		if (windows[i]->remaining == 0 && left > wait)
			wait = left;
	}
	return wait > 0 ? wait : 0;
}

static bool is_digits(const char *text)
{
	return text && *text && strspn(text, "0123456789") == strlen(text);
}

static bool read_tokens(struct x_call *call, const cJSON *json)
{
	const cJSON *expires = json_get(json, "expires_in");
	int64_t seconds = 0;

	call->tokens.access = json_text(json, "access_token");
	call->tokens.refresh = json_text(json, "refresh_token");
	call->tokens.scope = json_text(json, "scope");
	if (expires && json_int64(expires, 1, INT32_MAX, &seconds))
		call->tokens.expires_at = clock_now() + seconds;
	if (call->tokens.refresh && !x_token_valid(call->tokens.refresh))
		return false;
	return x_token_valid(call->tokens.access);
}

static bool read_good(
    struct x_call *call, const cJSON *json, struct arena *arena)
{
	const cJSON *data = json_get(json, "data");

	switch (call->kind) {
	case X_CODE:
	case X_REFRESH:
		return read_tokens(call, json);
	case X_ME:
		call->username = json_text(data, "username");
		call->id = json_text(data, "id");
		return is_digits(call->id) && call->username;
	case X_TWEET:
		call->id = json_text(data, "id");
		return is_digits(call->id);
	case X_TIMELINE:
		return x_timeline_read(call, json, arena);
	}
	return false;
}

/* There was no complete reply. */
static void read_silence(struct x_call *call, const struct http_call *http)
{
	struct x_signs s = { .kind = call->kind };

	if (http->outcome == HTTP_UNKNOWN)
		s.form = http->timed_out ? X_FORM_LATE : X_FORM_CUT;
	else
		s.form = http->timed_out ? X_FORM_STUCK : X_FORM_NOT_SENT;
	judge(call, &s);
	if (s.form == X_FORM_CUT)
		call->words = "the connection to X was cut before its answer"
			      " came";
	if (s.form == X_FORM_NOT_SENT)
		call->words = "X cannot be reached";
	call->detail = http->error;
}

void x_answer_read(struct x_call *call, struct http_call *http)
{
	struct x_signs s = { .kind = call->kind,
		.form = X_FORM_SPOILT,
		.status = http->status,
		.scope = call->scope };
	const char *why = NULL;

	call->status = http->status;
	call->sent = http->sent;
	call->ms = http->ms;
	call->user15.limit = call->user24.limit = call->app24.limit = -1;
	if (http->outcome != HTTP_ANSWERED) {
		read_silence(call, http);
		return;
	}
	read_headers(call, http);

	const cJSON *json = http->reply.n
				? json_parse(http->reply.p, http->reply.n, &why)
				: NULL;

	if (http->status >= 200 && http->status < 300) {
		if (!read_good(call, json, http->arena))
			judge(call, &s);
		return;
	}
	read_refusal(json, &s);
	judge(call, &s);
	call->retry_after = wait_of(call, http);
}
