/* digest.h - SHA-256, and what uses it: HMAC, PKCE's challenge. */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

enum { DIGEST_SIZE = 32 }; /* the size of SHA-256 and HMAC-SHA256 in bytes */

/* SHA-256 of N bytes; OUT has DIGEST_SIZE bytes. */
void digest_sha256(const void *p, size_t n, unsigned char *out);

/* SHA-256 of TEXT (not NULL) in lower-case hex, as in api_key.key_hash; owned
 * by the arena. */
char *digest_sha256_hex(struct arena *a, const char *text) NOT_NULL;

/* HMAC-SHA256 (RFC 2104) of N bytes at P, with a key of any length. OUT has
 * DIGEST_SIZE bytes. Compare it with str_same_secret. */
void digest_hmac(
    const void *key, size_t key_n, const void *p, size_t n, unsigned char *out);

/* The S256 challenge of a code verifier (RFC 7636): 43 characters, owned by the
 * arena. */
char *digest_pkce_challenge(struct arena *a, const char *verifier) NOT_NULL;

#endif
