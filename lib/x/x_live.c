/* x_live.c - X's API over HTTP. */
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/json.h"
#include "base/version.h"
#include "net/ca.h"
#include "net/http.h"
#include "x/x.h"
#include "x/x_answer.h"

struct live {
	struct http http;
	struct http_settings settings;
};

static enum err live_open(struct x *x, struct fault *fault)
{
	struct live *live = arena_new(x->arena, struct live);

	live->settings = (struct http_settings){
		.user_agent = "twitter-manager/" VERSION,
		.ca_file = ca_file(x->arena, x->settings.ca_file),
		.proxy = x->settings.proxy,
		.connections = x->settings.connections,
	};
	x->self = live;
	return http_open(&live->http, x->arena, &live->settings, fault);
}

static void live_end(struct x *x)
{
	struct live *live = x->self;

	http_end(&live->http);
}

static void form_add(struct buf *form, const char *name, const char *value)
{
	if (form->n)
		buf_byte(form, '&');
	buf_printf(form, "%s=%s", name, encode_percent(form->arena, value));
}

/* "client_id:client_secret" for HTTP Basic (RFC 6749, 2.3.1); NULL for a public
 * client. */
static const char *basic(struct x *x)
{
	const struct x_settings *settings = &x->settings;
	struct arena *a = x->arena;

	if (!settings->client_secret)
		return NULL;

	const char *pair =
	    arena_printf(a, "%s:%s", encode_percent(a, settings->client_id),
		encode_percent(a, settings->client_secret));

	return arena_printf(
	    a, "Authorization: Basic %s", encode_base64(a, pair, strlen(pair)));
}

static void ask_tokens(
    struct x *x, const struct x_call *call, struct http_call *http)
{
	struct buf form = buf_make(x->arena, 16 * 1024);

	if (call->kind == X_CODE) {
		form_add(&form, "grant_type", "authorization_code");
		form_add(&form, "code", call->code);
		form_add(&form, "redirect_uri", x->settings.callback_url);
		form_add(&form, "code_verifier", call->verifier);
	} else {
		form_add(&form, "grant_type", "refresh_token");
		form_add(&form, "refresh_token", call->refresh);
	}
	form_add(&form, "client_id", x->settings.client_id);
	http->method = "POST";
	http->url =
	    arena_printf(x->arena, "%s/2/oauth2/token", x->settings.api_url);
	http->lines[0] = "Content-Type: application/x-www-form-urlencoded";
	http->lines[1] = basic(x);
	http->body = buf_cstr(&form);
	http->body_n = form.n;
}

static void ask_timeline(
    struct x *x, const struct x_call *call, struct http_call *http)
{
	struct arena *a = x->arena;
	struct buf url = buf_make(a, 4096);

	buf_printf(&url,
	    "%s/2/users/%s/tweets?max_results=100"
	    "&tweet.fields=entities,note_tweet",
	    x->settings.api_url, encode_percent(a, call->user_id));
	if (call->since_id)
		buf_printf(
		    &url, "&since_id=%s", encode_percent(a, call->since_id));
	if (call->page)
		buf_printf(&url, "&pagination_token=%s",
		    encode_percent(a, call->page));
	http->method = "GET";
	http->url = buf_cstr(&url);
}

static void ask_tweet(
    struct x *x, const struct x_call *call, struct http_call *http)
{
	cJSON *json = json_object();

	json_add_text(json, "text", call->text);
	http->method = "POST";
	http->url = arena_printf(x->arena, "%s/2/tweets", x->settings.api_url);
	http->lines[1] = "Content-Type: application/json";
	http->body = json_print(json);
	http->body_n = strlen(http->body);
}

static void live_start(struct x *x, struct x_call *call)
{
	struct live *live = x->self;
	struct http_call *http = arena_new(x->arena, struct http_call);

	http->arena = x->arena;
	http->context = call;
	if (call->token)
		http->lines[0] = arena_printf(
		    x->arena, "Authorization: Bearer %s", call->token);
	switch (call->kind) {
	case X_CODE:
	case X_REFRESH:
		ask_tokens(x, call, http);
		break;
	case X_ME:
		http->method = "GET";
		http->url = arena_printf(
		    x->arena, "%s/2/users/me", x->settings.api_url);
		break;
	case X_TWEET:
		ask_tweet(x, call, http);
		break;
	case X_TIMELINE:
		ask_timeline(x, call, http);
		break;
	}
	http_start(&live->http, http);
}

/* TEXT with every occurrence of SECRET removed. */
static const char *without(
    struct arena *a, const char *text, const char *secret)
{
	size_t n = secret ? strlen(secret) : 0;
	const char *at = n ? strstr(text, secret) : NULL;
	struct buf out = buf_make(a, HTTP_REPLY_MAX);

	if (!at)
		return text;
	for (; at; at = strstr(text, secret)) {
		buf_add(&out, text, (size_t)(at - text));
		buf_text(&out, "(secret)");
		text = at + n;
	}
	buf_text(&out, text);
	return buf_cstr(&out);
}

/* X's words are shown and stored, and may quote secrets that we sent. */
static void keep_secrets(struct x *x, struct x_call *call)
{
	const char *const secrets[] = { call->token, call->refresh, call->code,
		call->verifier, x->settings.client_secret };

	for (size_t i = 0; call->reason && i < COUNT(secrets); i++)
		call->reason = without(x->arena, call->reason, secrets[i]);
}

static struct x_call *live_wait(struct x *x, int64_t deadline)
{
	struct live *live = x->self;
	struct http_call *http = http_wait(&live->http, deadline, NULL);

	if (!http)
		return NULL;

	struct x_call *call = http->context;

	x_answer_read(call, http);
	keep_secrets(x, call);
	return call;
}

const struct x_functions x_live = { live_open, live_start, live_wait, live_end,
	true };
