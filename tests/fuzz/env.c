/* env.c - a .env is understood, or its line is named. */
#include "fuzz/fuzz.h"

#include "base/env.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	struct env env = { .arena = &a };
	int lines = 1;
	int wrong = env_parse(&env, (const char *)data, size);

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	assert(wrong >= 0 && wrong <= lines);
	if (env_get(&env, "API_KEY"))
		assert(env_get(&env, "API_KEY")[0]);
	return 0;
}
