/* keyring.c - the keys of ENCRYPTION_KEY: the first encrypts, all decrypt. */
#include "crypto/keyring.h"

#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/random.h"
#include "base/str.h"

/* Also line ends: keys come from files that end with one. */
static struct str trim(struct str s)
{
	return str_trim_any(s, " \t\r\n");
}

static enum err add_all(
    struct keyring *ring, struct arena *a, struct str rest, struct fault *f)
{
	while (rest.p) {
		struct str text = trim(str_cut(&rest, ','));
		size_t at = ring->count;

		if (at == KEYRING_MAX)
			return FAULT(f, ERR_CONFIG_INVALID,
			    "ENCRYPTION_KEY has more than %d keys",
			    KEYRING_MAX);
		if (!fernet_key_read(a, text, &ring->keys[at]))
			return FAULT(f, ERR_CONFIG_INVALID,
			    "ENCRYPTION_KEY: key %zu is not a Fernet key (32"
			    " bytes in base64url: 44 characters, the last"
			    " one \"=\")",
			    at + 1);
		ring->count++;
	}
	return OK;
}

enum err keyring_open(
    struct keyring *ring, struct arena *a, const char *text, struct fault *f)
{
	*ring = (struct keyring){ 0 };

	struct str all = trim(str_of(text));

	if (!all.n)
		return FAULT(
		    f, ERR_CONFIG_MISSING, "ENCRYPTION_KEY is not set");

	enum err err = add_all(ring, a, all, f);

	if (err != OK)
		keyring_end(ring);
	return err;
}

char *keyring_encrypt(
    const struct keyring *ring, struct arena *a, const char *text)
{
	return fernet_encrypt(a, &ring->keys[0], clock_now(), str_of(text));
}

const char *keyring_decrypt(
    const struct keyring *ring, struct arena *a, const char *token)
{
	struct fernet_content got;

	if (!fernet_decrypt(a, ring->keys, ring->count, str_of(token), &got))
		return NULL;
	if (memchr(got.plain.p, '\0', got.plain.n))
		return NULL;
	return got.plain.p;
}

char *keyring_new_key(struct arena *a)
{
	unsigned char bytes[sizeof(struct fernet_key)];

	random_bytes(bytes, sizeof(bytes));

	char *text = encode_base64url(a, bytes, sizeof(bytes));

	explicit_bzero(bytes, sizeof(bytes));
	return text;
}

void keyring_end(struct keyring *ring)
{
	explicit_bzero(ring, sizeof(*ring));
}
