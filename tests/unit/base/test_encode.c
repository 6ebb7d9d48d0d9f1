/* test_encode.c - hex, base64 and percent-encoding, and strictness in reading
 * them back. */
#include "unit/test.h"

#include "base/encode.h"

enum { LIMIT = 1 << 24 };

static void the_vectors_of_rfc_4648_hold(void **state)
{
	static const struct {
		const char *bytes;
		const char *base64;
		const char *bare;
		const char *hex;
	} cases[] = {
		{ "", "", "", "" },
		{ "f", "Zg==", "Zg", "66" },
		{ "fo", "Zm8=", "Zm8", "666f" },
		{ "foo", "Zm9v", "Zm9v", "666f6f" },
		{ "foob", "Zm9vYg==", "Zm9vYg", "666f6f62" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE", "666f6f6261" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172" },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *p = cases[i].bytes;
		size_t n = strlen(p);

		assert_string_equal(encode_base64(&a, p, n), cases[i].base64);
		assert_string_equal(
		    encode_base64url(&a, p, n), cases[i].base64);
		assert_string_equal(
		    encode_base64url_bare(&a, p, n), cases[i].bare);
		assert_string_equal(encode_hex(&a, p, n), cases[i].hex);
	}
	assert_string_equal(encode_base64(&a, "\xFB\xFF\xFE", 3), "+//+");
	assert_string_equal(encode_base64url(&a, "\xFB\xFF\xFE", 3), "-__-");
}

static void all_bytes_come_back_from_base64url(void **state)
{
	unsigned char bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(255 - i);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		SCOPED(arena) a = arena_make(LIMIT);
		unsigned char *back = NULL;
		size_t length = 0;

		assert_true(decode_base64url(&a,
		    str_of(encode_base64url(&a, bytes, n)), &back, &length));
		assert_int_equal(length, n);
		assert_memory_equal(back, bytes, n);
	}
}

static void base64url_is_read_strictly(void **state)
{
	static const char *const cases[] = {
		"Z",
		"Zg",
		"Zg=",
		"Zg===",
		"Zg====",
		"=",
		"==",
		"===",
		"====",
		"A===",
		"Zm9",
		"Zm9v=",
		"Zm9vZg==Zg==",
		"Zg==Zm9v",
		"Zm=v",
		"Z=9v",
		"Zh==", /* unused bits that are not zero */
		"Zv==",
		"Zm9=",
		"Zm+v",
		"Zm/v",
		"Zm9v\n",
		"Zm9v\r\n==",
		" Zm9",
		"Zm 9v===",
		"Zm9v Zm9",
		"Zm.9",
		"Zm9\xC3",
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned char *bytes = NULL;
		size_t n = 0;

		if (decode_base64url(&a, str_of(cases[i]), &bytes, &n))
			fail_msg("taken: \"%s\"", cases[i]);
	}

	unsigned char *bytes = NULL;
	size_t n = 0;

	assert_false(
	    decode_base64url(&a, (struct str){ "Zm\0v", 4 }, &bytes, &n));
}

static void only_unreserved_characters_stay_bare(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	assert_string_equal(encode_percent(&a, ""), "");
	assert_string_equal(
	    encode_percent(&a, "AZaz09-._~ !*'();:@&=+$,/?#[]%\"\x7F\xC3\xA9"),
	    "AZaz09-._~%20%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B"
	    "%5D%25%22%7F%C3%A9");
}

static void percent_encoding_is_undone_once(void **state)
{
	static const struct {
		const char *text;
		bool plus;
		const char *wanted; /* NULL: refused */
	} cases[] = {
		{ "", true, "" },
		{ "a+b", true, "a b" },
		{ "a+b", false, "a+b" },
		{ "a%2Bb", true, "a+b" },
		{ "%41%7a%7A", true, "Azz" },
		{ "%2541", true, "%41" },
		{ "%0a%01", true, "\n\x01" },
		{ "%ff%C3%A9", true, "\xFF\xC3\xA9" },
		{ "%00", true, NULL },
		{ "a%00b", true, NULL },
		{ "%", true, NULL },
		{ "%4", true, NULL },
		{ "a%", true, NULL },
		{ "%zz", true, NULL },
		{ "%4g", true, NULL },
		{ "%g4", true, NULL },
		{ "%%41", true, NULL },
		{ "% 41", true, NULL },
		{ "%-1", true, NULL },
		{ "%u0041", true, NULL },
	};
	SCOPED(arena) a = arena_make(LIMIT);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = NULL;
		bool good = decode_percent(
		    &a, str_of(cases[i].text), cases[i].plus, &text);

		if (good != (cases[i].wanted != NULL))
			fail_msg("\"%s\"", cases[i].text);
		if (good)
			assert_string_equal(text, cases[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_rfc_4648_hold),
		cmocka_unit_test(all_bytes_come_back_from_base64url),
		cmocka_unit_test(base64url_is_read_strictly),
		cmocka_unit_test(only_unreserved_characters_stay_bare),
		cmocka_unit_test(percent_encoding_is_undone_once),
	};

	return RUN_TESTS(tests);
}
