/*
 * weigh.c - tells what lib/length/length makes of texts, for length.test.mjs.
 *
 * A record on stdin is the number of bytes in decimal, a line end, and that
 * many bytes. For each, a line on stdout: the weighted length, "ok" or "bad"
 * by length_invalid, and each URL as its first byte and its bytes, "4+23".
 * With the argument "nfc": the text in normal form C, as a record.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/die.h"
#include "base/str.h"
#include "base/utf8.h"
#include "length/length.h"

enum { ARENA_MAX = 64 << 20 };

static char *read_text(struct arena *a, const char *line)
{
	struct str digits = str_of(line);
	int64_t n;

	digits.n = strcspn(line, "\n");
	if (!str_int64(digits, 0, ARENA_MAX / 16, &n))
		die("no record");

	char *text = arena_alloc(a, (size_t)n + 1);

	if (fread(text, 1, (size_t)n, stdin) != (size_t)n)
		die("a record is cut off");
	if (!utf8_valid(text, (size_t)n) || strlen(text) != (size_t)n)
		die("a record is no text");
	return text;
}

static void weigh(struct arena *a, const char *text)
{
	struct length_urls *urls = length_urls(a, text);
	struct str url;

	printf("%" PRId64 " %s", length_weighted(a, text),
	    length_invalid(text) ? "bad" : "ok");
	while (length_next_url(urls, &url))
		printf(" %zu+%zu", (size_t)(url.p - text), url.n);
	putchar('\n');
}

static void normalise(struct arena *a, const char *text)
{
	const char *normal = utf8_nfc(a, text);

	printf("%zu\n%s", strlen(normal), normal);
}

int main(int argc, char **argv)
{
	bool nfc = argc > 1 && strcmp(argv[1], "nfc") == 0;
	char line[32];

	while (fgets(line, sizeof(line), stdin)) {
		struct arena a = arena_make(ARENA_MAX);

		const char *text = read_text(&a, line);

		if (nfc)
			normalise(&a, text);
		else
			weigh(&a, text);
		arena_end(&a);
	}
	return ferror(stdin) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
