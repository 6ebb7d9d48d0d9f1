/* request.c - whatever variables a server sets, the request is refused with a
 * whole reply, or it has one path, one route and one length. */
#include "fuzz/environment.h"

#include "app/apikey.h"
#include "base/utf8.h"
#include "web/error.h"
#include "web/page.h"
#include "web/request.h"
#include "web/route.h"

/* clang-format off */
#define HERE(method, path, flags) \
	ROUTE_BARE_FLAGS(SCOPE_READ, method, path, NULL, flags)
/* clang-format on */

static const struct route routes[] = {
	HERE(GET, "/api/v1/tweets", ROUTE_TAGGED),
	HERE(GET, "/api/v1/tweets/{id}", 0),
	HERE(PATCH, "/api/v1/tweets/{id}", 0),
	HERE(POST, "/api/v1/tweets/{id}/resolve", ROUTE_ONCE),
	HERE(GET, "/api/v1/auth/callback", ROUTE_ACTS),
	HERE(GET, "/auth/callback", ROUTE_PAGE | ROUTE_ACTS),
	HERE(POST, "/api/v1/setup", ROUTE_PAGE | ROUTE_FORM),
	ROUTE_NEIGHBOUR("/api/v1/tweet/post/{id}", "publish"),
};

static void check_path(const char *path)
{
	struct str rest = str_of(path);

	assert(utf8_valid(path, strlen(path)) && !strstr(path, "//"));
	while (rest.p) {
		struct str segment = str_cut(&rest, '/');

		assert(!str_eq(segment, ".") && !str_eq(segment, ".."));
	}
	for (const char *p = path; *p; p++)
		assert((unsigned char)*p >= ' ' && *p != 0x7F);
}

static void check_read(struct call *c)
{
	const struct request *r = &c->request;
	const char *key = request_key(c);
	const char *home = page_home(c);

	check_path(r->path);
	assert(r->length >= 0 && r->unread == r->length);
	assert(!r->length_given || !r->length_bad);
	assert(!key || apikey_plausible(str_of(key)));
	assert(home[0] == '.' && home[strspn(home, "./")] == '\0');
	assert(page_home_depth(c) >= 0);
}

/* The call that was found is the same call when it is asked for plainly. */
static void check_route(const struct call *c)
{
	struct app app = { 0 };
	struct call again = { .app = &app, .arena = c->arena };

	assert(!strstr(c->route->path, "{id}") == (c->id == 0));
	again.request = c->request;
	again.request.path = again.request.script_name = c->request.call;
	again.request.path_info = "";
	assert(route_find(&again, routes, COUNT(routes)) == OK);
	assert(again.route == c->route && again.id == c->id);
}

static void check_reply(struct call *c, enum err err)
{
	const struct response *r = &c->response;
	const char *why = NULL;

	response_error(c, err);
	assert(r->status == err_status(err) && r->n == strlen(r->body));
	assert(utf8_valid(r->body, r->n));
	for (size_t i = 0; i < r->count; i++)
		assert(!strpbrk(r->headers[i].value, "\r\n"));
	if (!route_is_page(c))
		assert(cJSON_IsObject(json_parse(r->body, r->n, &why)));
}

static void run(struct call *c)
{
	enum err err = request_read(c);

	if (err == OK) {
		check_read(c);
		err = route_find(c, routes, COUNT(routes));
		assert(c->request.call);
	}
	if (err == OK && c->route)
		check_route(c);
	check_reply(c, err == OK ? ERR_INTERNAL : err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	struct app app = { .arena = &a };
	struct call c = { .app = &app, .arena = &a };
	char *list[VARIABLES_MOST + 1];

	json_arena(&a);

	char *text = arena_copy(&a, (const char *)data, size);
	char **before = environment_set(text, list);
	const char *id = request_given_id();

	assert(!id || !strpbrk(id, " \r\n\"<"));
	run(&c);
	environ = before;
	return 0;
}
