/*
 * limit.c - how often a caller may call, and may be wrong about a key.
 *
 * A caller is a right key or, without one, an address; of IPv6 the network of
 * 64 bits that one customer gets. All whose address is not known are one. Where
 * the file of the limits cannot be had, nobody is limited.
 */
#include "web/limit.h"

#include <inttypes.h>

#include "web/client_address.h"
#include "web/limits_file.h"
#include "web/response.h"

enum { SUBNET_BITS = 64 };

static bool open_key(struct call *c, struct limits *l)
{
	int64_t id = c->app->key_id;

	return limits_open(l, c->arena, c->app->config.instance_dir, LIMITS_KEY,
	    &id, sizeof(id));
}

static bool open_address(struct call *c, struct limits *l)
{
	struct ip ip;

	if (!client_ip(c, &ip))
		ip = (struct ip){ 0 };
	if (!ip_is_v4(&ip))
		ip_cut(&ip, SUBNET_BITS);
	return limits_open(l, c->arena, c->app->config.instance_dir,
	    LIMITS_ADDRESS, ip.bytes, sizeof(ip.bytes));
}

static enum err refuse(struct call *c, int64_t wait)
{
	fail_with(c->app, ERR_TOO_MANY_REQUESTS);
	c->app->fault.retry_after = wait;
	return ERR_TOO_MANY_REQUESTS;
}

/* The headers of draft-ietf-httpapi-ratelimit-headers. */
static void add_headers(struct call *c, const struct limits_state *state)
{
	response_header(c, "RateLimit-Policy",
	    arena_printf(c->arena, "\"default\";q=%" PRId64 ";w=60",
		c->app->config.rate_limit));
	response_header(c, "RateLimit",
	    arena_printf(c->arena, "\"default\";r=%" PRId64 ";t=%" PRId64,
		state->left, state->full_in));
}

enum err limit_key(struct call *c)
{
	SCOPED(limits) l = { 0 };

	if (!c->app->config.rate_limit || !open_key(c, &l))
		return OK;

	struct limits_state state = limits_take(&l, c->app->config.rate_limit);

	add_headers(c, &state);
	return state.allowed ? OK : refuse(c, state.wait);
}

enum err limit_address(struct call *c)
{
	SCOPED(limits) l = { 0 };

	if (!c->app->config.rate_limit || !open_address(c, &l))
		return OK;

	struct limits_state state = limits_take(&l, c->app->config.rate_limit);

	return state.allowed ? OK : refuse(c, state.wait);
}

enum err limit_guess(struct call *c)
{
	SCOPED(limits) l = { 0 };
	int64_t wait;

	if (!open_address(c, &l))
		return OK;
	wait = limits_guess(&l, LIMIT_GUESSES);
	if (!wait)
		return OK;
	fail(c->app, ERR_TOO_MANY_REQUESTS,
	    "too many wrong API keys from this address");
	c->app->fault.retry_after = wait;
	c->app->fault.hint = "A right key works at once. Wait as long as the"
			     " Retry-After header says before you try"
			     " another.";
	return ERR_TOO_MANY_REQUESTS;
}

void limit_count(struct call *c)
{
	SCOPED(limits) l = { 0 };

	if (c->app->config.rate_limit && open_address(c, &l))
		limits_take(&l, c->app->config.rate_limit);
}
