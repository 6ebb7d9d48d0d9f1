/* test_siphash.c - SipHash-2-4 against its authors' vectors. */
#include "unit/test.h"

#include "base/siphash.h"

/* Of the key 00 01 … 0f, the message being 00 01 … of that length. */
static const struct {
	size_t n;
	uint64_t wanted;
} vectors[] = {
	{ 0, UINT64_C(0x726fdb47dd0e0e31) },
	{ 1, UINT64_C(0x74f839c593dc67fd) },
	{ 7, UINT64_C(0xab0200f58b01d137) },
	{ 8, UINT64_C(0x93f5f5799a932462) },
	{ 15, UINT64_C(0xa129ca6149be45e5) },
	{ 16, UINT64_C(0x3f2acc7f57c29bdb) },
};

static void it_gives_the_vectors_of_its_authors(void **state)
{
	struct siphash_key key;
	unsigned char message[16];

	(void)state;
	for (size_t i = 0; i < sizeof(message); i++)
		key.bytes[i] = message[i] = (unsigned char)i;
	for (size_t i = 0; i < COUNT(vectors); i++)
		assert_int_equal(
		    siphash(&key, message, vectors[i].n), vectors[i].wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_gives_the_vectors_of_its_authors),
	};

	return RUN_TESTS(tests);
}
