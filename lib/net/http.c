/*
 * http.c - HTTP calls over one libcurl multi handle.
 *
 * A failed call is not an error here but the call's outcome, so callers handle
 * failures in one place, where they handle replies.
 */
#include "net/http.h"

#include <strings.h>

#include "base/clock.h"
#include "base/die.h"
#include "net/http_slot.h"

enum { SLICE_MS = 100 }; /* the longest wait between checks of the stop flag */

static struct http_slot *slot_take(struct http *h)
{
	struct http_slot *slot = h->idle;

	if (slot) {
		h->idle = slot->next;
	} else {
		slot = arena_new(h->arena, struct http_slot);
		slot->http = h;
		slot->easy = curl_easy_init();
		if (!slot->easy)
			die("out of memory for libcurl");
	}
	slot->next = h->running;
	h->running = slot;
	return slot;
}

static void slot_rest(struct http *h, struct http_slot *slot)
{
	struct http_slot **at = &h->running;

	while (*at != slot)
		at = &(*at)->next;
	*at = slot->next;
	slot->next = h->idle;
	h->idle = slot;
	curl_slist_free_all(slot->lines);
	slot->lines = NULL;
	slot->call = NULL;
}

static const char *begin(struct http *h, struct http_slot *slot)
{
	const char *wrong = "libcurl is too old";

	if (slot_reset(slot))
		wrong = slot_prepare(slot);
	if (wrong)
		return wrong;

	CURLMcode code = curl_multi_add_handle(h->multi, slot->easy);

	return code == CURLM_OK ? NULL : curl_multi_strerror(code);
}

/* Ends a call because of ERROR; NULL: it was answered. */
static void finish(struct http *h, struct http_slot *slot, const char *error)
{
	CURL *easy = slot->easy;
	struct http_call *call = slot->call;
	struct http_call **end = &h->ended;

	if (call->sent) { /* else it has values of its last call */
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &call->status);
		curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &call->connects);
	}
	curl_multi_remove_handle(h->multi, easy);
	call->ms = clock_mono_ms() - slot->started;
	/* libcurl takes an end of file inside the headers for their end */
	if (!error && (call->status < 200 || !slot->headers_done))
		error = "there was no final reply";
	if (!error)
		call->outcome = HTTP_ANSWERED;
	else
		call->outcome = call->sent ? HTTP_UNKNOWN : HTTP_NOT_SENT;
	call->error = arena_text(call->arena, error);
	while (*end)
		end = &(*end)->next;
	*end = call;
	slot_rest(h, slot);
}

/* Restarts a call whose connection was rejected before anything was sent; so
 * nothing is sent twice. */
static bool retry(struct http *h, struct http_slot *slot)
{
	struct http_call *call = slot->call;
	int64_t spent = clock_mono_ms() - slot->started;
	int64_t most = call->timeout_ms ? call->timeout_ms : HTTP_TIMEOUT_MS;

	if (!slot->stale || slot->again || spent >= most)
		return false;
	curl_multi_remove_handle(h->multi, slot->easy);
	slot_retry(slot, (long)(most - spent));
	return curl_multi_add_handle(h->multi, slot->easy) == CURLM_OK;
}

static const char *explain(const struct http_slot *slot, CURLcode code)
{
	if (code == CURLE_OK)
		return NULL;
	if (slot->call->too_large)
		return "the reply is too large";
	if (slot->stale)
		return "the connection was already closed";
	if (slot->repeat_refused)
		return "the connection was closed before a reply came";
	return slot->error[0] ? slot->error : curl_easy_strerror(code);
}

