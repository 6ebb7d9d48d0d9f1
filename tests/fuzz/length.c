/* length.c - a text has a length, and its URLs lie in it from left to right. */
#include "fuzz/fuzz.h"

#include "base/utf8.h"
#include "length/length.h"
#include "x/x_timeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	char *text = arena_copy(&a, (const char *)data, size);
	struct str url = { text, 0 };

	if (strlen(text) != size || !utf8_valid(text, size))
		return 0;

	int64_t length = length_weighted(&a, text);
	struct length_urls *urls = length_urls(&a, text);

	assert(length >= 0 && (length > 0) == (size > 0));
	assert(length <= 2 * (int64_t)size + LENGTH_URL * (int64_t)size);
	for (const char *end = text; length_next_url(urls, &url);) {
		assert(url.n && url.p >= end && url.p + url.n <= text + size);
		end = url.p + url.n;
	}
	assert(x_timeline_same(&a, text, text));
	(void)length_invalid(text);
	return 0;
}
