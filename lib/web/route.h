/* route.h - which handler answers which method and path. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web/call.h"
#include "web/params.h"

/* Answers a request by c->response, or gives what went wrong. */
typedef enum err handler_fn(struct call *c);

enum {
	ROUTE_KEYED = 0,
	ROUTE_OPEN = 1,  /* no API key */
	ROUTE_PAGE = 2,  /* errors are HTML */
	ROUTE_ONCE = 4,  /* heeds Idempotency-Key; works on the database only */
	ROUTE_CLAIM = 8, /* heeds Idempotency-Key; calls X */
	ROUTE_FORM = 16, /* takes a form of HTML for a body, too */
	ROUTE_ACTS = 32, /* its GET changes something: HEAD does not run it */
	ROUTE_TAGGED = 64, /* has an ETag: see tag.h */
};

struct route {
	enum method method;
	const char *path; /* {id} stands for a number from 1 */
	handler_fn *run;
	const struct param *params;
	size_t count;
	unsigned flags;
	const char *neighbour; /* the program that answers; run is NULL */
};

/* clang-format off */
#define ROUTE_FLAGS(m, path, run, params, flags)                               \
	{ METHOD_##m, path, run, params, COUNT(params), flags, NULL }
#define ROUTE_BARE_FLAGS(m, path, run, flags)                                  \
	{ METHOD_##m, path, run, NULL, 0, flags, NULL }
/* A path that a program in the same folder answers, for servers that cannot
 * send it there: to them /tweets is a file, and what follows its PATH_INFO. */
#define ROUTE_NEIGHBOUR(path, neighbour)                                       \
	{ METHOD_OTHER, path, NULL, NULL, 0, ROUTE_OPEN, neighbour }
/* clang-format on */

#define ROUTE(m, path, run, params) \
	ROUTE_FLAGS(m, path, run, params, ROUTE_KEYED)
#define ROUTE_BARE(m, path, run) ROUTE_BARE_FLAGS(m, path, run, ROUTE_KEYED)

/* Whether answers to this call are HTML: its route is a page, and the caller
 * did not ask for JSON. */
bool route_is_page(const struct call *c);

/* Answers HEAD where GET would change something, without running the route: 200
 * with GET's type, and no length, which only running it would tell. */
void route_answer_head(struct call *c);

/* Finds the route of c->request, sets c->route and c->id. ERR_NOT_FOUND,
 * ERR_METHOD_NOT_ALLOWED (with Allow in the response), ERR_METHOD_UNKNOWN.
 * For OPTIONS on a path that exists: OK, and c->route is NULL. A neighbour's
 * path is found whatever the method. */
enum err route_find(struct call *c, const struct route *routes, size_t count)
    MUST_CHECK;

#endif
