/* params.c - checks and types the parameters of a route. */
#include "web/params.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "web/request.h"
#include "web/route.h"

static void complain(struct call *c, const char *name, const char *detail)
{
	cJSON *row = json_object();

	if (!c->faults)
		c->faults = json_array();
	json_add_text(row, "pointer", arena_printf(c->arena, "/%s", name));
	json_add_text(row, "detail", detail);
	json_push(c->faults, row);
}

enum err params_refuse(struct call *c, const char *name, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	const char *detail = arena_vprintf(c->arena, fmt, args);

	va_end(args);
	complain(c, name, detail);
	return fail(c->app, ERR_INVALID_INPUT, "%s: %s", name, detail);
}

static const char *read_int(
    struct call *c, const struct param *p, const cJSON *item, struct arg *arg)
{
	if (json_int64(item, p->min, p->max, &arg->number))
		return NULL;
	if (p->max == INT64_MAX)
		return arena_printf(
		    c->arena, "must be a whole number from %" PRId64, p->min);
	return arena_printf(c->arena,
	    "must be a whole number from %" PRId64 " to %" PRId64, p->min,
	    p->max);
}

/* Whether the body says that the parameter may be missing or empty. */
static bool may_lack(const struct call *c, const struct param *p)
{
	return p->unless && cJSON_IsTrue(json_get(c->body, p->unless));
}

static const char *read_text(
    struct call *c, const struct param *p, const cJSON *item, struct arg *arg)
{
	if (!cJSON_IsString(item))
		return "must be a string";
	arg->text = item->valuestring;

	int64_t n = (int64_t)strlen(arg->text);

	if (n < p->min && !may_lack(c, p))
		return p->min == 1 ? "must not be empty" : "is too short";
	if (n > p->max)
		return arena_printf(c->arena,
		    "must not be longer than %" PRId64 " bytes", p->max);
	return NULL;
}

static const char *among(struct call *c, const struct param *p)
{
	struct buf list = buf_make(c->arena, 1024);

	buf_text(&list, "must be one of");
	for (size_t i = 0; p->words[i]; i++)
		buf_printf(&list, "%s %s", i ? "," : "", p->words[i]);
	return buf_cstr(&list);
}

static const char *read_word(
    struct call *c, const struct param *p, const cJSON *item, const char **word)
{
	for (size_t i = 0; cJSON_IsString(item) && p->words[i]; i++) {
		if (strcmp(item->valuestring, p->words[i]) == 0) {
			*word = p->words[i];
			return NULL;
		}
	}
	return among(c, p);
}

static const char *read_words(
    struct call *c, const struct param *p, const cJSON *item, struct arg *arg)
{
	const cJSON *element;
	size_t n = 0;

	if (!cJSON_IsArray(item))
		return "must be an array of strings";
	if (cJSON_GetArraySize(item) < p->min)
		return "must not be empty";
	arg->list = arena_array(
	    c->arena, (size_t)cJSON_GetArraySize(item) + 1, sizeof(*arg->list));
	cJSON_ArrayForEach (element, item) {
		const char *wrong = read_word(c, p, element, &arg->list[n++]);

		if (wrong)
			return wrong;
	}
	return NULL;
}

static const char *read_time(struct call *c, const cJSON *item, struct arg *arg)
{
	if (!cJSON_IsString(item))
		return "must be a string such as 2026-01-31T09:00:00+01:00";

	struct str text = str_of(item->valuestring);

	return clock_parse_rfc3339(text, &arg->number)
		   ? NULL
		   : clock_fault(c->arena, text);
}

static const char *read_ids(
    struct call *c, const struct param *p, const cJSON *item, struct arg *arg)
{
	int64_t count = cJSON_IsArray(item) ? cJSON_GetArraySize(item) : 0;
	const cJSON *element;
	size_t n = 0;

	if (count < 1 || count > p->max)
		return arena_printf(c->arena,
		    "must be an array of 1 to %" PRId64 " ids", p->max);
	arg->ids = arena_array(c->arena, (size_t)count + 1, sizeof(*arg->ids));
	cJSON_ArrayForEach (element, item) {
		if (!json_int64(element, 1, INT64_MAX, &arg->ids[n++]))
			return "must have whole numbers from 1";
	}
	return NULL;
}

static const char *read_item(
    struct call *c, const struct param *p, const cJSON *item, struct arg *arg)
{
	switch (p->kind) {
	case KIND_INT:
		return read_int(c, p, item, arg);
	case KIND_TEXT:
		return read_text(c, p, item, arg);
	case KIND_BOOL:
		arg->truth = cJSON_IsTrue(item);
		return cJSON_IsBool(item) ? NULL : "must be true or false";
	case KIND_TIME:
		return read_time(c, item, arg);
	case KIND_IDS:
		return read_ids(c, p, item, arg);
	case KIND_WORD:
		return read_word(c, p, item, &arg->text);
	case KIND_WORDS:
		return read_words(c, p, item, arg);
	}
	return NULL;
}

