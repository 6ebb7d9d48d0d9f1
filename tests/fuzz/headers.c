/* headers.c - keys, cookies, Idempotency-Key and If-None-Match: what a header
 * says is taken as it is or not at all; a request sent again runs once, and
 * only who has a reply is told that it is the same. */
#include "fuzz/environment.h"
#include "fuzz/store.h"

#include "host/setup.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"
#include "web/tag.h"

static int runs;

static enum err answer(struct call *c)
{
	runs++;
	response_text(c, 200, "{\"a\":1}");
	return OK;
}

enum { ONCE, TAGGED };
static const struct route routes[] = {
	[ONCE] = ROUTE_BARE_FLAGS(
	    SCOPE_WRITE, POST, "/api/v1/tweet", answer, ROUTE_ONCE),
	[TAGGED] = ROUTE_BARE_FLAGS(
	    SCOPE_READ, GET, "/api/v1/tweets", answer, ROUTE_TAGGED),
};

static struct str value_of(const char *name)
{
	return str_trim(str_of(env_process(name)));
}

static const char *sent(const struct call *c, const char *name)
{
	for (size_t i = 0; i < c->response.count; i++) {
		if (strcmp(c->response.headers[i].name, name) == 0)
			return c->response.headers[i].value;
	}
	return NULL;
}

static enum err ask(struct app *app, int route, int64_t id, struct call *c)
{
	*c = (struct call){ .app = app,
		.arena = app->arena,
		.route = &routes[route],
		.id = id };
	if (request_read(c) != OK)
		return ERR_BAD_REQUEST;
	return tag_run(c);
}

static void check_keys(struct app *app)
{
	struct call c = { .app = app, .arena = app->arena };

	if (request_read(&c) != OK)
		return;

	const char *key = request_key(&c);
	const char *ticket =
	    request_cookie(&c, "twitter_manager_setup", setup_is_ticket);

	if (value_of("HTTP_X_API_KEY").n && key)
		assert(str_eq(value_of("HTTP_X_API_KEY"), key));
	assert(!ticket || (setup_is_ticket(ticket) &&
			      strstr(env_process("HTTP_COOKIE"), ticket)));
}

static void check_once(struct app *app)
{
	struct call c, again, other;
	enum err err;

	runs = 0;
	err = ask(app, ONCE, 1, &c);
	if (err == ERR_BAD_REQUEST)
		return;
	if (err != OK) {
		assert(err == ERR_IDEMPOTENCY_KEY && runs == 0);
		return;
	}
	assert(runs == 1 && c.response.status == 200);
	assert(ask(app, ONCE, 1, &again) == OK);
	if (!env_process("HTTP_IDEMPOTENCY_KEY")) {
		assert(runs == 2);
		return;
	}
	assert(runs == 1 && sent(&again, "Idempotent-Replayed"));
	assert(strcmp(c.response.body, again.response.body) == 0);
	assert(ask(app, ONCE, 2, &other) == ERR_IDEMPOTENCY_MISMATCH);
	assert(runs == 1);
}

static void check_tag(struct app *app, const char *tag)
{
	struct str header = value_of("HTTP_IF_NONE_MATCH");
	const char *text = env_process("HTTP_IF_NONE_MATCH");
	struct call c;

	if (ask(app, TAGGED, 0, &c) != OK)
		return;
	if (c.response.status == 304) {
		const char *same = sent(&c, "ETag");

		assert(!c.response.body);
		assert(str_eq(header, "*") || (same && strstr(text, same + 2)));
	} else {
		assert(c.response.status == 200 && c.response.body);
		assert(!str_eq(header, tag) && !str_eq(header, "*"));
	}
}

/* The reply's tag: what it depends on is the same for all inputs. */
static const char *find_tag(struct app *app)
{
	char *list[VARIABLES_MOST + 1];
	char **before =
	    environment_set(arena_text(app->arena, "REQUEST_METHOD=GET"), list);
	struct call c;

	assert(ask(app, TAGGED, 0, &c) == OK);
	environ = before;
	return sent(&c, "ETag");
}

/* TEXT with each @ replaced by a tag. */
static char *with_tags(struct arena *a, const char *text, const char *tag)
{
	struct buf out = buf_make(a, FUZZ_MEMORY / 4);

	for (; *text; text++) {
		if (*text == '@')
			buf_text(&out, tag);
		else
			buf_byte(&out, *text);
	}
	return arena_text(a, buf_cstr(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena kept;
	static struct app app;
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	SCOPED(db_tx) tx = { 0 };
	char *list[VARIABLES_MOST + 1];

	if (!app.db.handle) {
		kept = arena_make(FUZZ_MEMORY);
		json_arena(&kept);
		store_open(&app, &kept);
	}
	json_arena(&a);
	app.arena = app.db.arena = &a;

	const char *tag = find_tag(&app);
	char *text = arena_copy(&a, (const char *)data, size);

	assert(tag && db_begin(&tx, &app.db) == OK);

	char **before = environment_set(with_tags(&a, text, tag), list);

	check_keys(&app);
	check_tag(&app, tag);
	check_once(&app);
	environ = before;
	return 0;
}
