/* states.c - the states of a tweet, in the API's description. */
#include "states.h"

#include "app/tweet_state.h"

#define ROW(id, name, status, place, condition, label, meaning) \
	{ label, meaning },

static const struct {
	const char *label;
	const char *meaning;
} words[] = { TWEET_STATES(ROW) };

static cJSON *state_schema(struct arena *a)
{
	struct buf text = buf_make(a, 8192);
	cJSON *schema = json_object();
	cJSON *names = json_array();
	cJSON *labels = json_object();

	buf_text(&text, "What it is waiting for:\n");
	for (int i = 0; i < TWEET_STATE__COUNT; i++) {
		const char *name = tweet_states[i];

		json_push(names, cJSON_CreateString(name));
		json_add_text(labels, name, words[i].label);
		buf_printf(&text, "\n- `%s`: %s. %s", name, words[i].label,
		    words[i].meaning);
	}
	json_add_text(schema, "type", "string");
	json_add_text(schema, "description", buf_cstr(&text));
	json_add(schema, "enum", names);
	json_add(schema, "x-labels", labels);
	return schema;
}

static cJSON *count_schema(void)
{
	cJSON *schema = json_object();
	cJSON *required = json_array();
	cJSON *properties = json_object();

	for (int i = 0; i < TWEET_STATE__COUNT; i++) {
		cJSON *number = json_object();

		json_add_text(number, "type", "integer");
		json_add_int(number, "minimum", 0);
		json_add(properties, tweet_states[i], number);
		json_push(required, cJSON_CreateString(tweet_states[i]));
	}
	json_add_text(schema, "type", "object");
	json_add_text(schema, "description", "Tweets by state.");
	json_add(schema, "required", required);
	json_add(schema, "properties", properties);
	json_add_bool(schema, "additionalProperties", false);
	return schema;
}

/* The member of DOC that is reached by NAMES, which end with NULL. */
static cJSON *reach(cJSON *doc, const char *const *names)
{
	for (; *names; names++)
		doc = json_get(doc, *names);
	return doc;
}

void states_add(struct arena *a, cJSON *doc)
{
	static const char *const schemas[] = { "components", "schemas", NULL };
	static const char *const monitoring[] = { "components", "schemas",
		"Monitoring", "properties", NULL };
	static const char *const example[] = { "paths", "/api/v1/monitoring",
		"get", "responses", "200", "content", "application/json",
		"example", "tweets", NULL };
	cJSON *counts = reach(doc, example);

	json_add(reach(doc, schemas), "TweetState", state_schema(a));
	json_add(reach(doc, monitoring), "tweets", count_schema());
	for (int i = 0; i < TWEET_STATE__COUNT; i++) {
		if (!json_get(counts, tweet_states[i]))
			json_add_int(counts, tweet_states[i], 0);
	}
}
