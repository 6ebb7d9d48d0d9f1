/*
 * http_slot.c - one libcurl easy handle: its options and its results.
 *
 * libcurl repeats a request, whatever its method, if a reused connection ends
 * before the first byte of the reply, and if HTTP/2 refuses the stream; a tweet
 * would be posted twice. Every repetition goes through libcurl's pre-request
 * callback, which is called when a connection is ready and before the first
 * byte of a request. That callback tells us that a request is about to be sent,
 * and refuses the second time. Before its first call nothing has been sent:
 * TCP, TLS and a proxy's CONNECT carry no part of the request.
 *
 * On the other hand, a connection that the server closed while it was idle must
 * not make an outcome unknown. libcurl checks a connection before reusing it,
 * but 7.88 misses those that were reset and those under TLS. So the callback
 * asks the kernel and rejects such a connection before anything is sent.
 */
#include "net/http_slot.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"

_Static_assert(LIBCURL_VERSION_NUM >= 0x075700,
    "libcurl 7.87: pre-request callback, protocols by name, quick exit");

/* Opens sockets as libcurl would, but remembers them, and programs that we
 * start do not inherit them. */
static curl_socket_t on_open(
    void *p, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct http_slot *slot = p;
	struct http *h = slot->http;
	int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);

	(void)purpose;
	slot->opened = true;
	if (fd >= 0 && h->socket_count < HTTP_SOCKETS)
		h->sockets[h->socket_count++] = fd;
	return fd;
}

static int on_close(void *p, curl_socket_t fd)
{
	struct http *h = p;

	for (size_t i = 0; i < h->socket_count; i++) {
		if (h->sockets[i] == fd)
			h->sockets[i] = h->sockets[--h->socket_count];
	}
	return close(fd);
}

static int port_of(int fd, int ask(int, struct sockaddr *, socklen_t *))
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} name;
	socklen_t n = sizeof(name);

	if (ask(fd, &name.any, &n) != 0)
		return -1;
	return ntohs(name.any.sa_family == AF_INET6 ? name.in6.sin6_port
						    : name.in.sin_port);
}

/* Whether the peer has already closed the connection with these ports. After a
 * reset the kernel no longer knows the peer's port. */
static bool hung_up(const struct http *h, int port, int local_port)
{
	for (size_t i = 0; i < h->socket_count; i++) {
		int fd = h->sockets[i];
		int peer = port_of(fd, getpeername);
		struct tcp_info info;
		socklen_t n = sizeof(info);

		if (port_of(fd, getsockname) != local_port ||
		    (peer != port && peer != -1))
			continue;
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) == 0 &&
		    info.tcpi_state != TCP_ESTABLISHED)
			return true;
	}
	return false;
}

static int on_request(
    void *p, char *ip, char *local_ip, int port, int local_port)
{
	struct http_slot *slot = p;
	struct http_call *call = slot->call;

	(void)ip;
	(void)local_ip;
	if (!call->sent && !slot->opened &&
	    hung_up(slot->http, port, local_port)) {
		slot->stale = true;
		/* makes libcurl close the connection */
		curl_easy_setopt(slot->easy, CURLOPT_FORBID_REUSE, 1L);
		return CURL_PREREQFUNC_ABORT;
	}
	slot->repeat_refused = call->sent && !slot->repeatable;
	call->sent = true;
	return slot->repeat_refused ? CURL_PREREQFUNC_ABORT
				    : CURL_PREREQFUNC_OK;
}

static size_t on_body(char *p, size_t size, size_t n, void *to)
{
	struct http_slot *slot = to;

	if (buf_add(&slot->call->reply, p, size * n))
		return size * n;
	slot->call->too_large = true;
	return CURL_WRITEFUNC_ERROR;
}

static bool wanted(const char *name, size_t n)
{
	static const char *const names[] = { "date", "retry-after",
		"content-type", "location" };

	if (n > 2 && strncasecmp(name, "x-", 2) == 0)
		return true;
	for (size_t i = 0; i < COUNT(names); i++) {
		if (strlen(names[i]) == n && !strncasecmp(names[i], name, n))
			return true;
	}
	return false;
}

