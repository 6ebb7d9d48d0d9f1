/* test_ip.c - addresses and networks as servers, proxies and people write
 * them. */
#include "unit/test.h"

#include "base/ip.h"

enum { LIMIT = 1 << 24 };

static void addresses_are_read_as_servers_and_proxies_write_them(void **state)
{
	static const struct {
		const char *text;
		const char *wanted; /* NULL: none */
	} cases[] = {
		{ "203.0.113.7", "203.0.113.7" },
		{ " 203.0.113.7\t", "203.0.113.7" },
		{ "203.0.113.7:4711", "203.0.113.7" },
		{ "::ffff:203.0.113.7", "203.0.113.7" },
		{ "[::ffff:203.0.113.7]:4711", "203.0.113.7" },
		{ "2001:DB8:0::1", "2001:db8::1" },
		{ "[2001:db8::1]", "2001:db8::1" },
		{ "[2001:db8::1]:443", "2001:db8::1" },
		{ "fe80::1%eth0", "fe80::1" },
		{ "[fe80::1%25eth0]:80", "fe80::1" },
		{ "::1", "::1" },
		{ "2001:db8::1:443", "2001:db8::1:443" },
		{ "", NULL },
		{ " ", NULL },
		{ "unknown", NULL },
		{ "_hidden", NULL },
		{ "unix:", NULL },
		{ "203.0.113", NULL },
		{ "203.0.113.256", NULL },
		{ "203.0.113.7:", NULL },
		{ "203.0.113.7:70000", NULL },
		{ "203.0.113.7:http", NULL },
		{ "203.0.113.7 203.0.113.8", NULL },
		{ "203.0.113.7/32", NULL },
		{ "[2001:db8::1", NULL },
		{ "[2001:db8::1]443", NULL },
		{ "[2001:db8::1]:", NULL },
		{ "[2001:db8::1]:x", NULL },
		{ "[]", NULL },
		{ "2001:db8::1::2", NULL },
		{ "2001:db8:1111:2222:3333:4444:5555:6666:7777:8888:9999",
		    NULL },
		{ "a:1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct ip ip;
		bool good = ip_read(str_of(cases[i].text), &ip);

		assert_int_equal(good, cases[i].wanted != NULL);
		if (good)
			assert_string_equal(ip_text(&a, &ip), cases[i].wanted);
	}
}

static void only_addresses_and_networks_make_a_list(void **state)
{
	static const struct {
		const char *list;
		size_t count; /* 0: refused */
	} cases[] = {
		{ "10.0.0.1", 1 },
		{ " 10.0.0.1 , 10.1.0.0/16,2001:db8::/32", 3 },
		{ "10.0.0.1/32,::1/128", 2 },
		{ "10.0.0.1/8", 1 }, /* the rest of the address is dropped */
		{ "0.0.0.0/1", 1 },
		{ "", 0 },
		{ ",", 0 },
		{ "10.0.0.1,", 0 },
		{ "10.0.0.1 10.0.0.2", 0 },
		{ "10.0.0.0/0", 0 },
		{ "::/0", 0 },
		{ "10.0.0.0/33", 0 },
		{ "::/129", 0 },
		{ "10.0.0.0/", 0 },
		{ "10.0.0.0/-1", 0 },
		{ "10.0.0.0/8/8", 0 },
		{ "10.0.0.1:80", 0 },
		{ "[::1]", 0 },
		{ "*", 0 },
		{ "proxy.example.org", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct ip_list list = { 0 };
		bool good = ip_list_read(&a, cases[i].list, &list);

		assert_int_equal(good, cases[i].count > 0);
		assert_int_equal(list.count, cases[i].count);
	}
}

static void a_network_has_its_own_addresses_only(void **state)
{
	static const struct {
		const char *list, *ip;
		bool wanted;
	} cases[] = {
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "10.0.0.0/8", "11.0.0.0", false },
		{ "10.1.2.3/8", "10.0.0.1", true },
		{ "10.0.0.4/30", "10.0.0.7", true },
		{ "10.0.0.4/30", "10.0.0.8", false },
		{ "10.0.0.4", "10.0.0.4", true },
		{ "10.0.0.4", "10.0.0.5", false },
		{ "10.0.0.4", "::ffff:10.0.0.4", true },
		{ "::ffff:10.0.0.4", "10.0.0.4", true },
		{ "10.0.0.0/8", "::a00:1", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "192.0.2.1,10.0.0.0/8", "10.0.0.1", true },
		{ "192.0.2.1,10.0.0.0/8", "192.0.2.2", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED(arena) a = arena_make(LIMIT);
		struct ip_list list;
		struct ip ip;

		assert_true(ip_list_read(&a, cases[i].list, &list));
		assert_true(ip_read(str_of(cases[i].ip), &ip));
		assert_int_equal(ip_is_in(&ip, &list), cases[i].wanted);
	}
}

static void an_address_is_cut_to_its_first_bits(void **state)
{
	SCOPED(arena) a = arena_make(LIMIT);
	struct ip ip;

	(void)state;
	assert_true(ip_read(str_of("2001:db8:1:2:3:4:5:6"), &ip));
	ip_cut(&ip, 64);
	assert_string_equal(ip_text(&a, &ip), "2001:db8:1:2::");
	ip_cut(&ip, 128);
	assert_string_equal(ip_text(&a, &ip), "2001:db8:1:2::");
	ip_cut(&ip, 0);
	assert_string_equal(ip_text(&a, &ip), "::");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    addresses_are_read_as_servers_and_proxies_write_them),
		cmocka_unit_test(only_addresses_and_networks_make_a_list),
		cmocka_unit_test(a_network_has_its_own_addresses_only),
		cmocka_unit_test(an_address_is_cut_to_its_first_bits),
	};

	return RUN_TESTS(tests);
}
