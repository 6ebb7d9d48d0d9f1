/*
 * digest.c - SHA-256, and what uses it.
 *
 * It uses OpenSSL's low-level functions: EVP, HMAC() and the one-shot SHA256()
 * initialise the whole library first, which takes 5 to 6 million instructions,
 * several times the rest of a request. OpenSSL 3 deprecates the low-level
 * functions unless told which API version we use.
 */
#define OPENSSL_API_COMPAT 0x10100000L

#include "crypto/digest.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/encode.h"

enum { BLOCK = SHA256_CBLOCK };

_Static_assert(DIGEST_SIZE == SHA256_DIGEST_LENGTH, "SHA-256 has 32 bytes");

void digest_sha256(const void *p, size_t n, unsigned char *out)
{
	SHA256_CTX sha;

	SHA256_Init(&sha);
	SHA256_Update(&sha, p, n);
	SHA256_Final(out, &sha);
	explicit_bzero(&sha, sizeof(sha));
}

char *digest_sha256_hex(struct arena *a, const char *text)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(text, strlen(text), digest);
	return encode_hex(a, digest, sizeof(digest));
}

/* SHA-256 of the key's block, each byte XORed with WITH, followed by the N
 * bytes. */
static void keyed(const unsigned char *block, unsigned char with, const void *p,
    size_t n, unsigned char *out)
{
	unsigned char pad[BLOCK];
	SHA256_CTX sha;

	for (size_t i = 0; i < BLOCK; i++)
		pad[i] = block[i] ^ with;
	SHA256_Init(&sha);
	SHA256_Update(&sha, pad, sizeof(pad));
	SHA256_Update(&sha, p, n);
	SHA256_Final(out, &sha);
	explicit_bzero(pad, sizeof(pad));
	explicit_bzero(&sha, sizeof(sha));
}

void digest_hmac(
    const void *key, size_t key_n, const void *p, size_t n, unsigned char *out)
{
	unsigned char block[BLOCK] = { 0 };
	unsigned char inner[DIGEST_SIZE];

	if (key_n > BLOCK)
		digest_sha256(key, key_n, block);
	else if (key_n)
		memcpy(block, key, key_n);
	keyed(block, 0x36, p, n, inner);
	keyed(block, 0x5c, inner, sizeof(inner), out);
	explicit_bzero(block, sizeof(block));
}

char *digest_pkce_challenge(struct arena *a, const char *verifier)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(verifier, strlen(verifier), digest);
	return encode_base64url_bare(a, digest, sizeof(digest));
}
