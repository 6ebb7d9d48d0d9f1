/* text.c - times, base64url and percent encoding, there and back. */
#include "fuzz/fuzz.h"

#include "base/address.h"
#include "base/clock.h"
#include "base/encode.h"
#include "watch/mail.h"

static void times(struct str s)
{
	char text[CLOCK_TEXT];
	int64_t t = 0;
	int64_t again = 0;

	if (!clock_parse_rfc3339(s, &t))
		return;
	clock_rfc3339(t, text);
	assert(clock_parse_rfc3339(str_of(text), &again) && again == t);
	clock_sql(t, text);
	assert(clock_parse(str_of(text), &again) && again == t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) a = arena_make(FUZZ_MEMORY);
	struct str given = { (const char *)data, size };
	char *text = arena_copy(&a, given.p, given.n);
	char *plain = NULL;

	times(given);
	if (strlen(text) == size) {
		assert(decode_percent(
		    &a, str_of(encode_percent(&a, text)), false, &plain));
		assert(strcmp(plain, text) == 0);
	}
	(void)decode_percent(&a, given, true, &plain);

	const char **list = address_list(&a, text);

	for (size_t i = 0; list && list[i]; i++)
		assert(!strpbrk(list[i], "\r\n") && list[i][0] != '-');
	assert(!strpbrk(mail_line(&a, text, 200), "\r\n"));
	return 0;
}
