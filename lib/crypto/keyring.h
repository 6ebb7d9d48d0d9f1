/* keyring.h - the keys of ENCRYPTION_KEY: the first encrypts, all decrypt. */
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

/* Reads TEXT: Fernet keys separated by commas; white space around them is
 * ignored. ERR_CONFIG_MISSING if it is NULL or blank; ERR_CONFIG_INVALID, with
 * the number of the first invalid key (never the key itself), or for too many
 * keys. After an error the ring is empty. End it with keyring_end. */
enum err keyring_open(struct keyring *ring, struct arena *a, const char *text,
    struct fault *f) MUST_CHECK;

/* TEXT encrypted with the first key; owned by the arena. The ring must not be
 * empty. */
char *keyring_encrypt(
    const struct keyring *ring, struct arena *a, const char *text) NOT_NULL;

/* The text in TOKEN, owned by the arena; NULL if no key decrypts it or it has a
 * NUL byte, and for NULL. */
const char *keyring_decrypt(
    const struct keyring *ring, struct arena *a, const char *token) MUST_CHECK;

/* A new key as text (44 characters); owned by the arena. */
char *keyring_new_key(struct arena *a);

/* Wipes the keys. */
void keyring_end(struct keyring *ring);

#endif
