/* test_fernet.c - sealed tokens: the spec's example, and all that is refused.
 *
 * The kinds of bad token are those of the spec's invalid.json, made here. */
#include "unit/test.h"

#include "base/encode.h"
#include "crypto/digest.h"
#include "crypto/fernet.h"

enum { LIMIT = 1 << 24, SEALED_AT = 499162800, RAW = 73 };

static const char secret[] = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
static const char hello[] =
    "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPg"
    "JobwOz7JcbmrR64jVmpU4IwqDA==";

static struct fernet_key key_of(const char *text)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key;

	assert_true(fernet_key_read(&a, str_of(text), &key));
	return key;
}

static bool opens(struct str token)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key = key_of(secret);
	struct fernet_content got;

	return fernet_decrypt(&a, &key, 1, token, &got);
}

/* The bytes of the example, to be damaged. */
static void example(unsigned char *raw)
{
	SCOPED(arena) a = arena_make(LIMIT);
	unsigned char *bytes;
	size_t n;

	assert_true(decode_base64url(&a, str_of(hello), &bytes, &n));
	assert_int_equal(n, RAW);
	memcpy(raw, bytes, RAW);
}

/* Whether N bytes open as a token, with a signature of ours put over the last
 * 32 of them if SIGN. */
static bool raw_opens(unsigned char *raw, size_t n, bool sign)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key = key_of(secret);

	if (sign)
		digest_hmac(key.sign, FERNET_HALF, raw, n - DIGEST_SIZE,
		    raw + n - DIGEST_SIZE);
	return opens(str_of(encode_base64url(&a, raw, n)));
}

static void sealing_gives_the_specs_example(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key = key_of(secret);
	unsigned char iv[FERNET_IV];

	(void)state;
	for (size_t i = 0; i < sizeof(iv); i++)
		iv[i] = (unsigned char)i;
	assert_string_equal(
	    fernet_encrypt_with(&a, &key, SEALED_AT, iv, str_of("hello")),
	    hello);
}

static void opening_gives_text_and_time(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key = key_of(secret);
	struct fernet_content got;

	(void)state;
	assert_true(fernet_decrypt(&a, &key, 1, str_of(hello), &got));
	assert_int_equal(got.plain.n, 5);
	assert_string_equal(got.plain.p, "hello");
	assert_true(got.time == SEALED_AT);
	assert_int_equal(got.key, 0);
}

static void every_length_comes_back(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key = key_of(secret);
	char text[100];

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		struct str plain = { .p = text, .n = n };
		struct fernet_content got;

		memset(text, (int)n, sizeof(text));

		char *token = fernet_encrypt(&a, &key, 1, plain);

		assert_true(fernet_decrypt(&a, &key, 1, str_of(token), &got));
		assert_int_equal(got.plain.n, n);
		assert_memory_equal(got.plain.p, text, n);
		assert_int_equal(got.plain.p[n], 0);
		assert_true(got.time == 1);
	}
}

static void no_two_tokens_are_alike(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key = key_of(secret);
	const char *one = fernet_encrypt(&a, &key, 1, str_of("hello"));
	const char *two = fernet_encrypt(&a, &key, 1, str_of("hello"));

	(void)state;
	assert_string_not_equal(one, two);
}

static void the_key_that_signed_is_found(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key keys[3] = {
		key_of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
		key_of("__________________________________________8="),
		key_of(secret),
	};
	struct fernet_content got;

	(void)state;
	assert_true(fernet_decrypt(&a, keys, 3, str_of(hello), &got));
	assert_int_equal(got.key, 2);
	assert_false(fernet_decrypt(&a, keys, 2, str_of(hello), &got));
	assert_false(fernet_decrypt(&a, keys, 0, str_of(hello), &got));
}

static void every_flipped_bit_is_refused(void **state)
{
	unsigned char raw[RAW];
	char text[sizeof(hello)];

	(void)state;
	for (size_t bit = 0; bit < RAW * (size_t)8; bit++) {
		example(raw);
		raw[bit / 8] ^= (unsigned char)(1u << bit % 8);
		assert_false(raw_opens(raw, RAW, false));
	}
	for (size_t bit = 0; bit < (sizeof(hello) - 1) * 8; bit++) {
		memcpy(text, hello, sizeof(hello));
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		assert_false(opens((struct str){ text, sizeof(hello) - 1 }));
	}
}

