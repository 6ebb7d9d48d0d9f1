/* http.h - HTTP calls over one libcurl multi handle: many at a time, none
 * repeated unasked, each with an exact result. */
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
	HTTP_SOCKETS = 512            /* connections watched at once */
};

struct http_settings {
	const char *user_agent; /* NULL: "twitter-manager" */
	const char *ca_file;    /* PEM; NULL: the system's authorities */
	const char *proxy;      /* NULL: none, whatever the environment says */
	int connect_ms;  /* time to a usable connection; 0: the default */
	int connections; /* the most kept open; 0: 32 */
};

enum http_outcome {
	/* Bytes may have been sent, but no complete reply came. This is 0, so
	 * that it is also the value of a call in progress. */
	HTTP_UNKNOWN,
	/* Certainly no byte of the request was sent. */
	HTTP_NOT_SENT,
	/* A complete reply came, whatever its status. */
	HTTP_ANSWERED
};

struct http_header {
	struct http_header *next;
	const char *name; /* lower case */
	const char *value;
};

/* One call. The caller owns it and everything it points to, and must keep both
 * in place until http_wait gives it back (or http_end). Start from { 0 }. */
struct http_call {
	/* the request */
	const char *method; /* "GET" may be sent again by curl; nothing else */
	const char *url;
	const char *lines[HTTP_LINES]; /* "Name: value"; as far as not NULL */
	const char *body;              /* NULL: none */
	size_t body_n;
	int timeout_ms;      /* whole call; 0: HTTP_TIMEOUT_MS */
	size_t reply_max;    /* 0: HTTP_REPLY_MAX */
	struct arena *arena; /* owns the results */
	void *context;       /* for the caller's use */

	/* the result */
	enum http_outcome outcome;
	long status;                 /* 0: no status line came */
	struct buf reply;            /* the body; part of it if not ANSWERED */
	struct http_header *headers; /* see http_header */
	const char *error; /* curl's words if not ANSWERED, else NULL */
	bool sent;         /* a byte of the request may have been sent */
	bool timed_out;
	bool too_large; /* stopped: larger than reply_max or HTTP_HEADERS_MAX */
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

/* Prepares *h, which must stay in place; the settings must outlive it.
 * ERR_SYSTEM if this libcurl lacks a feature that we rely on. The process must
 * ignore SIGPIPE. */
enum err http_open(struct http *h, struct arena *a,
    const struct http_settings *settings, struct fault *f) MUST_CHECK;

/* Starts a call. Never fails: a bad URL or header line comes back from
 * http_wait as HTTP_NOT_SENT, with the error. */
void http_start(struct http *h, struct http_call *call) NOT_NULL;

/* Runs the calls until one has ended, and gives it back. NULL if none is left
 * (h->count is 0), at DEADLINE (of clock_mono_ms), or within 100 ms after a
 * signal handler has set *STOP; the calls continue at the next http_wait. After
 * that, pass NULL as STOP to wait for the calls in flight. */
struct http_call *http_wait(
    struct http *h, int64_t deadline, const volatile sig_atomic_t *stop);

/* Starts one call and waits until it has ended; others run as well. */
void http_run(struct http *h, struct http_call *call) NOT_NULL;

/* The value of a reply header in printable ASCII, the last one of several; NULL
 * if absent. The case of NAME does not matter. Only date, retry-after, content-
 * type, location and "x-…" are kept. */
const char *http_header(const struct http_call *call, const char *name);

/* Aborts running calls and frees everything; also allowed on a zeroed
 * struct. */
void http_end(struct http *h);

#endif
