/* ip.c - IP addresses and networks. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <string.h>

enum { V4_AT = 12, V4_BITS = 32 };

static const unsigned char v4_prefix[V4_AT] = { [10] = 0xFF, [11] = 0xFF };

/* An address and nothing else. */
static bool read_bare(struct str s, struct ip *out)
{
	char text[INET6_ADDRSTRLEN];

	if (!s.n || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET6, text, out->bytes) == 1)
		return true;
	memcpy(out->bytes, v4_prefix, sizeof(v4_prefix));
	return inet_pton(AF_INET, text, out->bytes + V4_AT) == 1;
}

static bool is_port(struct str s)
{
	int64_t port = 0;

	return str_int64(s, 0, UINT16_MAX, &port);
}

/* Takes a zone off, such as %eth0. */
static struct str without_zone(struct str s)
{
	return str_cut(&s, '%');
}

bool ip_read(struct str s, struct ip *out)
{
	s = str_trim(s);
	if (s.n && s.p[0] == '[') {
		struct str rest = { s.p + 1, s.n - 1 };
		struct str inner = str_cut(&rest, ']');

		if (!rest.p || (rest.n && rest.p[0] != ':') ||
		    (rest.n &&
			!is_port((struct str){ rest.p + 1, rest.n - 1 })))
			return false;
		return read_bare(without_zone(inner), out);
	}
	if (read_bare(without_zone(s), out))
		return true;

	struct str host = str_cut(&s, ':');

	return s.p && is_port(s) && read_bare(host, out) && ip_is_v4(out);
}

static bool read_network(struct str s, struct ip_network *out)
{
	struct str bits = str_trim(s);
	struct str address = str_cut(&bits, '/');
	int64_t n = IP_BITS;

	if (!read_bare(address, &out->ip))
		return false;

	bool v4 = ip_is_v4(&out->ip) && !memchr(address.p, ':', address.n);

	if (bits.p && !str_int64(bits, 1, v4 ? V4_BITS : IP_BITS, &n))
		return false;
	out->bits = (unsigned)n + (bits.p && v4 ? IP_BITS - V4_BITS : 0);
	ip_cut(&out->ip, out->bits);
	return true;
}

bool ip_list_read(struct arena *a, const char *list, struct ip_list *out)
{
	struct str rest = str_of(list);
	size_t most = 1;

	for (const char *p = list; *p; p++)
		most += *p == ',';

	struct ip_network *networks = arena_array(a, most, sizeof(*networks));
	size_t n = 0;

	while (rest.p) {
		if (!read_network(str_cut(&rest, ','), &networks[n++]))
			return false;
	}
	*out = (struct ip_list){ networks, n };
	return true;
}

bool ip_is_in(const struct ip *ip, const struct ip_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct ip start = *ip;

		ip_cut(&start, list->networks[i].bits);
		if (memcmp(&start, &list->networks[i].ip, sizeof(start)) == 0)
			return true;
	}
	return false;
}

bool ip_is_v4(const struct ip *ip)
{
	return memcmp(ip->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

void ip_cut(struct ip *ip, unsigned bits)
{
	for (unsigned i = 0; i < sizeof(ip->bytes); i++) {
		unsigned kept = bits > i * 8 ? bits - i * 8 : 0;

		if (kept < 8)
			ip->bytes[i] &= (unsigned char)(0xFF00U >> kept);
	}
}

const char *ip_text(struct arena *a, const struct ip *ip)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (ip_is_v4(ip))
		inet_ntop(AF_INET, ip->bytes + V4_AT, text, sizeof(text));
	else
		inet_ntop(AF_INET6, ip->bytes, text, sizeof(text));
	return arena_text(a, text);
}