static void every_shortened_token_is_refused(void **state)
{
	unsigned char raw[RAW];

	(void)state;
	for (size_t n = 0; n < sizeof(hello) - 1; n++) {
		assert_false(opens((struct str){ hello, n }));
		assert_false(opens((struct str){ hello + 1, n }));
	}
	for (size_t n = DIGEST_SIZE; n < RAW; n++) {
		example(raw);
		assert_false(raw_opens(raw, n, true));
	}
}

static void base64_out_of_order_is_refused(void **state)
{
	static const char *const tokens[] = {
		"",
		"=",
		"====",
		"%%%%",
		" ",
		/* the example: no padding, half of it, too much, unused bits
		 * set, the other alphabet, white space, something behind */
		"gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9d"
		"OPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA",
		"gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9d"
		"OPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=",
		"gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9d"
		"OPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA======",
		"gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9d"
		"OPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDB==",
		"gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ/eEwCGM4BLLF/5CV9d"
		"OPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
		"gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9d"
		"OPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==\n",
		" gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9"
		"dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
		"gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9d"
		"OPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==AAAA",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++)
		assert_false(opens(str_of(tokens[i])));
	assert_false(opens(str_of(NULL)));
}

/* Each is signed as it should be, so that only what is tested is wrong. */
static void a_signed_token_that_is_malformed_is_refused(void **state)
{
	unsigned char raw[RAW + 1];

	(void)state;
	example(raw);
	assert_true(raw_opens(raw, RAW, true));
	raw[0] = 0x81; /* version */
	assert_false(raw_opens(raw, RAW, true));
	example(raw); /* no multiple of the block */
	assert_false(raw_opens(raw, RAW + 1, true));
	assert_false(raw_opens(raw, RAW - 1, true));
	example(raw); /* no ciphertext at all */
	assert_false(raw_opens(raw, RAW - 16, true));
	example(raw); /* padding: the last ciphertext byte */
	raw[RAW - DIGEST_SIZE - 1] ^= 1;
	assert_false(raw_opens(raw, RAW, true));
	for (size_t i = 5; i < FERNET_IV; i++) { /* padding, through the IV */
		example(raw);
		raw[9 + i] ^= 0x10;
		assert_false(raw_opens(raw, RAW, true));
	}
	for (unsigned pad = 0; pad < 256;
	     pad++) { /* its last byte, all values */
		example(raw);
		raw[9 + 15] ^= (unsigned char)(11 ^ pad);
		assert_int_equal(
		    raw_opens(raw, RAW, true), pad == 11 || pad == 1);
	}
}

static void no_time_is_too_old_or_too_new(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key = key_of(secret);
	struct fernet_content got;
	unsigned char raw[RAW];

	(void)state;
	example(raw);
	memset(raw + 1, 0, 8);
	assert_true(raw_opens(raw, RAW, true));
	memset(raw + 1, 0xff, 8);
	assert_true(raw_opens(raw, RAW, true));
	assert_true(fernet_decrypt(
	    &a, &key, 1, str_of(encode_base64url(&a, raw, RAW)), &got));
	assert_true(got.time == UINT64_MAX);
}

static void what_is_no_key_is_refused(void **state)
{
	static const char *const keys[] = {
		"",
		"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4",  /* 43 */
		"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e5=", /* odd bits */
		"cw_0x689RpI+jtRR7oE8h/eQsKImvJapLeSbXpwF4e4=", /* alphabet */
		"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4Q==", /* 31 */
		"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4A", /* 33 */
		" cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",
		"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=\n",
	};
	SCOPED(arena) a = arena_make(LIMIT);
	struct fernet_key key;

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++)
		assert_false(fernet_key_read(&a, str_of(keys[i]), &key));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sealing_gives_the_specs_example),
		cmocka_unit_test(opening_gives_text_and_time),
		cmocka_unit_test(every_length_comes_back),
		cmocka_unit_test(no_two_tokens_are_alike),
		cmocka_unit_test(the_key_that_signed_is_found),
		cmocka_unit_test(every_flipped_bit_is_refused),
		cmocka_unit_test(every_shortened_token_is_refused),
		cmocka_unit_test(base64_out_of_order_is_refused),
		cmocka_unit_test(a_signed_token_that_is_malformed_is_refused),
		cmocka_unit_test(no_time_is_too_old_or_too_new),
		cmocka_unit_test(what_is_no_key_is_refused),
	};

	return RUN_TESTS(tests);
}
