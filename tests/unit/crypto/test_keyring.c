/* test_keyring.c - the setting ENCRYPTION_KEY, well and badly written. */
#include "unit/test.h"

#include "base/buf.h"
#include "crypto/keyring.h"

enum { LIMIT = 1 << 24 };

#define KEY_A "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
#define KEY_B "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define KEY_C "__________________________________________8="

static void open_ring(struct keyring *ring, struct arena *a, const char *text)
{
	struct fault f = { 0 };

	assert_int_equal(keyring_open(ring, a, text, &f), OK);
}

static void the_setting_is_read_however_it_is_spaced(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} cases[] = {
		{ KEY_A, 1 },
		{ KEY_A "\n", 1 },
		{ " \t" KEY_A "\r\n", 1 },
		{ KEY_A "," KEY_B, 2 },
		{ KEY_A " , " KEY_B ",\n" KEY_C "\n", 3 },
		{ KEY_A "," KEY_A, 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		SCOPED(keyring) ring = { 0 };

		open_ring(&ring, &a, cases[i].text);
		assert_int_equal(ring.count, cases[i].count);
	}
}

static void a_bad_key_is_named_by_its_place_and_never_shown(void **state)
{
	static const struct {
		const char *text;
		const char *named;
	} cases[] = {
		{ "nonsense", "key 1 " },
		{ KEY_A "," KEY_B "x", "key 2 " },
		{ KEY_A ",", "key 2 " },
		{ ",", "key 1 " },
		{ KEY_A ",," KEY_B, "key 2 " },
		{ KEY_A "," KEY_B ";" KEY_C, "key 2 " },
		{ KEY_A " " KEY_B, "key 1 " },
		{ "\"" KEY_A "\"", "key 1 " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct keyring ring;
		struct keyring empty = { 0 };
		struct fault f = { 0 };

		assert_int_equal(keyring_open(&ring, &a, cases[i].text, &f),
		    ERR_CONFIG_INVALID);
		assert_non_null(strstr(f.words, "ENCRYPTION_KEY"));
		assert_non_null(strstr(f.words, cases[i].named));
		assert_null(strstr(f.words, "nonsense"));
		assert_null(strstr(f.words, "cw_0"));
		assert_null(strstr(f.words, "AAAA"));
		assert_memory_equal(&ring, &empty, sizeof(ring));
	}
}

static void a_missing_key_is_missing(void **state)
{
	static const char *const texts[] = { NULL, "", " ", "\t\r\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct keyring ring;
		struct fault f = { 0 };

		assert_int_equal(
		    keyring_open(&ring, &a, texts[i], &f), ERR_CONFIG_MISSING);
	}
}

static void there_may_be_sixteen_keys_and_no_more(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(keyring) ring = { 0 };
	struct buf text = buf_make(&a, 4096);
	struct fault f = { 0 };

	(void)state;
	for (int i = 0; i < KEYRING_MAX; i++)
		buf_printf(&text, "%s" KEY_A, i ? "," : "");
	open_ring(&ring, &a, buf_cstr(&text));
	assert_int_equal(ring.count, KEYRING_MAX);
	buf_text(&text, "," KEY_A);
	assert_int_equal(
	    keyring_open(&ring, &a, buf_cstr(&text), &f), ERR_CONFIG_INVALID);
	assert_int_equal(ring.count, 0);
}

static void the_first_key_seals_and_all_open(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(keyring) old = { 0 };
	SCOPED(keyring) both = { 0 };

	(void)state;
	open_ring(&old, &a, KEY_A);
	open_ring(&both, &a, KEY_B "," KEY_A);

	const char *before = keyring_encrypt(&old, &a, "a token");
	const char *now = keyring_encrypt(&both, &a, "a token");

	assert_string_equal(keyring_decrypt(&both, &a, before), "a token");
	assert_string_equal(keyring_decrypt(&both, &a, now), "a token");
	assert_string_equal(keyring_decrypt(&old, &a, before), "a token");
	assert_null(keyring_decrypt(&old, &a, now));
}

static void what_is_no_token_does_not_open(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(keyring) ring = { 0 };

	(void)state;
	open_ring(&ring, &a, KEY_A);
	assert_null(keyring_decrypt(&ring, &a, NULL));
	assert_null(keyring_decrypt(&ring, &a, ""));
	assert_null(keyring_decrypt(&ring, &a, "a token in clear"));
}

static void bytes_that_are_no_text_do_not_open(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(keyring) ring = { 0 };
	struct str plain = { .p = "a\0b", .n = 3 };

	(void)state;
	open_ring(&ring, &a, KEY_A);
	assert_null(keyring_decrypt(
	    &ring, &a, fernet_encrypt(&a, &ring.keys[0], 1, plain)));
	assert_string_equal(
	    keyring_decrypt(&ring, &a, keyring_encrypt(&ring, &a, "")), "");
}

static void a_new_key_is_a_key(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	SCOPED(keyring) ring = { 0 };
	const char *one = keyring_new_key(&a);

	(void)state;
	assert_int_equal(strlen(one), 44);
	assert_string_not_equal(one, keyring_new_key(&a));
	open_ring(&ring, &a, one);
}

static void the_end_wipes_the_keys(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct keyring ring;
	struct keyring empty = { 0 };

	(void)state;
	open_ring(&ring, &a, KEY_A "," KEY_B);
	keyring_end(&ring);
	assert_memory_equal(&ring, &empty, sizeof(ring));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_setting_is_read_however_it_is_spaced),
		cmocka_unit_test(
		    a_bad_key_is_named_by_its_place_and_never_shown),
		cmocka_unit_test(a_missing_key_is_missing),
		cmocka_unit_test(there_may_be_sixteen_keys_and_no_more),
		cmocka_unit_test(the_first_key_seals_and_all_open),
		cmocka_unit_test(what_is_no_token_does_not_open),
		cmocka_unit_test(bytes_that_are_no_text_do_not_open),
		cmocka_unit_test(a_new_key_is_a_key),
		cmocka_unit_test(the_end_wipes_the_keys),
	};

	return RUN_TESTS(tests);
}
