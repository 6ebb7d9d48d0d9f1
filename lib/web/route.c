/*
 * route.c - finds the handler for a method and a path.
 *
 * No variable holds the path under every server. If SCRIPT_NAME and PATH_INFO
 * together show the URL's path, with /api/v1 or /auth in it, that path decides;
 * else the program lies in some cgi-bin, and its name and PATH_INFO give the
 * path.
 */
#include "web/route.h"

#include <string.h>

#include "web/response.h"

static bool match_segment(struct str pattern, struct str segment, int64_t *id)
{
	if (pattern.n == 4 && memcmp(pattern.p, "{id}", 4) == 0)
		return str_int64(segment, 1, INT64_MAX, id);
	return pattern.n == segment.n &&
	       memcmp(pattern.p, segment.p, segment.n) == 0;
}

/* Whether PATH matches PATTERN. Both begin with a slash and have no doubled
 * ones. */
static bool match(const char *pattern, const char *path, int64_t *id)
{
	struct str patterns = str_of(pattern);
	struct str segments = str_of(path);

	while (patterns.p && segments.p) {
		if (!match_segment(
			str_cut(&patterns, '/'), str_cut(&segments, '/'), id))
			return false;
	}
	return !patterns.p && !segments.p;
}

struct table {
	const struct route *routes;
	size_t count;
};

static bool exists(const struct table *t, const char *path)
{
	int64_t id = 0;

	for (size_t i = 0; i < t->count; i++) {
		if (match(t->routes[i].path, path, &id))
			return true;
	}
	return false;
}

/* The path from PREFIX on, which must be whole segments. It must begin within
 * SCRIPT_NAME, which comes from the server and not from the caller. */
static const char *from_prefix(const struct request *r, const char *prefix)
{
	size_t n = strlen(prefix);
	const char *at = strstr(r->path, prefix);

	if (!at || (at[n] != '/' && at[n] != '\0'))
		return NULL;
	return (size_t)(at - r->path) <= strlen(r->script_name) ? at : NULL;
}

/* "accounts" of "/cgi-bin/accounts.cgi". */
static const char *program_name(struct call *c)
{
	const char *name = strrchr(c->request.script_name, '/');
	size_t n;

	name = name ? name + 1 : c->request.script_name;
	n = strlen(name);
	if (n > 4 && strcmp(name + n - 4, ".cgi") == 0)
		n -= 4;
	return arena_copy(c->arena, name, n);
}

/* PATH_INFO with one slash before it, none at its end and none doubled. */
static const char *tidy_info(struct call *c)
{
	struct buf tidy = buf_make(c->arena, 64 * 1024);
	struct str rest = str_of(c->request.path_info);

	while (rest.p) {
		struct str segment = str_cut(&rest, '/');

		if (segment.n) {
			buf_byte(&tidy, '/');
			buf_add(&tidy, segment.p, segment.n);
		}
	}
	return buf_cstr(&tidy);
}

static const char *resolve(struct call *c, const struct table *t)
{
	const struct request *r = &c->request;
	const char *path = from_prefix(r, "/api/v1");

	if (path)
		return path;
	path = from_prefix(r, "/auth"); /* or the program is called auth */
	if (path && exists(t, path))
		return path;

	const char *info = tidy_info(c);
	const char *name = program_name(c);
	const char *const ways[] = {
		arena_printf(c->arena, "/api/v1%s", info),
		arena_printf(c->arena, "/%s%s", name, info),
		arena_printf(c->arena, "/api/v1/%s%s", name, info),
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		if (exists(t, ways[i]))
			return ways[i];
	}
	return r->path;
}

static const char *const names[] = {
	[METHOD_GET] = "GET",
	[METHOD_HEAD] = "HEAD",
	[METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT",
	[METHOD_PATCH] = "PATCH",
	[METHOD_DELETE] = "DELETE",
	[METHOD_OPTIONS] = "OPTIONS",
};

/* Lists the methods of PATH in the header Allow. */
static void allow(struct call *c, const struct table *t, const char *path)
{
	struct buf list = buf_make(c->arena, 128);
	bool has[COUNT(names)] = { [METHOD_OPTIONS] = true };
	int64_t id = 0;

	for (size_t i = 0; i < t->count; i++) {
		if (match(t->routes[i].path, path, &id))
			has[t->routes[i].method] = true;
	}
	has[METHOD_HEAD] = has[METHOD_GET];
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!has[i])
			continue;
		if (list.n)
			buf_text(&list, ", ");
		buf_text(&list, names[i]);
	}
	response_header(c, "Allow", buf_cstr(&list));
}

enum err route_find(struct call *c, const struct route *routes, size_t count)
{
	const struct table t = { routes, count };
	const char *path = resolve(c, &t);
	enum method method =
	    c->request.method == METHOD_HEAD ? METHOD_GET : c->request.method;

	c->request.call = path;
	if (method == METHOD_UNKNOWN)
		return fail_with(c->app, ERR_METHOD_UNKNOWN);
	for (size_t i = 0; i < count; i++) {
		if ((routes[i].method == method || routes[i].neighbour) &&
		    match(routes[i].path, path, &c->id)) {
			c->route = &routes[i];
			return OK;
		}
	}
	if (!exists(&t, path))
		return fail_with(c->app, ERR_NOT_FOUND);
	allow(c, &t, path);
	if (method == METHOD_OPTIONS)
		return OK;
	return fail_with(c->app, ERR_METHOD_NOT_ALLOWED);
}

bool route_is_page(const struct call *c)
{
	return c->route && (c->route->flags & ROUTE_PAGE) &&
	       !c->request.wants_json;
}

void route_answer_head(struct call *c)
{
	c->response.status = 200;
	c->response.content_type = route_is_page(c)
				       ? "text/html; charset=utf-8"
				       : "application/json; charset=utf-8";
}
