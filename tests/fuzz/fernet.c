/* fernet.c - no bytes open as a token but those that were sealed. */
#include "fuzz/fuzz.h"

#include "crypto/fernet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] =
	    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
	static const unsigned char iv[FERNET_IV];
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	struct str given = { (const char *)data, size };
	struct fernet_content opened;
	struct fernet_key key;

	assert(fernet_key_read(&a, str_of(text), &key));
	if (fernet_decrypt(&a, &key, 1, given, &opened)) {
		/* a seed, or whoever fuzzes has broken HMAC-SHA256 */
		assert(strlen(opened.plain.p) <= opened.plain.n);
		return 0;
	}

	char *sealed = fernet_encrypt_with(&a, &key, 1, iv, given);

	assert(fernet_decrypt(&a, &key, 1, str_of(sealed), &opened));
	assert(opened.plain.n == size && opened.time == 1);
	assert(memcmp(opened.plain.p, data, size) == 0);
	sealed[strlen(sealed) / 2] ^= 1;
	assert(!fernet_decrypt(&a, &key, 1, str_of(sealed), &opened));
	return 0;
}
