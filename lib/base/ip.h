/* ip.h - IP addresses and networks. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

enum { IP_BITS = 128 };

/* An IPv6 address; an IPv4 address as the one that stands for it,
 * ::ffff:203.0.113.7. */
struct ip {
	unsigned char bytes[16];
};

/* The addresses that begin with the first BITS of IP. */
struct ip_network {
	struct ip ip;
	unsigned bits;
};

struct ip_list {
	const struct ip_network *networks;
	size_t count;
};

/* Reads an address as servers and proxies write it: also in brackets, with a
 * port or with a zone, which are dropped. False for anything else. */
bool ip_read(struct str s, struct ip *out) MUST_CHECK;

/* Reads addresses and networks such as 10.0.0.0/8, separated by commas; owned
 * by the arena. False if one is neither, or is all addresses (/0). */
bool ip_list_read(struct arena *a, const char *list, struct ip_list *out)
    MUST_CHECK;

bool ip_is_in(const struct ip *ip, const struct ip_list *list);

bool ip_is_v4(const struct ip *ip);

/* Sets all but the first BITS to zero. */
void ip_cut(struct ip *ip, unsigned bits);

/* "203.0.113.7" or "2001:db8::1"; owned by the arena. */
const char *ip_text(struct arena *a, const struct ip *ip);

#endif
