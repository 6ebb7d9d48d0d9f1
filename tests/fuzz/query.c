/* query.c - a query and a body, JSON or a form, are typed as the route's table
 * says, or every fault is named. */
#include "fuzz/environment.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "web/error.h"
#include "web/request.h"
#include "web/route.h"

enum { TEXT_MOST = 280, IDS_MOST = 3, LIMIT_MOST = 50, BODY_MOST = 32 * 1024 };

static const char *const words[] = { "pending", "posted", "failed", NULL };

static const struct param params[] = {
	INT_IN(EITHER, "id", OPTIONAL, 1, INT64_MAX),
	INT_IN(QUERY, "limit", OPTIONAL, 1, LIMIT_MOST),
	TEXT_IN(EITHER, "text", REQUIRED, 1, TEXT_MOST),
	BOOL_IN(BODY, "draft", OPTIONAL),
	TIME_IN(EITHER, "at", OPTIONAL),
	WORD_IN(QUERY, "status", OPTIONAL, words),
	WORDS_IN(BODY, "statuses", OPTIONAL, words),
	SOME_WORDS_IN(BODY, "some", OPTIONAL, words),
	IDS_IN(BODY, "ids", OPTIONAL, IDS_MOST),
	TEXT_UNLESS("title", "draft", TEXT_MOST),
};

static const struct route routes[] = {
	ROUTE_FLAGS(
	    SCOPE_WRITE, POST, "/api/v1/tweet", NULL, params, ROUTE_FORM),
};

/* The N bytes at P become our standard input. */
static void feed(const uint8_t *p, size_t n)
{
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], p, n) != (ssize_t)n ||
	    dup2(ends[0], STDIN_FILENO) < 0)
		abort();
	close(ends[0]);
	close(ends[1]);
}

static bool is_listed(const char *word)
{
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

static void check_arg(const struct param *p, const struct arg *arg)
{
	switch (p->kind) {
	case KIND_INT:
		assert(arg->number >= p->min && arg->number <= p->max);
		break;
	case KIND_TEXT:
		assert((int64_t)strlen(arg->text) <= p->max);
		assert(utf8_valid(arg->text, strlen(arg->text)));
		break;
	case KIND_BOOL:
	case KIND_TIME:
		break;
	case KIND_WORD:
		assert(is_listed(arg->text));
		break;
	case KIND_WORDS:
		assert(arg->list[0] || p->min == 0);
		for (size_t i = 0; arg->list[i]; i++)
			assert(is_listed(arg->list[i]));
		break;
	case KIND_IDS:
		assert(arg->ids[0]);
		for (size_t i = 0; arg->ids[i]; i++)
			assert(arg->ids[i] > 0 && i < IDS_MOST);
		break;
	}
}

/* The fields of a form are what they are in a query. */
static void check_form(struct call *c, const cJSON *form, const char *text)
{
	const char *query = c->request.query;
	const cJSON *field;

	c->request.query = text;
	cJSON_ArrayForEach (field, form) {
		int times = 0;
		const char *value = request_query(c, field->string, &times);

		assert(times == 1 && cJSON_IsString(field));
		assert(strcmp(value ? value : "", field->valuestring) == 0);
	}
	c->request.query = query;
}

static void check_query(struct call *c)
{
	struct buf kept = buf_make(c->arena, FUZZ_MEMORY / 4);

	for (size_t i = 0; i < COUNT(params); i++) {
		int times = 0;
		const char *value = request_query(c, params[i].name, &times);

		assert(times >= -1 && (times > 0 || !value));
		assert(
		    !value || (value[0] && utf8_valid(value, strlen(value))));
	}
	request_add_query(&kept, c);

	struct str rest = str_of(buf_cstr(&kept));

	while (rest.p) {
		struct str parameter = str_cut(&rest, '&');

		assert(!str_eq(str_cut(&parameter, '='), "api_key"));
	}
}

static void check_faults(struct call *c)
{
	const cJSON *fault;
	const char *why = NULL;

	cJSON_ArrayForEach (fault, c->faults)
		assert(json_text(fault, "pointer")[0] == '/' &&
		       json_text(fault, "detail")[0]);
	response_error(c, ERR_INVALID_INPUT);
	assert(json_parse(c->response.body, c->response.n, &why));
}

static void run(struct call *c, const char *text)
{
	cJSON *body = NULL;
	cJSON *warnings = json_array();

	assert(request_read(c) == OK);
	assert(route_find(c, routes, COUNT(routes)) == OK);
	check_query(c);
	if (request_body(c, &body) == OK) {
		assert(!body == (c->request.length == 0));
		assert(!body || cJSON_IsObject(body));
		if (strchr(c->request.content_type, 'w')) /* a form's type */
			check_form(c, body, text);
		if (params_read(c, body) != OK)
			check_faults(c);
		for (size_t i = 0; !c->faults && i < COUNT(params); i++) {
			if (c->args[i].given)
				check_arg(&params[i], &c->args[i]);
		}
		params_warn(c, warnings);
	}
	request_drain(c);
	assert(c->request.unread == 0);
}

/* The input's first byte says what the body is, its first line is the query. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	struct app app = { .arena = &a };
	struct call c = { .app = &app, .arena = &a };
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	char *list[VARIABLES_MOST + 1];

	if (!end || end == data || size > BODY_MOST)
		return 0;

	size_t line = (size_t)(end - data);
	size_t n = size - line - 1;
	const char *type = data[0] == 'f' ? "application/x-www-form-urlencoded"
					  : "application/json";

	json_arena(&a);
	feed(end + 1, n);

	char **before = environment_set(
	    arena_printf(&a,
		"REQUEST_METHOD=POST\nSCRIPT_NAME=/api/v1/tweet\n"
		"CONTENT_TYPE=%s\nCONTENT_LENGTH=%zu\nQUERY_STRING=%.*s",
		type, n, (int)line - 1, (const char *)data + 1),
	    list);

	c.started_ms = clock_mono_ms();
	run(&c, arena_copy(&a, (const char *)end + 1, n));
	environ = before;
	return 0;
}
