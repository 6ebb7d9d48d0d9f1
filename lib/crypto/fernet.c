/*
 * fernet.c - encrypted tokens, after the Fernet specification.
 *
 * 0x80 | time, 8 bytes, big-endian | IV, 16 | ciphertext, n * 16 | HMAC, 32
 *
 * The HMAC covers everything before it and is checked before decrypting, so the
 * padding of forged tokens is never looked at. OpenSSL's low-level AES is used
 * for the reason given in digest.c.
 */
#define OPENSSL_API_COMPAT 0x10100000L

#include "crypto/fernet.h"

#include <openssl/aes.h>
#include <string.h>

#include "base/encode.h"
#include "base/random.h"
#include "crypto/digest.h"

enum {
	VERSION = 0x80,
	TIME_AT = 1,
	IV_AT = 9,
	TEXT_AT = IV_AT + FERNET_IV,
	BLOCK = AES_BLOCK_SIZE,
	SHORTEST = TEXT_AT + BLOCK + DIGEST_SIZE,
};

_Static_assert(FERNET_IV == AES_BLOCK_SIZE, "CBC's IV is a block");
_Static_assert(sizeof(struct fernet_key) == 32, "a key is 32 bytes, no gaps");

bool fernet_key_read(struct arena *a, struct str text, struct fernet_key *key)
{
	unsigned char *bytes;
	size_t n;

	if (!decode_base64url(a, text, &bytes, &n))
		return false;

	bool fits = n == sizeof(*key);

	if (fits) {
		memcpy(key->sign, bytes, FERNET_HALF);
		memcpy(key->encrypt, bytes + FERNET_HALF, FERNET_HALF);
	}
	explicit_bzero(bytes, n);
	return fits;
}

static void put_time(unsigned char *p, uint64_t time)
{
	for (int i = 7; i >= 0; i--) {
		p[i] = (unsigned char)(time & 0xff);
		time >>= 8;
	}
}

static uint64_t get_time(const unsigned char *p)
{
	uint64_t time = 0;

	for (int i = 0; i < 8; i++)
		time = time << 8 | p[i];
	return time;
}

char *fernet_encrypt_with(struct arena *a, const struct fernet_key *key,
    int64_t now, const unsigned char *iv, struct str plain)
{
	size_t pad = BLOCK - plain.n % BLOCK;
	size_t n = plain.n + pad;
	unsigned char *raw = arena_alloc(a, TEXT_AT + n + DIGEST_SIZE);
	unsigned char *text = raw + TEXT_AT;
	unsigned char chain[FERNET_IV]; /* AES_cbc_encrypt changes it */
	AES_KEY aes;

	raw[0] = VERSION;
	put_time(raw + TIME_AT, (uint64_t)now);
	memcpy(raw + IV_AT, iv, FERNET_IV);
	memcpy(chain, iv, FERNET_IV);
	if (plain.n)
		memcpy(text, plain.p, plain.n);
	memset(text + plain.n, (int)pad, pad);
	AES_set_encrypt_key(key->encrypt, FERNET_HALF * 8, &aes);
	AES_cbc_encrypt(text, text, n, &aes, chain, AES_ENCRYPT);
	explicit_bzero(&aes, sizeof(aes));
	digest_hmac(key->sign, FERNET_HALF, raw, TEXT_AT + n, text + n);
	return encode_base64url(a, raw, TEXT_AT + n + DIGEST_SIZE);
}

char *fernet_encrypt(struct arena *a, const struct fernet_key *key, int64_t now,
    struct str plain)
{
	unsigned char iv[FERNET_IV];

	random_bytes(iv, sizeof(iv));
	return fernet_encrypt_with(a, key, now, iv, plain);
}

/* The index of the key that signed the N bytes; COUNT if none did. */
static size_t signer(const struct fernet_key *keys, size_t count,
    const unsigned char *raw, size_t n)
{
	unsigned char hmac[DIGEST_SIZE];

	for (size_t i = 0; i < count; i++) {
		digest_hmac(keys[i].sign, FERNET_HALF, raw, n, hmac);
		if (str_same_secret(hmac, raw + n, DIGEST_SIZE))
			return i;
	}
	return count;
}

/* Finds the length without PKCS #7 padding; false if that is malformed. */
static bool unpad(const unsigned char *text, size_t *n)
{
	size_t pad = text[*n - 1];

	if (pad < 1 || pad > BLOCK)
		return false;
	for (size_t i = *n - pad; i < *n; i++) {
		if (text[i] != pad)
			return false;
	}
	*n -= pad;
	return true;
}

bool fernet_decrypt(struct arena *a, const struct fernet_key *keys,
    size_t count, struct str token, struct fernet_content *out)
{
	unsigned char *raw;
	size_t n;

	if (!decode_base64url(a, token, &raw, &n))
		return false;
	if (n < SHORTEST || raw[0] != VERSION)
		return false;
	n -= DIGEST_SIZE;

	size_t key = signer(keys, count, raw, n);

	n -= TEXT_AT;
	if (key == count || n % BLOCK)
		return false;

	unsigned char *text = arena_alloc(a, n + 1);
	AES_KEY aes;

	AES_set_decrypt_key(keys[key].encrypt, FERNET_HALF * 8, &aes);
	AES_cbc_encrypt(raw + TEXT_AT, text, n, &aes, raw + IV_AT, AES_DECRYPT);
	explicit_bzero(&aes, sizeof(aes));
	if (!unpad(text, &n))
		return false;
	text[n] = '\0';
	out->plain = (struct str){ .p = (const char *)text, .n = n };
	out->time = get_time(raw + TIME_AT);
	out->key = key;
	return true;
}
