/*
 * join.c - the API's description (OpenAPI 3.1): what the programs' tables say,
 * joined with what is written by hand in openapi.json.
 *
 *     join openapi.json <tables >description
 *
 * The tables come from routes.c, a line a program. By hand are written: what a
 * call is for ("summary", "tags", …), what it answers when all is well, words
 * on its parameters, and by "errors" which codes it may end with besides those
 * that its row in the table implies. What is in one and not in the other is
 * complained of, and a test fails on it; the build goes on.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "base/version.h"
#include "responses.h"
#include "states.h"

enum { MEMORY_MAX = 64 * 1024 * 1024, FILE_MAX = 4 * 1024 * 1024 };

static cJSON *parse(struct str text, const char *name)
{
	const char *why = NULL;
	cJSON *json = json_parse(text.p, text.n, &why);

	if (!json)
		die("%s: %s", name, why);
	return json;
}

static cJSON *read_hand(struct arena *a, const char *path)
{
	struct str text;

	if (!file_read(a, path, FILE_MAX, &text))
		die("%s cannot be read", path);
	return parse(text, path);
}

/* All routes of all programs. */
static cJSON *read_tables(struct arena *a)
{
	struct buf in = buf_make(a, FILE_MAX);
	cJSON *all = json_array();
	char part[4096];
	ssize_t n;

	while ((n = read(STDIN_FILENO, part, sizeof(part))) > 0)
		buf_add(&in, part, (size_t)n);

	struct str rest = str_of(buf_cstr(&in));

	while (rest.p) {
		struct str line = str_cut(&rest, '\n');
		cJSON *list = line.n ? parse(line, "a table") : NULL;

		while (list && list->child)
			json_push(
			    all, cJSON_DetachItemViaPointer(list, list->child));
	}
	return all;
}

/* Puts NAME of the object FROM, if it is there, into TO. */
static void hand_on(cJSON *to, const cJSON *from, const char *name)
{
	const cJSON *item = json_get(from, name);

	if (item)
		json_add(to, name, cJSON_Duplicate(item, true));
}

/* ---- what a call takes --------------------------------------------------- */

static cJSON *parameter(const cJSON *param, const char *in, const cJSON *hand)
{
	const cJSON *words = json_get(hand, json_text(param, "name"));
	cJSON *json = json_object();

	hand_on(json, param, "name");
	json_add_text(json, "in", in);
	hand_on(json, words, "description");
	if (cJSON_IsTrue(json_get(param, "required")))
		json_add_bool(json, "required", true);
	hand_on(json, param, "schema");
	hand_on(json, words, "example");
	return json;
}

static cJSON *path_id(const cJSON *hand)
{
	cJSON *json = json_object();
	cJSON *schema = json_object();

	json_add_text(schema, "type", "integer");
	json_add_text(schema, "format", "int64");
	json_add_int(schema, "minimum", 1);
	json_add_text(json, "name", "id");
	json_add_bool(json, "required", true);
	json_add(json, "schema", schema);
	return parameter(json, "path", hand);
}

static void add_parameters(cJSON *op, const cJSON *route, const cJSON *hand)
{
	cJSON *list = json_array();
	const cJSON *param;

	if (strstr(json_text(route, "path"), "{id}"))
		json_push(list, path_id(hand));
	cJSON_ArrayForEach (param, json_get(route, "query"))
		json_push(list, parameter(param, "query", hand));
	if (route_is(route, "once") || route_is(route, "claim")) {
		cJSON *key = json_object();

		json_add_text(
		    key, "$ref", "#/components/parameters/IdempotencyKey");
		json_push(list, key);
	}
	if (route_is(route, "tagged")) {
		cJSON *tag = json_object();

		json_add_text(
		    tag, "$ref", "#/components/parameters/IfNoneMatch");
		json_push(list, tag);
	}
	if (list->child)
		json_add(op, "parameters", list);
}

/* One member of a body: its schema with the words on it. */
static cJSON *member(const cJSON *param, const cJSON *words)
{
	cJSON *schema = cJSON_Duplicate(json_get(param, "schema"), true);

	hand_on(schema, words, "description");
	return schema;
}

/* Asks for one of two members. */
static cJSON *either(const char *one, const char *other)
{
	const char *const names[] = { one, other };
	cJSON *ways = json_array();

	for (size_t i = 0; i < COUNT(names); i++) {
		cJSON *way = json_object();

		json_push(json_add(way, "required", json_array()),
		    cJSON_CreateString(names[i]));
		json_push(ways, way);
	}
	return ways;
}