/* A copy for logs: names in lower case, and a question mark for everything that
 * is not printable ASCII. */
static char *clean(struct arena *a, const char *p, size_t n, bool small)
{
	char *copy = arena_copy(a, p, n);

	for (size_t i = 0; i < n; i++) {
		if (copy[i] < ' ' || copy[i] > '~')
			copy[i] = '?';
		else if (small)
			copy[i] = str_lower(copy[i]);
	}
	return copy;
}

static void keep_header(struct http_call *call, const char *p, size_t n)
{
	const char *colon = memchr(p, ':', n);

	if (!colon || !wanted(p, (size_t)(colon - p)))
		return;

	struct http_header *header = arena_new(call->arena, struct http_header);
	const char *value = colon + 1;
	size_t left = n - (size_t)(value - p);

	while (left && (*value == ' ' || *value == '\t')) {
		value++;
		left--;
	}
	while (left && strchr(" \t\r\n", value[left - 1]))
		left--;
	header->name = clean(call->arena, p, (size_t)(colon - p), true);
	header->value = clean(call->arena, value, left, false);
	header->next = call->headers;
	call->headers = header;
}

/* Receives one header line at a time, also those of interim replies, which are
 * dropped at the next status line, and of trailers, which are ignored. */
static size_t on_header(char *p, size_t size, size_t n, void *to)
{
	struct http_slot *slot = to;
	struct http_call *call = slot->call;

	n *= size;
	slot->header_bytes += n;
	if (slot->header_bytes > HTTP_HEADERS_MAX) {
		call->too_large = true;
		return CURL_WRITEFUNC_ERROR;
	}
	if (n >= 5 && memcmp(p, "HTTP/", 5) == 0) {
		call->headers = NULL;
		slot->headers_done = false;
	} else if (n && (*p == '\r' || *p == '\n')) {
		slot->headers_done = true;
	} else if (!slot->headers_done) {
		keep_header(call, p, n);
	}
	return n;
}

/* The options of all calls. */
static bool set_numbers(CURL *easy, const struct http_settings *s)
{
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
		{ CURLOPT_HTTP09_ALLOWED, 0 },
		{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
		{ CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
		/* many calls to one host: wait until the first connection shows
		 * whether it can carry them all, instead of opening 32 */
		{ CURLOPT_PIPEWAIT, 1 },
		/* a hanging resolver must not delay the end of a call */
		{ CURLOPT_QUICK_EXIT, 1 },
		{ CURLOPT_CONNECTTIMEOUT_MS,
		    s->connect_ms ? s->connect_ms : HTTP_CONNECT_MS },
	};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (curl_easy_setopt(
			easy, numbers[i].option, numbers[i].value) != CURLE_OK)
			return false;
	}
	return true;
}

/* "" means no proxy; NULL would mean the environment's. */
static bool set_texts(CURL *easy, const struct http_settings *s)
{
	const char *agent = s->user_agent ? s->user_agent : "twitter-manager";
	const struct {
		CURLoption option;
		const char *value;
	} texts[] = {
		{ CURLOPT_PROTOCOLS_STR, "http,https" },
		{ CURLOPT_DEFAULT_PROTOCOL, "https" },
		{ CURLOPT_USERAGENT, agent },
		{ CURLOPT_PROXY, s->proxy ? s->proxy : "" },
		{ CURLOPT_NOPROXY, "" },
		/* all encodings that this libcurl supports */
		{ CURLOPT_ACCEPT_ENCODING, "" },
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		if (curl_easy_setopt(easy, texts[i].option, texts[i].value) !=
		    CURLE_OK)
			return false;
	}
	return !s->ca_file ||
	       curl_easy_setopt(easy, CURLOPT_CAINFO, s->ca_file) == CURLE_OK;
}

