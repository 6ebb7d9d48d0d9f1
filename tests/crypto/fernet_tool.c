/* fernet_tool.c - seals and opens as stdin says, for fernet.test.mjs: the first
 * line is the setting ENCRYPTION_KEY, then a line each of
 *
 *   seal TIME HEX     prints the token of those bytes
 *   open TOKEN        prints "KEY TIME HEX", or "refused" */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/die.h"
#include "base/encode.h"
#include "crypto/keyring.h"

static struct str from_hex(struct arena *a, struct str hex)
{
	static const char digits[] = "0123456789abcdef";
	char *bytes = arena_alloc(a, hex.n / 2 + 1);

	for (size_t i = 0; i < hex.n / 2 * 2; i++) {
		const char *digit = strchr(digits, hex.p[i]);

		if (!digit)
			die("no hex: %c", hex.p[i]);
		bytes[i / 2] = (char)(bytes[i / 2] * 16 + (digit - digits));
	}
	return (struct str){ .p = bytes, .n = hex.n / 2 };
}

static void command(
    const struct keyring *ring, struct arena *a, struct str rest)
{
	struct str word = str_cut(&rest, ' ');

	if (str_eq(word, "seal")) {
		int64_t time;

		if (!str_int64(str_cut(&rest, ' '), 0, INT64_MAX, &time))
			die("no time");
		puts(
		    fernet_encrypt(a, &ring->keys[0], time, from_hex(a, rest)));
		return;
	}

	struct fernet_content got;

	if (!fernet_decrypt(a, ring->keys, ring->count, rest, &got)) {
		puts("refused");
		return;
	}
	printf("%zu %" PRIu64 " %s\n", got.key, got.time,
	    encode_hex(a, got.plain.p, got.plain.n));
}

int main(void)
{
	SCOPED(arena) a = arena_make((size_t)1 << 30);
	SCOPED(keyring) ring = { 0 };
	struct fault fault = { 0 };
	char *text = NULL;
	size_t size = 0;

	for (int line = 0;; line++) {
		ssize_t n = getline(&text, &size, stdin);

		if (n <= 0)
			break;
		text[n - 1] = '\0';
		if (line)
			command(&ring, &a,
			    (struct str){ .p = text, .n = (size_t)n - 1 });
		else if (keyring_open(&ring, &a, text, &fault) != OK)
			die("%s", fault.words);
	}
	free(text);
	return 0;
}
