/* route.h - finds the handler for a method and a path. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "app/scope.h"
#include "web/call.h"
#include "web/params.h"

/* Answers a request in c->response, or gives an error. */
typedef enum err handler_fn(struct call *c);

enum {
	ROUTE_PAGE = 1,    /* errors are HTML */
	ROUTE_ONCE = 2,    /* accepts Idempotency-Key; uses the database only */
	ROUTE_CLAIM = 4,   /* accepts Idempotency-Key; calls X */
	ROUTE_FORM = 8,    /* also accepts an HTML form as body */
	ROUTE_ACTS = 16,   /* GET changes something: HEAD does not run it */
	ROUTE_TAGGED = 32, /* has an ETag: see tag.h */
};

struct route {
	unsigned scopes; /* the key needs one of them, see scope.h */
	enum method method;
	const char *path; /* {id} stands for a number from 1 */
	handler_fn *run;
	const struct param *params;
	size_t count;
	unsigned flags;
	const char *neighbour; /* the program that answers; then run is NULL */
};

/* clang-format off */
#define ROUTE_FLAGS(scopes, m, path, run, params, flags)                       \
	{ scopes, METHOD_##m, path, run, params, COUNT(params), flags, NULL }
#define ROUTE_BARE_FLAGS(scopes, m, path, run, flags)                          \
	{ scopes, METHOD_##m, path, run, NULL, 0, flags, NULL }
/* A path that another program in the same folder answers, for servers that
 * cannot route it there: they see /tweets as a file and the rest as
 * PATH_INFO. */
#define ROUTE_NEIGHBOUR(path, neighbour)                                       \
	{ SCOPE_OPEN, METHOD_OTHER, path, NULL, NULL, 0, 0, neighbour }
/* clang-format on */

#define ROUTE(scopes, m, path, run, params) \
	ROUTE_FLAGS(scopes, m, path, run, params, 0)
#define ROUTE_BARE(scopes, m, path, run) \
	ROUTE_BARE_FLAGS(scopes, m, path, run, 0)

/* Whether this call is answered in HTML: its route is a page and the caller did
 * not ask for JSON. */
bool route_is_page(const struct call *c);

/* Answers HEAD on a route whose GET changes something, without running it: 200
 * with GET's type, but without a length, which only running it would give. */
void route_answer_head(struct call *c);

/* Finds the route of c->request, sets c->route and c->id. ERR_NOT_FOUND,
 * ERR_METHOD_NOT_ALLOWED (with Allow in the response), ERR_METHOD_UNKNOWN. For
 * OPTIONS on a path that exists: OK, and c->route is NULL. A neighbour's path
 * matches with any method. */
enum err route_find(struct call *c, const struct route *routes, size_t count)
    MUST_CHECK;

#endif
