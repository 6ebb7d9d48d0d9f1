/* fernet.h - sealed tokens as the Fernet spec has them: AES-128-CBC with PKCS
 * #7 padding, then HMAC-SHA256 over everything, in base64url. */
#ifndef CRYPTO_FERNET_H
#define CRYPTO_FERNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

enum { FERNET_HALF = 16, FERNET_IV = 16 };

/* Secret: wipe it with explicit_bzero when it has served. */
struct fernet_key {
	unsigned char sign[FERNET_HALF];
	unsigned char encrypt[FERNET_HALF];
};

/* What a token held. */
struct fernet_opened {
	struct str plain; /* NUL-terminated, owned by the arena */
	uint64_t time;    /* when it was sealed, as its maker's clock had it */
	size_t key;       /* index of the key that opened it */
};

/* Reads a key: strict base64url, padding included, of 32 bytes. False when it
 * is not that; ARENA holds no copy of it afterwards. */
bool fernet_key_read(struct arena *a, struct str text, struct fernet_key *key)
    MUST_CHECK;

/* The token that holds PLAIN, sealed at NOW (seconds since 1970, not below 0)
 * with a random IV; owned by the arena. */
char *fernet_seal(struct arena *a, const struct fernet_key *key, int64_t now,
    struct str plain) NOT_NULL;

/* The same with the IV given (FERNET_IV bytes); for tests alone. */
char *fernet_seal_with(struct arena *a, const struct fernet_key *key,
    int64_t now, const unsigned char *iv, struct str plain) NOT_NULL;

/* Opens TOKEN with whichever of COUNT keys signed it. False for anything else,
 * and nobody is told why. No age limit: *out has the time. */
bool fernet_open(struct arena *a, const struct fernet_key *keys, size_t count,
    struct str token, struct fernet_opened *out) MUST_CHECK;

#endif
