/* scope.c - what an API key may be used for. */
#include "app/scope.h"

#include <stddef.h>

#include "base/str.h"

const char *const scope_names[] = { "read", "write", "publish", "tick", "admin",
	NULL };

unsigned scopes_read(const char *text)
{
	struct str rest = str_of(text);
	unsigned scopes = 0;

	if (!text)
		return SCOPE_ALL;
	while (rest.p) {
		struct str word = str_cut(&rest, ' ');

		for (size_t i = 0; scope_names[i]; i++)
			scopes |= str_eq(word, scope_names[i]) ? 1U << i : 0;
	}
	return scopes;
}

bool scopes_allow(unsigned scopes, unsigned wanted)
{
	return (scopes & (wanted | SCOPE_ADMIN)) != 0;
}

cJSON *scopes_json(unsigned scopes)
{
	cJSON *list = json_array();

	for (size_t i = 0; scope_names[i]; i++) {
		if (scopes & 1U << i)
			json_push(list, cJSON_CreateString(scope_names[i]));
	}
	return list;
}

const char *scope_name(unsigned scopes)
{
	size_t i = 0;

	while (scope_names[i] && !(scopes & 1U << i))
		i++;
	return scope_names[i];
}
