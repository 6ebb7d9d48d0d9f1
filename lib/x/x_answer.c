/*
 * x_answer.c - what an answer of X's means for us.
 *
 * X has two generations of error bodies in the wild and moves its problem
 * types from host to host, so every field is optional here and types are known
 * by their last path segment.
 */
#include "x/x_answer.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "x/x_timeline.h"

/* X's longest window of calls. Whatever a number says, X is asked again then:
 * one in milliseconds would put a tweet away for good. */
enum { LONGEST_WAIT = 24 * 3600 };

struct problem {
	long status;
	bool readable;    /* the body is JSON */
	const char *type; /* last segment of "type", or "error" of OAuth */
	const char *title;
	const char *detail; /* X's own words */
	const char *cause;  /* "reason" of a client-forbidden problem */
	int64_t code;       /* of older bodies; 0: none */
};

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

static struct problem read_problem(long status, const cJSON *json)
{
	const cJSON *errors = json_get(json, "errors");
	const cJSON *first = cJSON_IsArray(errors) ? errors->child : NULL;
	struct problem p = { .status = status, .readable = json != NULL };

	p.type = last_segment(first_text(json, "type", "error", "error"));
	p.title = json_text(json, "title");
	p.detail = first_text(json, "detail", "error_description", "title");
	p.cause = json_text(json, "reason");
	if (first) {
		const char *message =
		    first_text(first, "message", "detail", "title");
		const cJSON *code = json_get(first, "code");

		if (message && (!p.detail || !json_text(json, "detail")))
			p.detail = message;
		if (!p.type)
			p.type = last_segment(json_text(first, "type"));
		if (code && !json_int64(code, 0, INT32_MAX, &p.code))
			p.code = 0;
	}
	return p;
}

static bool is(const char *text, const char *word)
{
	return text && strcasecmp(text, word) == 0;
}

static bool holds(const char *text, const char *words)
{
	size_t n = strlen(words);

	for (; text && *text; text++) {
		if (strncasecmp(text, words, n) == 0)
			return true;
	}
	return false;
}

static bool says(const struct problem *p, const char *words)
{
	return holds(p->detail, words) || holds(p->title, words);
}

static bool out_of_credits(const struct problem *p)
{
	return p->status == 402 || is(p->type, "credits") ||
	       is(p->type, "credits-depleted") ||
	       is(p->title, "CreditsDepleted");
}

static bool not_enrolled(const struct problem *p)
{
	return is(p->type, "client-forbidden") ||
	       is(p->cause, "client-not-enrolled") ||
	       is(p->cause, "official-client-forbidden") ||
	       is(p->cause, "user-not-enrolled") ||
	       is(p->type, "client-not-enrolled") ||
	       is(p->type, "user-not-enrolled");
}

static bool locked_or_suspended(const struct problem *p)
{
	return p->code == 64 || p->code == 326 ||
	       is(p->type, "user-suspended") || says(p, "suspended") ||
	       says(p, "temporarily locked");
}

/* 88: rate limit; 185 and 344: the day's limit of posts. */
static bool limited(const struct problem *p)
{
	return p->status == 429 || p->code == 88 || p->code == 185 ||
	       p->code == 344 || is(p->type, "usage-capped") ||
	       is(p->type, "rate-limit-exceeded");
}

static enum err judge_forbidden(const struct problem *p)
{
	if (locked_or_suspended(p))
		return ERR_ACCOUNT_SUSPENDED;
	if (p->code == 187 || says(p, "duplicate"))
		return ERR_DUPLICATE;
	return ERR_TWEET_REFUSED;
}

/* A call made with a user's token. */
static enum err judge_api(const struct problem *p)
{
	if (out_of_credits(p))
		return ERR_CREDITS_DEPLETED;
	if (not_enrolled(p))
		return ERR_APP_NOT_ENROLLED;
	if (limited(p))
		return ERR_RATE_LIMITED;
	if (p->status == 401 || p->code == 89)
		return ERR_NEEDS_REAUTH;
	if (p->status >= 500)
		return ERR_X_UNAVAILABLE;
	/* a page of HTML is some machine's on the way, not X's word */
	if (p->status < 400 || !p->readable)
		return ERR_X_UNREADABLE;
	return judge_forbidden(p);
}

/* The token endpoint: what it says of the app is no fault of an account. */
static enum err judge_token(const struct problem *p, enum x_kind kind)
{
	if (is(p->type, "unauthorized_client") || is(p->type, "invalid_client"))
		return ERR_APP_REFUSED;
	if (limited(p))
		return ERR_RATE_LIMITED;
	if (out_of_credits(p))
		return ERR_CREDITS_DEPLETED;
	if (p->status >= 500)
		return ERR_X_UNAVAILABLE;
	if (is(p->type, "invalid_request") || is(p->type, "invalid_grant"))
		return kind == X_CODE ? ERR_CODE_REFUSED : ERR_NEEDS_REAUTH;
	return ERR_X_UNREADABLE;
}

