/* http_slot.h - one easy handle of http.c; for http.c alone. */
#ifndef NET_HTTP_SLOT_H
#define NET_HTTP_SLOT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "net/http.h"

/* An easy handle, at work or at rest. */
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
	bool repeat_refused; /* libcurl wanted to and was not let */
	bool opened;         /* a new connection was begun for it */
	bool stale;          /* given a dead connection; nothing was sent */
	bool again;          /* this is the second try, after a stale one */
	char error[CURL_ERROR_SIZE];
};

/* Makes the handle forget its last call and tells it what all calls have in
 * common. False if this libcurl cannot do it. */
bool slot_reset(struct http_slot *slot) MUST_CHECK;

/* Tells the handle what slot->call asks for. Gives what is wrong with that, a
 * constant; NULL if nothing is. */
const char *slot_prepare(struct http_slot *slot) MUST_CHECK;

/* Makes a call that met a stale connection ready for its second try, on a new
 * connection and for MS milliseconds at most. */
void slot_retry(struct http_slot *slot, long ms);

#endif
