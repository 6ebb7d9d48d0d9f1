/* keyring.h - the keys of ENCRYPTION_KEY: the first seals, all open. */
#ifndef CRYPTO_KEYRING_H
#define CRYPTO_KEYRING_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "crypto/fernet.h"

enum { KEYRING_MAX = 16 };

struct keyring {
	struct fernet_key keys[KEYRING_MAX];
	size_t count;
};

/* Reads TEXT: Fernet keys separated by commas, white space around them
 * ignored. ERR_CONFIG_MISSING when it is NULL or blank, ERR_CONFIG_INVALID with
 * the number of the first bad key (never the key) or of too many; the ring is
 * empty then. End it with keyring_end. */
enum err keyring_open(struct keyring *ring, struct arena *a, const char *text,
    struct fault *f) MUST_CHECK;

/* TEXT sealed now with the first key; owned by the arena. The ring must not be
 * empty. */
char *keyring_seal(
    const struct keyring *ring, struct arena *a, const char *text) NOT_NULL;

/* The text that TOKEN holds, owned by the arena; NULL when no key opens it,
 * when it holds a NUL byte, or for a NULL token. *key (may be NULL) tells which
 * key: above 0, it deserves to be sealed anew. */
const char *keyring_unseal(const struct keyring *ring, struct arena *a,
    const char *token, size_t *key) MUST_CHECK;

/* A new key as text (44 characters), owned by the arena. */
char *keyring_new_key(struct arena *a);

/* Wipes the keys. */
void keyring_end(struct keyring *ring);

#endif