static bool set_callbacks(struct http_slot *slot)
{
	CURL *easy = slot->easy;
	bool ok = true;

	slot->error[0] = '\0';
	ok &= !curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
	ok &= !curl_easy_setopt(easy, CURLOPT_PREREQDATA, slot);
	ok &= !curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	ok &= !curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, slot);
	ok &= !curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
	ok &= !curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, slot->http);
	ok &= !curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	ok &= !curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
	ok &= !curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	ok &= !curl_easy_setopt(easy, CURLOPT_HEADERDATA, slot);
	ok &= !curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
	ok &= !curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, slot->error);
	return ok;
}

bool slot_reset(struct http_slot *slot)
{
	const struct http_settings *s = &slot->http->settings;

	curl_easy_reset(slot->easy);
	return set_numbers(slot->easy, s) && set_texts(slot->easy, s) &&
	       set_callbacks(slot);
}

/* Whether TEXT is "Name: value". Without a value libcurl would remove one of
 * its own headers; a control byte could begin another header. */
static bool line_valid(const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon || colon == text || colon[1 + strspn(colon + 1, " ")] == 0)
		return false;
	for (const char *p = text; *p; p++) {
		if ((unsigned char)*p < ' ' || *p == 127)
			return false;
	}
	return true;
}

static bool add_line(struct http_slot *slot, const char *line)
{
	struct curl_slist *longer = curl_slist_append(slot->lines, line);

	if (!longer)
		return false;
	slot->lines = longer;
	return true;
}

/* These say what is wrong; NULL if nothing is. */
static const char *set_lines(struct http_slot *slot)
{
	const struct http_call *call = slot->call;
	/* "Expect:" keeps libcurl from asking before it sends a larger body;
	 * compressed replies are accepted but not requested */
	bool ok = add_line(slot, "Accept: application/json") &&
		  add_line(slot, "Accept-Encoding:") &&
		  add_line(slot, "Expect:");

	for (size_t i = 0; i < HTTP_LINES && call->lines[i]; i++) {
		if (!line_valid(call->lines[i]))
			return "a header line is malformed";
		ok = ok && add_line(slot, call->lines[i]);
	}
	if (!ok ||
	    curl_easy_setopt(slot->easy, CURLOPT_HTTPHEADER, slot->lines))
		return "out of memory";
	return NULL;
}

static const char *set_request(struct http_slot *slot)
{
	const struct http_call *call = slot->call;
	CURL *easy = slot->easy;
	bool get = strcmp(call->method, "GET") == 0;
	bool post = strcmp(call->method, "POST") == 0;
	bool tls = strncasecmp(call->url, "https:", 6) == 0;
	bool ok = true;

	slot->repeatable = get;
	ok &= !curl_easy_setopt(easy, CURLOPT_URL, call->url);
	ok &= !curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1);
	ok &= !curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
	    (long)(call->timeout_ms ? call->timeout_ms : HTTP_TIMEOUT_MS));
	if (call->body || post) {
		ok &= !curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)(call->body ? call->body_n : 0));
		ok &= !curl_easy_setopt(
		    easy, CURLOPT_POSTFIELDS, call->body ? call->body : "");
	}
	if (!post && (!get || call->body))
		ok &= !curl_easy_setopt(
		    easy, CURLOPT_CUSTOMREQUEST, call->method);
	return ok ? NULL : "libcurl does not accept the request";
}

const char *slot_prepare(struct http_slot *slot)
{
	const char *wrong = set_lines(slot);

	return wrong ? wrong : set_request(slot);
}

void slot_retry(struct http_slot *slot, long ms)
{
	slot->stale = false;
	slot->again = true;
	slot->opened = false;
	slot->error[0] = '\0';
	curl_easy_setopt(slot->easy, CURLOPT_FORBID_REUSE, 0L);
	curl_easy_setopt(slot->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(slot->easy, CURLOPT_TIMEOUT_MS, ms);
}
