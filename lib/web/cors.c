/*
 * cors.c - lets pages of other origins call the API (Fetch standard, CORS).
 *
 * Off unless CORS_ORIGINS names the origin, byte by byte. Credentials are never
 * allowed: the API knows keys in headers, which a page must have already, and
 * no cookie of a browser opens anything. Pages of our own (setup, the callback)
 * are for people, and for no other page.
 */
#include "web/cors.h"

#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/origin.h"
#include "web/route.h"

/* What a preflight's answer may be kept for: whoever is taken out of
 * CORS_ORIGINS is out after that. */
#define MAX_AGE_SECONDS "600"

static bool is_for_pages(const struct call *c)
{
	return c->page || (c->route && (c->route->flags & ROUTE_PAGE));
}

/* The request's origin, if the settings name it; else NULL. */
static const char *allowed_origin(const struct call *c)
{
	const char *origin = env_process("HTTP_ORIGIN");

	for (const char **o = c->app->config.cors_origins; origin && *o; o++) {
		if (strcmp(*o, origin) == 0)
			return *o;
	}
	return NULL;
}

const char *cors_lines(struct call *c)
{
	struct buf out = buf_make(c->arena, 2048);
	const char *origin;

	if (!c->app->config.cors_origins || is_for_pages(c))
		return "";
	buf_text(&out, "Vary: Origin\r\n");
	origin = allowed_origin(c);
	if (!origin)
		return buf_cstr(&out);
	buf_printf(&out, "Access-Control-Allow-Origin: %s\r\n", origin);
	if (c->request.method == METHOD_OPTIONS && c->methods)
		buf_printf(&out,
		    "Access-Control-Allow-Methods: %s\r\n"
		    "Access-Control-Allow-Headers: X-API-Key, Authorization,"
		    " Content-Type, Idempotency-Key, If-None-Match,"
		    " X-Request-Id\r\n"
		    "Access-Control-Max-Age: " MAX_AGE_SECONDS "\r\n",
		    c->methods);
	else
		buf_text(&out,
		    "Access-Control-Expose-Headers: X-Request-Id, Retry-After,"
		    " RateLimit, RateLimit-Policy, ETag, Link, Location,"
		    " Idempotent-Replayed, Allow, WWW-Authenticate\r\n");
	return buf_cstr(&out);
}
