/* test_address.c - the lists of addresses that a mail may go to. */
#include "unit/test.h"

#include "base/address.h"

enum { LIMIT = 1 << 24 };

static void only_plain_addresses_are_taken(void **state)
{
	static const struct {
		const char *list;
		size_t count;
	} cases[] = {
		{ "a@b", 1 },
		{ " a@b , c.d+e@f.example ", 2 },
		{ "a@b,", 0 },
		{ "", 0 },
		{ ",", 0 },
		{ "a", 0 },
		{ "@b", 0 },
		{ "a@", 0 },
		{ "a@b@c", 0 },
		{ "-f@b", 0 },
		{ "a@b -f", 0 },
		{ "a@b\nBcc: c@d", 0 },
		{ "a@b\r\n", 0 },
		{ "\"a b\"@c", 0 },
		{ "A <a@b>", 0 },
		{ "a@b;c@d", 0 },
		{ "\xC3\xA4@b", 0 },
		{ "a@b\x7F", 0 },
		{ "a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,"
		  "a@b,a@b",
		    16 },
		{ "a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,a@b,"
		  "a@b,a@b,a@b",
		    0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		const char **found = address_list(&a, cases[i].list);
		size_t count = 0;

		while (found && found[count])
			count++;
		assert_int_equal(count, cases[i].count);
		assert_int_equal(found != NULL, count > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_plain_addresses_are_taken),
	};

	return RUN_TESTS(tests);
}