static void add_body(cJSON *op, const cJSON *route, const cJSON *hand)
{
	cJSON *properties = json_object();
	cJSON *required = json_array();
	cJSON *example = json_object();
	cJSON *ways = NULL;
	const cJSON *param;

	cJSON_ArrayForEach (param, json_get(route, "body")) {
		const char *name = json_text(param, "name");
		const cJSON *words = json_get(hand, name);
		const cJSON *value = json_get(words, "example");

		json_add(properties, name, member(param, words));
		if (value)
			json_add(example, name, cJSON_Duplicate(value, true));
		if (cJSON_IsTrue(json_get(param, "required")))
			json_push(required, cJSON_CreateString(name));
		if (json_text(param, "unless"))
			ways = either(name, json_text(param, "unless"));
	}
	if (!properties->child)
		return;

	cJSON *body = json_add(op, "requestBody", json_object());
	cJSON *content = json_object();
	cJSON *schema = json_object();
	cJSON *media = json_add(body, "content", json_object());

	json_add_bool(body, "required", required->child != NULL);
	json_add_text(schema, "type", "object");
	json_add(schema, "required", required);
	if (ways)
		json_add(schema, "anyOf", ways);
	json_add(schema, "properties", properties);
	json_add_bool(schema, "additionalProperties", true);
	json_add(content, "schema", schema);
	json_add(content, "example", example);
	if (route_is(route, "form"))
		json_add(media, "application/x-www-form-urlencoded",
		    cJSON_Duplicate(content, true));
	json_add(media, "application/json", content);
}

/* ---- calls --------------------------------------------------------------- */

/* The key, in any of the ways, with any of the scopes. */
static cJSON *security(const cJSON *route)
{
	static const char *const ways[] = { "header", "bearer", "query" };
	cJSON *list = json_array();
	const cJSON *scope;

	cJSON_ArrayForEach (scope, json_get(route, "scopes")) {
		for (size_t i = 0; i < COUNT(ways); i++) {
			cJSON *one = json_object();
			cJSON *scopes = json_add(one, ways[i], json_array());

			json_push(scopes, cJSON_Duplicate(scope, true));
			json_push(list, one);
		}
	}
	return list;
}

static cJSON *operation(struct arena *a, const cJSON *route, const cJSON *hand)
{
	const cJSON *words = json_get(hand, "parameters");
	cJSON *op = json_object();

	hand_on(op, hand, "operationId");
	hand_on(op, hand, "summary");
	hand_on(op, hand, "description");
	hand_on(op, hand, "tags");
	json_add(op, "security", security(route));
	add_parameters(op, route, words);
	add_body(op, route, words);
	json_add(op, "responses", responses(a, route, hand));
	return op;
}

static cJSON *find(cJSON *routes, const char *path, const char *method)
{
	cJSON *route;

	cJSON_ArrayForEach (route, routes) {
		if (strcmp(json_text(route, "path"), path) == 0 &&
		    strcmp(json_text(route, "method"), method) == 0)
			return route;
	}
	return NULL;
}

static cJSON *add_path(cJSON *paths, const char *path)
{
	cJSON *item = json_get(paths, path);

	return item ? item : json_add(paths, path, json_object());
}

/* The paths in the order of the hand-written file; then those not in it. */
static cJSON *join(struct arena *a, cJSON *doc, cJSON *routes)
{
	cJSON *paths = json_object();
	const cJSON *path;
	const cJSON *hand;
	cJSON *route;

	cJSON_ArrayForEach (path, json_get(doc, "paths")) {
		cJSON_ArrayForEach (hand, path) {
			route = find(routes, path->string, hand->string);
			if (route)
				json_add(add_path(paths, path->string),
				    hand->string, operation(a, route, hand));
			else
				fprintf(stderr,
				    "openapi: no program has %s %s\n",
				    hand->string, path->string);
		}
	}
	cJSON_ArrayForEach (route, routes) {
		const char *name = json_text(route, "path");
		const char *method = json_text(route, "method");
		cJSON *item = add_path(paths, name);

		if (json_get(item, method))
			continue;
		fprintf(stderr, "openapi: openapi.json lacks %s %s\n", method,
		    name);
		json_add(item, method, operation(a, route, NULL));
	}
	return paths;
}

int main(int argc, char **argv)
{
	SCOPED(arena) arena = arena_make(MEMORY_MAX);
	cJSON *doc;

	if (argc != 2) {
		fputs("usage: join openapi.json <tables\n", stderr);
		return EX_USAGE;
	}
	json_arena(&arena);
	doc = read_hand(&arena, argv[1]);
	cJSON_ReplaceItemInObjectCaseSensitive(
	    doc, "paths", join(&arena, doc, read_tables(&arena)));
	responses_common(&arena, doc);
	states_add(&arena, doc);
	cJSON_ReplaceItemInObjectCaseSensitive(
	    json_get(doc, "info"), "version", cJSON_CreateString(VERSION));
	puts(json_print(doc));
	return EX_OK;
}
