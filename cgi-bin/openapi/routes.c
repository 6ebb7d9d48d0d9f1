/*
 * routes.c - prints a program's tables as JSON, for the API's description.
 *
 * While building, each program of cgi-bin is linked a second time, with this
 * in place of web/cgi. So the description says what the tables say, and the
 * programs that are served know nothing of it.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/json.h"
#include "web/cgi.h"
#include "web/openapi.h"

enum { MEMORY_MAX = 16 * 1024 * 1024 };

/* What health would serve; there is none yet. */
const unsigned char openapi_json[1] = { 0 };

static const char *const methods[] = {
	[METHOD_GET] = "get",
	[METHOD_POST] = "post",
	[METHOD_PUT] = "put",
	[METHOD_PATCH] = "patch",
	[METHOD_DELETE] = "delete",
};

/* "type": one word, or several (NULL: none) in an array. */
static void add_type(
    cJSON *schema, const char *type, const char *other, bool nullable)
{
	if (!other && !nullable) {
		json_add_text(schema, "type", type);
		return;
	}

	cJSON *types = json_add(schema, "type", json_array());

	json_push(types, cJSON_CreateString(type));
	if (other)
		json_push(types, cJSON_CreateString(other));
	if (nullable)
		json_push(types, cJSON_CreateString("null"));
}

static void add_words(cJSON *schema, const char *const *words, bool nullable)
{
	cJSON *list = json_add(schema, "enum", json_array());

	for (; *words; words++)
		json_push(list, cJSON_CreateString(*words));
	if (nullable)
		json_push(list, cJSON_CreateNull());
}

/* A number; in a body it may also be a string of digits. */
static void describe_number(
    cJSON *schema, const struct param *p, bool body, bool nullable)
{
	add_type(schema, "integer", body ? "string" : NULL, nullable);
	json_add_text(schema, "format", "int64");
	json_add_int(schema, "minimum", p->min);
	if (p->max != INT64_MAX)
		json_add_int(schema, "maximum", p->max);
	if (body)
		json_add_text(schema, "pattern", "^[0-9]+$");
}

static void describe_ids(cJSON *schema, const struct param *p, bool nullable)
{
	const struct param one = { .min = 1, .max = INT64_MAX };

	add_type(schema, "array", NULL, nullable);
	json_add_int(schema, "minItems", p->min);
	json_add_int(schema, "maxItems", p->max);
	describe_number(
	    json_add(schema, "items", json_object()), &one, true, false);
}

/* The JSON Schema of a parameter. null in a body counts as not given. */
static cJSON *describe(const struct param *p, bool body)
{
	bool nullable = body && !p->required;
	cJSON *schema = json_object();
	cJSON *items;

	switch (p->kind) {
	case KIND_INT:
		describe_number(schema, p, body, nullable);
		break;
	case KIND_TEXT:
		add_type(schema, "string", NULL, nullable);
		json_add_int(schema, "minLength", p->unless ? 0 : p->min);
		json_add_int(schema, "maxLength", p->max);
		break;
	case KIND_BOOL:
		add_type(schema, "boolean", NULL, nullable);
		break;
	case KIND_TIME:
		add_type(schema, "string", NULL, nullable);
		json_add_text(schema, "format", "date-time");
		break;
	case KIND_WORD:
		add_type(schema, "string", NULL, nullable);
		add_words(schema, p->words, nullable);
		break;
	case KIND_WORDS:
		add_type(schema, "array", NULL, nullable);
		if (p->min)
			json_add_int(schema, "minItems", p->min);
		items = json_add(schema, "items", json_object());
		add_type(items, "string", NULL, false);
		add_words(items, p->words, false);
		break;
	case KIND_IDS:
		describe_ids(schema, p, nullable);
		break;
	}
	return schema;
}

/* The parameters that may come IN there ("query" or "body"). */
static cJSON *list_params(const struct route *route, const char *in)
{
	bool body = in[0] == 'b';
	cJSON *list = json_array();

	for (size_t i = 0; i < route->count; i++) {
		const struct param *p = &route->params[i];

		if (p->from != EITHER && (p->from == BODY) != body)
			continue;

		cJSON *json = json_object();

		json_add_text(json, "name", p->name);
		json_add_bool(json, "required", p->required);
		if (p->unless)
			json_add_text(json, "unless", p->unless);
		json_add(json, "schema", describe(p, body));
		json_push(list, json);
	}
	return list;
}

static cJSON *route_json(const struct route *route)
{
	bool get = route->method == METHOD_GET;
	cJSON *json = json_object();

	json_add_text(json, "path", route->path);
	json_add_text(json, "method", methods[route->method]);
	json_add_bool(json, "open", route->scopes == SCOPE_OPEN);
	json_add(json, "scopes", scopes_json(route->scopes));
	json_add_bool(json, "page", route->flags & ROUTE_PAGE);
	json_add_bool(json, "once", route->flags & ROUTE_ONCE);
	json_add_bool(json, "form", route->flags & ROUTE_FORM);
	json_add_bool(json, "tagged", route->flags & ROUTE_TAGGED);
	json_add_bool(json, "claim", route->flags & ROUTE_CLAIM);
	json_add(json, "query", list_params(route, "query"));
	json_add(json, "body", get ? json_array() : list_params(route, "body"));
	return json;
}

int cgi_main(const struct route *routes, size_t count)
{
	SCOPED(arena) arena = arena_make(MEMORY_MAX);
	cJSON *list;

	json_arena(&arena);
	list = json_array();
	for (size_t i = 0; i < count; i++)
		if (!routes[i].neighbour) /* who answers it tells of it */
			json_push(list, route_json(&routes[i]));
	puts(json_print(list));
	return EX_OK;
}
