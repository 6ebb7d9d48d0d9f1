/* test_digest.c - SHA-256, HMAC and PKCE against published vectors. */
#include "unit/test.h"

#include "base/encode.h"
#include "crypto/digest.h"

enum { LIMIT = 1 << 20 };

static void sha256_gives_the_published_digests(void **state)
{
	static const struct {
		const char *text;
		const char *digest;
	} cases[] = {
		{ "", /* FIPS 180-4's examples */
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
		    digest_sha256_hex(&a, cases[i].text), cases[i].digest);
}

static void sha256_takes_any_bytes(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	unsigned char digest[DIGEST_SIZE];
	size_t n = 500000;
	char *as = arena_alloc(&a, n);

	(void)state;
	digest_sha256("a\0b", 3, digest);
	assert_string_equal(encode_hex(&a, digest, sizeof(digest)),
	    "59b271ae1bbcb1d31d41929817f4b16fb439eb4f31520b5ad1d5ce98920a7138");
	memset(as, 'a', n);
	digest_sha256(as, n, digest);
	assert_string_equal(encode_hex(&a, digest, sizeof(digest)),
	    "0071c4a7e7200b572501284e9a46954580950d9a73d401869236e87ed2ce99f8");
}

static void check_hmac(
    const void *key, size_t key_n, const void *p, size_t n, const char *wanted)
{
	SCOPED(arena) a = arena_make(LIMIT);
	unsigned char hmac[DIGEST_SIZE];

	digest_hmac(key, key_n, p, n, hmac);
	assert_string_equal(encode_hex(&a, hmac, sizeof(hmac)), wanted);
}

/* RFC 4231, test cases 1 to 4, 6 and 7. */
static void hmac_gives_the_published_digests(void **state)
{
	unsigned char key[131];
	unsigned char data[50];
	const char *jefe = "what do ya want for nothing?";
	const char *larger =
	    "Test Using Larger Than Block-Size Key - Hash Key First";
	const char *both =
	    "This is a test using a larger than block-size key and a larger"
	    " than block-size data. The key needs to be hashed before being"
	    " used by the HMAC algorithm.";

	(void)state;
	memset(key, 0x0b, 20);
	check_hmac(key, 20, "Hi There", 8,
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	check_hmac("Jefe", 4, jefe, strlen(jefe),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	check_hmac(key, 20, data, sizeof(data),
	    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	check_hmac(key, sizeof(key), larger, strlen(larger),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	check_hmac(key, sizeof(key), both, strlen(both),
	    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
	for (size_t i = 0; i < 25; i++)
		key[i] = (unsigned char)(i + 1);
	memset(data, 0xcd, sizeof(data));
	check_hmac(key, 25, data, sizeof(data),
	    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

static void hmac_takes_an_empty_key_and_no_bytes(void **state)
{
	(void)state;
	check_hmac("", 0, "", 0,
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* RFC 7636, appendix B. */
static void the_challenge_is_that_of_the_rfc(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	assert_string_equal(digest_pkce_challenge(&a,
				"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
	    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_published_digests),
		cmocka_unit_test(sha256_takes_any_bytes),
		cmocka_unit_test(hmac_gives_the_published_digests),
		cmocka_unit_test(hmac_takes_an_empty_key_and_no_bytes),
		cmocka_unit_test(the_challenge_is_that_of_the_rfc),
	};

	return RUN_TESTS(tests);
}
