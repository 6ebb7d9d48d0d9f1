/* json.c - what is read, written and read again is the same. */
#include "fuzz/fuzz.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	const char *why = NULL;

	json_arena(&a);

	cJSON *json = json_parse((const char *)data, size, &why);

	assert(!json == (why != NULL));
	if (!json)
		return 0;

	const char *text = json_print(json);
	cJSON *again = json_parse(text, strlen(text), &why);

	assert(utf8_valid(text, strlen(text)));
	assert(again && strcmp(json_print(again), text) == 0);
	return 0;
}