static const char *words_for(enum err err)
{
	switch (err) {
	case ERR_CREDITS_DEPLETED:
		return "the app's credits at X are used up";
	case ERR_APP_NOT_ENROLLED:
		return "X does not let this app use its API";
	case ERR_RATE_LIMITED:
		return "X's rate limit is reached";
	case ERR_NEEDS_REAUTH:
		return "X no longer accepts this account's token";
	case ERR_X_UNAVAILABLE:
		return "X answered with an error of its own";
	case ERR_ACCOUNT_SUSPENDED:
		return "X has locked or suspended this account";
	case ERR_DUPLICATE:
		return "X refused the tweet as a duplicate";
	case ERR_TWEET_REFUSED:
		return "X refused the tweet";
	case ERR_APP_REFUSED:
		return "X does not accept this app's client id or secret";
	case ERR_CODE_REFUSED:
		return "X did not accept the authorization code";
	case ERR_X_TIMEOUT:
		return "X did not answer in time";
	default:
		return "X's answer could not be understood";
	}
}

static void set_error(struct x_call *call, enum err err, const char *reason)
{
	call->err = err;
	call->words = words_for(err);
	call->reason = reason;
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

/* LATEST is the latest time at which a window may open again. */
static struct x_window window(const struct http_call *http, int64_t latest,
    const char *limit, const char *remaining, const char *reset)
{
	return (struct x_window){
		.limit = header_number(http, limit),
		.remaining = header_number(http, remaining),
		.reset = smaller(header_number(http, reset), latest),
	};
}

int64_t x_answer_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char sql[] = "YYYY-MM-DD hh:mm:ss";
	char month[4] = "";
	int64_t t = 0;

	if (!text || strlen(text) != 29)
		return 0;
	memcpy(month, text + 8, 3);

	const char *at = strstr(months, month);
	size_t number = at ? (size_t)(at - months) / 3 + 1 : 0;

	memcpy(sql, text + 12, 4);
	sql[5] = (char)('0' + number / 10);
	sql[6] = (char)('0' + number % 10);
	memcpy(sql + 8, text + 5, 2);
	memcpy(sql + 11, text + 17, 8);
	return clock_parse(str_of(sql), &t) ? t : 0;
}

/* X's own clock counts where it is known. */
static int64_t x_now(const struct x_call *call)
{
	return call->date ? call->date : clock_now();
}

static void read_headers(struct x_call *call, const struct http_call *http)
{
	call->request_id = http_header(http, "x-transaction-id");
	call->date = x_answer_date(http_header(http, "date"));

	int64_t latest = x_now(call) + LONGEST_WAIT;

	call->user15 = window(http, latest, "x-rate-limit-limit",
	    "x-rate-limit-remaining", "x-rate-limit-reset");
	call->user24 = window(http, latest, "x-user-limit-24hour-limit",
	    "x-user-limit-24hour-remaining", "x-user-limit-24hour-reset");
	call->app24 = window(http, latest, "x-app-limit-24hour-limit",
	    "x-app-limit-24hour-remaining", "x-app-limit-24hour-reset");
}

/* Seconds until the window that is used up opens again. */
static int64_t wait_of(const struct x_call *call, const struct http_call *http)
{
	const struct x_window *const windows[] = { &call->user15, &call->user24,
		&call->app24 };
	int64_t now = x_now(call);
	int64_t told = header_number(http, "retry-after");
	int64_t wait = smaller(told, LONGEST_WAIT);

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

/* RFC 6749 allows a token the visible ASCII characters. */
static bool is_token(const char *text)
{
	if (!text || !text[0])
		return false;
	for (; *text; text++) {
		if (*text <= ' ' || *text > '~')
			return false;
	}
	return true;
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
	if (call->tokens.refresh && !is_token(call->tokens.refresh))
		return false;
	return is_token(call->tokens.access);
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

/* No whole answer came. */
static void read_silence(struct x_call *call, const struct http_call *http)
{
	call->unknown = http->outcome == HTTP_UNKNOWN;
	set_error(
	    call, http->timed_out ? ERR_X_TIMEOUT : ERR_X_UNAVAILABLE, NULL);
	if (call->err == ERR_X_UNAVAILABLE)
		call->words =
		    call->unknown
			? "the connection to X was cut before its answer came"
			: "X cannot be reached";
	call->detail = http->error;
}

void x_answer_read(struct x_call *call, struct http_call *http)
{
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
	bool token = call->kind == X_CODE || call->kind == X_REFRESH;

	if (http->status >= 200 && http->status < 300) {
		if (read_good(call, json, http->arena))
			return;
		set_error(call, ERR_X_UNREADABLE, NULL);
		call->unknown = true; /* it may well have been done */
		return;
	}

	struct problem p = read_problem(http->status, json);

	set_error(call, token ? judge_token(&p, call->kind) : judge_api(&p),
	    p.detail);
	call->unknown = http->status >= 500;
	call->retry_after = wait_of(call, http);
}