/* Does everything that needs no waiting. */
static void work(struct http *h)
{
	int left;
	CURLMcode code = curl_multi_perform(h->multi, &left);

	for (;;) {
		const CURLMsg *msg = curl_multi_info_read(h->multi, &left);
		char *private = NULL;

		if (!msg)
			break;
		if (msg->msg != CURLMSG_DONE)
			continue;

		CURLcode result = msg->data.result; /* msg ends in finish */

		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &private);

		struct http_slot *slot = (void *)private;

		if (retry(h, slot)) {
			code = curl_multi_perform(h->multi, &left);
			continue;
		}
		slot->call->timed_out = result == CURLE_OPERATION_TIMEDOUT;
		finish(h, slot, explain(slot, result));
	}
	while (code != CURLM_OK && h->running)
		finish(h, h->running, curl_multi_strerror(code));
}

static struct http_call *give(struct http *h, struct http_call **at)
{
	struct http_call *call = *at;

	*at = call->next;
	call->next = NULL;
	h->count--;
	return call;
}

enum err http_open(struct http *h, struct arena *a,
    const struct http_settings *settings, struct fault *f)
{
	*h = (struct http){ .arena = a, .settings = *settings };
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return FAULT(f, ERR_SYSTEM, "libcurl does not start");
	h->multi = curl_multi_init();
	if (!h->multi) {
		curl_global_cleanup();
		return FAULT(f, ERR_SYSTEM, "libcurl does not start");
	}

	struct http_slot *slot = slot_take(h);
	long connections = settings->connections ? settings->connections : 32;
	bool ok = slot_reset(slot) && !curl_multi_setopt(h->multi,
					  CURLMOPT_MAXCONNECTS, connections);

	slot_rest(h, slot);
	if (ok)
		return OK;
	http_end(h);
	return FAULT(f, ERR_SYSTEM,
	    "libcurl %s lacks a feature that we"
	    " need",
	    curl_version_info(CURLVERSION_NOW)->version);
}

void http_start(struct http *h, struct http_call *call)
{
	struct http_slot *slot = slot_take(h);
	size_t max = call->reply_max ? call->reply_max : HTTP_REPLY_MAX;

	slot->call = call;
	slot->started = clock_mono_ms();
	slot->header_bytes = 0;
	slot->headers_done = false;
	slot->repeat_refused = false;
	slot->opened = slot->stale = slot->again = false;
	call->outcome = HTTP_UNKNOWN;
	call->status = call->connects = 0;
	call->reply = buf_make(call->arena, max);
	call->headers = NULL;
	call->error = NULL;
	call->sent = call->timed_out = call->too_large = false;
	call->next = NULL;
	h->count++;

	const char *wrong = begin(h, slot);

	if (wrong)
		finish(h, slot, wrong);
}

struct http_call *http_wait(
    struct http *h, int64_t deadline, const volatile sig_atomic_t *stop)
{
	for (;;) {
		work(h);
		if (h->ended)
			return give(h, &h->ended);
		if (!h->running || (stop && *stop))
			return NULL;

		int64_t left = deadline - clock_mono_ms();

		if (left <= 0)
			return NULL;
		curl_multi_poll(h->multi, NULL, 0,
		    left < SLICE_MS ? (int)left : SLICE_MS, NULL);
	}
}

void http_run(struct http *h, struct http_call *call)
{
	http_start(h, call);
	for (;;) {
		struct http_call **at = &h->ended;

		work(h);
		while (*at && *at != call)
			at = &(*at)->next;
		if (*at) {
			give(h, at);
			return;
		}
		curl_multi_poll(h->multi, NULL, 0, SLICE_MS, NULL);
	}
}

const char *http_header(const struct http_call *call, const char *name)
{
	const struct http_header *header = call->headers;

	while (header && strcasecmp(header->name, name) != 0)
		header = header->next;
	return header ? header->value : NULL;
}

void http_end(struct http *h)
{
	if (!h->multi)
		return;
	while (h->running) {
		curl_multi_remove_handle(h->multi, h->running->easy);
		slot_rest(h, h->running);
	}
	for (struct http_slot *slot = h->idle; slot; slot = slot->next)
		curl_easy_cleanup(slot->easy);
	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	*h = (struct http){ 0 };
}
