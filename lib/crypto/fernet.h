/* fernet.h - encrypted tokens, after the Fernet specification: AES-128-CBC with
 * PKCS #7 padding, then HMAC-SHA256 over everything, in base64url. */
#ifndef CRYPTO_FERNET_H
#define CRYPTO_FERNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

enum { FERNET_HALF = 16, FERNET_IV = 16 };

/* Secret: wipe it with explicit_bzero after use. */
struct fernet_key {
	unsigned char sign[FERNET_HALF];
	unsigned char encrypt[FERNET_HALF];
};

/* The content of a token. */
struct fernet_content {
	struct str plain; /* NUL-terminated, owned by the arena */
	uint64_t time;    /* when it was encrypted, by its maker's clock */
	size_t key;       /* index of the key that decrypted it */
};

/* Reads a key: 32 bytes in strict base64url with padding; else false. ARENA
 * keeps no copy of it. */
bool fernet_key_read(struct arena *a, struct str text, struct fernet_key *key)
    MUST_CHECK;

/* Encrypts PLAIN at NOW (seconds since 1970, not negative) with a random IV;
 * the token is owned by the arena. */
char *fernet_encrypt(struct arena *a, const struct fernet_key *key, int64_t now,
    struct str plain) NOT_NULL;

/* The same with a given IV (FERNET_IV bytes); for tests only. */
char *fernet_encrypt_with(struct arena *a, const struct fernet_key *key,
    int64_t now, const unsigned char *iv, struct str plain) NOT_NULL;

/* Decrypts TOKEN with whichever of COUNT keys signed it. False, without a
 * reason, for anything else. There is no age limit; *out has the time. */
bool fernet_decrypt(struct arena *a, const struct fernet_key *keys,
    size_t count, struct str token, struct fernet_content *out) MUST_CHECK;

#endif