/* The parameter as a JSON value, from whichever source; NULL if absent or
 * null. */
static cJSON *find(
    struct call *c, const struct param *p, const cJSON *body, struct arg *arg)
{
	cJSON *item = p->from == QUERY ? NULL : json_get(body, p->name);
	int times = 0;

	arg->null = cJSON_IsNull(item);
	if (item)
		return arg->null ? NULL : item;
	if (p->from == BODY)
		return NULL;

	const char *text = request_query(c, p->name, &times);

	if (times < 0)
		complain(c, p->name, "is not properly encoded");
	if (times > 1)
		complain(c, p->name, "was given more than once");
	return text ? cJSON_CreateString(text) : NULL;
}

enum err params_read(struct call *c, const cJSON *body)
{
	const struct route *route = c->route;

	c->body = body;
	c->args = arena_array(c->arena, route->count + 1, sizeof(*c->args));
	for (size_t i = 0; i < route->count; i++) {
		const struct param *p = &route->params[i];
		const cJSON *item = find(c, p, body, &c->args[i]);
		const char *wrong = NULL;

		c->args[i].given = item != NULL;
		if (item)
			wrong = read_item(c, p, item, &c->args[i]);
		else if (p->required || (p->unless && !may_lack(c, p)))
			wrong = "is missing";
		if (wrong)
			complain(c, p->name, wrong);
	}
	if (!c->faults)
		return OK;

	const cJSON *first = c->faults->child;

	return fail(c->app, ERR_INVALID_INPUT, "%s: %s",
	    json_text(first, "pointer") + 1, json_text(first, "detail"));
}

/* ---- unknown members ----------------------------------------------------- */

enum { NAME_MAX_BYTES = 32 };

/* How many letters must be inserted, deleted, replaced or swapped with their
 * neighbour to turn A into B ("optimal string alignment" distance);
 * NAME_MAX_BYTES if either is longer than that. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][NAME_MAX_BYTES + 1];
	size_t n = strlen(b);

	if (strlen(a) > NAME_MAX_BYTES || n > NAME_MAX_BYTES)
		return NAME_MAX_BYTES;
	for (size_t j = 0; j <= n; j++)
		rows[0][j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t *now = rows[i % 3], *last = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t cost = last[j - 1] + (a[i - 1] != b[j - 1]);

			cost = last[j] + 1 < cost ? last[j] + 1 : cost;
			cost = now[j - 1] + 1 < cost ? now[j - 1] + 1 : cost;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < cost)
				cost = before[j - 2] + 1;
			now[j] = cost;
		}
	}
	return rows[strlen(a) % 3][n];
}

/* The parameter that NAME may be a misspelling of; NULL: none is close. */
static const struct param *nearest(const struct route *route, const char *name)
{
	const struct param *found = NULL;
	size_t least = strlen(name) / 3 + 1;

	for (size_t i = 0; i < route->count; i++) {
		size_t d = distance(name, route->params[i].name);

		if (d <= least) {
			least = d;
			found = &route->params[i];
		}
	}
	return found;
}

/* RFC 6901 */
static const char *pointer_to(struct arena *a, const char *name)
{
	struct buf out = buf_make(a, 2 * strlen(name) + 2);

	buf_byte(&out, '/');
	for (const char *p = name; *p; p++) {
		if (*p == '~' || *p == '/')
			buf_text(&out, *p == '~' ? "~0" : "~1");
		else
			buf_byte(&out, *p);
	}
	return buf_cstr(&out);
}

static bool is_known(const struct route *route, const char *name)
{
	for (size_t i = 0; i < route->count; i++) {
		if (route->params[i].from != QUERY &&
		    strcmp(route->params[i].name, name) == 0)
			return true;
	}
	return false;
}

static const char *unknown_words(struct call *c, const char *name)
{
	const struct param *near = nearest(c->route, name);

	if (!near)
		return "this member is unknown and was ignored";
	return arena_printf(c->arena,
	    "this member is unknown and was ignored; did you mean %s%s?",
	    near->name, near->from == QUERY ? " in the query" : "");
}

void params_warn(struct call *c, cJSON *warnings)
{
	const cJSON *member;

	cJSON_ArrayForEach (member, c->body) {
		cJSON *json;

		if (is_known(c->route, member->string))
			continue;
		json = json_object();
		json_add_text(json, "code", "unknown_member");
		json_add_text(json, "detail", unknown_words(c, member->string));
		json_add_text(
		    json, "pointer", pointer_to(c->arena, member->string));
		json_push(warnings, json);
	}
}
