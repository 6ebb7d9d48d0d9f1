/* http_slot.h - one libcurl easy handle; used by http.c alone. */
#ifndef NET_HTTP_SLOT_H
#define NET_HTTP_SLOT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "net/http.h"

/* An easy handle, in use or idle. */
struct http_slot {
	struct http_slot *next;
	CURL *easy;
	struct curl_slist *lines;
	struct http *http;
	struct http_call *call;
	int64_t started;
	size_t header_bytes;
	bool headers_done;
	bool repeatable;     /* libcurl may send the request again */
	bool repeat_refused; /* libcurl tried to, and was refused */
	bool opened;         /* a new connection was started for it */
	bool stale;          /* it got a dead connection; nothing was sent */
	bool again;          /* the second try, after a stale connection */
	char error[CURL_ERROR_SIZE];
};

/* Resets the handle and sets the options of all calls. False if this libcurl
 * does not support one. */
bool slot_reset(struct http_slot *slot) MUST_CHECK;

/* Sets the options of slot->call. Says what is wrong with it (a constant); NULL
 * if nothing is. */
const char *slot_prepare(struct http_slot *slot) MUST_CHECK;

/* Prepares the second try of a call that got a stale connection: on a new
 * connection, for at most MS milliseconds. */
void slot_retry(struct http_slot *slot, long ms);

#endif
