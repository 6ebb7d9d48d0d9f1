/* address.c - mail addresses that are safe to hand to sendmail. */
#include "base/address.h"

#include <string.h>

#include "base/str.h"

enum { ADDRESS_MAX = 254 /* bytes; RFC 5321 with its erratum 1690 */ };

static bool is_safe(const char *address)
{
	const char *at = strchr(address, '@');

	if (!at || at == address || !at[1] || strchr(at + 1, '@') ||
	    address[0] == '-' || strlen(address) > ADDRESS_MAX)
		return false;
	for (const char *p = address; *p; p++) {
		if (*p <= ' ' || *p >= 0x7F || strchr("()<>[],;:\\\"", *p))
			return false;
	}
	return true;
}

const char **address_list(struct arena *a, const char *list)
{
	const char **out = arena_array(a, ADDRESS_COUNT_MAX + 1, sizeof(*out));
	struct str rest = str_of(list);
	size_t n = 0;

	while (rest.p) {
		struct str one = str_trim(str_cut(&rest, ','));

		if (n == ADDRESS_COUNT_MAX)
			return NULL;
		out[n] = arena_copy(a, one.p, one.n);
		if (!is_safe(out[n++]))
			return NULL;
	}
	return n ? out : NULL;
}
