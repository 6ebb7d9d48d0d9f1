/* random.c - bytes nobody can guess. */
#include "base/random.h"

#include <unistd.h>

#include "base/die.h"
#include "base/encode.h"

void random_bytes(void *p, size_t n)
{
	if (getentropy(p, n) != 0)
		die("the system gives no random bytes");
}

uint64_t random_below(uint64_t below)
{
	uint64_t value;
	uint64_t usable = UINT64_MAX - UINT64_MAX % below;

	do
		random_bytes(&value, sizeof(value));
	while (value >= usable);
	return value % below;
}

char *random_token(struct arena *a, size_t n)
{
	unsigned char *bytes = arena_alloc(a, n);

	random_bytes(bytes, n);
	return encode_base64url_bare(a, bytes, n);
}
