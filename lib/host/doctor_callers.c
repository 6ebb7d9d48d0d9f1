/* doctor_callers.c - checks whether a key can be guessed, and whether each
 * caller has an address of its own. */
#include <string.h>

#include "base/ip.h"
#include "host/doctor_check.h"

enum { KEY_MIN = 20 /* characters; shorter ones are tried out */ };

struct doctor_says doctor_key_length(struct doctor *d)
{
	const char *key = d->app->config.api_key;

	if (!key)
		return doctor_say(d, DOCTOR_SKIP, NULL, "there is no API_KEY");
	if (strlen(key) < KEY_MIN)
		return doctor_say(d, DOCTOR_WARN,
		    "Put a new one into .env, such as this prints:\n"
		    "    head -c 24 /dev/urandom | base64 | tr +/ -_",
		    "API_KEY has fewer than %d characters: it can be guessed",
		    KEY_MIN);
	return doctor_say(
	    d, DOCTOR_OK, NULL, "API_KEY is too long to be guessed");
}

/* What the server says of our own address when we send this header (NULL:
 * none), in its reply to `test`; NULL: nothing. */
static const cJSON *ask(struct doctor *d, const char *header)
{
	struct http_call *call =
	    doctor_call(d, arena_printf(d->a, "%stest", d->api));
	const char *why = NULL;

	call->lines[0] =
	    arena_printf(d->a, "X-API-Key: %s", d->app->config.api_key);
	call->lines[1] = header;
	http_run(&d->http, call);
	return call->status == 200 && call->reply.n
		   ? json_parse(call->reply.p, call->reply.n, &why)
		   : NULL;
}

/* Whether the server takes us for ADDRESS when we send it in this header. */
static bool believes(struct doctor *d, const char *header, const char *address)
{
	const char *line = arena_printf(d->a, "%s: %s", header, address);
	const char *seen = json_text(ask(d, line), "address");

	return seen && strcmp(seen, address) == 0;
}

static bool is_trusted(struct doctor *d, const char *address)
{
	struct ip ip;

	return ip_read(str_of(address), &ip) &&
	       ip_is_in(&ip, &d->app->config.trusted_proxies);
}

struct doctor_says doctor_forwarded(struct doctor *d)
{
	static const char *const headers[] = { "X-Forwarded-For",
		"X_Forwarded_For" };
	const cJSON *plain = d->key_good ? ask(d, NULL) : NULL;
	const char *address = json_text(plain, "address");

	if (!address)
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "the server does not say from where calls come");
	if (cJSON_IsTrue(json_get(plain, "unnamed_proxy")))
		return doctor_say(d, DOCTOR_WARN,
		    arena_printf(d->a,
			"If it is yours, name it in .env:\n"
			"    TRUSTED_PROXIES=%s",
			address),
		    "a proxy at %s stands in front and is not named: all"
		    " callers have its address, and share its limit",
		    address);
	if (is_trusted(d, address))
		return doctor_say(d, DOCTOR_SKIP, NULL,
		    "calls from here come from %s, which TRUSTED_PROXIES"
		    " names: try it from another machine",
		    address);
	for (size_t i = 0; i < COUNT(headers); i++) {
		if (believes(d, headers[i], "192.0.2.123"))
			return doctor_say(d, DOCTOR_FAIL,
			    "Let the proxy drop that header, or write its own"
			    " in its place; conf/ shows how servers do. Name"
			    " in TRUSTED_PROXIES proxies only.",
			    "a client can choose its address by the header %s",
			    headers[i]);
	}
	return doctor_say(d, DOCTOR_OK, NULL,
	    "a client cannot choose its address; this one is %s", address);
}
