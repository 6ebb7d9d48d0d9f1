/* http.h - HTTP calls over one libcurl multi handle, many at once, that tell
 * precisely what became of each and never send one twice unasked. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	HTTP_TIMEOUT_MS = 8000,
	HTTP_CONNECT_MS = 5000,
	HTTP_REPLY_MAX = 1024 * 1024, /* bytes of a reply's body */
	HTTP_HEADERS_MAX = 64 * 1024, /* bytes of a reply's headers */
	HTTP_LINES = 6,               /* header lines a call may carry */
	HTTP_SOCKETS = 128            /* connections watched at once */
};

struct http_settings {
	const char *user_agent; /* NULL: "twitter-manager" */
	const char *ca_file;    /* PEM; NULL: the system's authorities */
	const char *proxy;      /* NULL: none, whatever the environment says */
	int connect_ms;  /* time to a usable connection; 0: the default */
	int connections; /* kept open at most; 0: 32 */
};

enum http_outcome {
	/* Bytes may have left and no whole answer came. First, so that a call
	 * of which nothing is known yet reads so. */
	HTTP_UNKNOWN,
	/* Surely no byte of the request left this machine. */
	HTTP_NOT_SENT,
	/* A whole answer came, whatever its status. */
	HTTP_ANSWERED
};

struct http_header {
	struct http_header *next;
	const char *name; /* lower case */
	const char *value;
};

/* One call. The caller owns it and all it points to, and keeps both in place
 * until http_wait gives it back (or http_end). Start from { 0 }. */
struct http_call {
	/* what is asked */
	const char *method; /* "GET" may be sent again by curl; nothing else */
	const char *url;
	const char *lines[HTTP_LINES]; /* "Name: value"; as far as not NULL */
	const char *body;              /* NULL: none */
	size_t body_n;
	int timeout_ms;      /* whole call; 0: HTTP_TIMEOUT_MS */
	size_t reply_max;    /* 0: HTTP_REPLY_MAX */
	struct arena *arena; /* for all that is found */
	void *context;       /* the caller's */

	/* what came of it */
	enum http_outcome outcome;
	long status;                 /* 0: no status line came */
	struct buf reply;            /* the body; part of it if not ANSWERED */
	struct http_header *headers; /* see http_header */
	const char *error; /* curl's words if not ANSWERED, else NULL */
	bool sent;         /* a byte of the request may have left */
	bool timed_out;
	bool too_large; /* given up: reply_max or HTTP_HEADERS_MAX met */
	long connects;  /* connections made; 0: one was reused, or not sent */
	int64_t ms;     /* from http_start to the end */
	struct http_call *next; /* internal */
};

struct http {
	struct arena *arena;
	struct http_settings settings;
	void *multi;               /* CURLM */
	struct http_slot *running; /* easy handles at work … */
	struct http_slot *idle;    /* … and at rest */
	struct http_call *ended;   /* not given back yet, oldest first */
	size_t count;              /* started and not given back */
	int sockets[HTTP_SOCKETS]; /* open now */
	size_t socket_count;
};

/* Makes ready; what settings point to must outlive it, and *h must stay where
 * it is. ERR_SYSTEM when libcurl cannot do what we rely on. The process must
 * ignore SIGPIPE. */
enum err http_open(struct http *h, struct arena *a,
    const struct http_settings *settings, struct fault *f) MUST_CHECK;

/* Begins a call. Never fails: what is wrong with it (a URL or a line that is
 * none, say) comes back by http_wait as HTTP_NOT_SENT, with the error. */
void http_start(struct http *h, struct http_call *call) NOT_NULL;

/* Works until a call has ended and gives it back. NULL when none is left
 * (h->count is 0), when clock_mono_ms() reaches DEADLINE, and within 100 ms of
 * *STOP being set by a signal handler; the rest goes on at the next http_wait.
 * Pass STOP NULL to gather what is in flight after it was set. */
struct http_call *http_wait(
    struct http *h, int64_t deadline, const volatile sig_atomic_t *stop);

/* Starts one call and works until it has ended; others run along. */
void http_run(struct http *h, struct http_call *call) NOT_NULL;

/* The value of a header of the reply, any case of NAME, the last of several, in
 * printable ASCII; NULL if it is absent. Kept are date, retry-after,
 * content-type, location and those named "x-…". */
const char *http_header(const struct http_call *call, const char *name);

/* Cuts what still runs and frees all; good for a struct of zeros too. */
void http_end(struct http *h);

#endif
