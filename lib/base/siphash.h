/* siphash.h - SipHash-2-4: a short hash that nobody can steer who does not know
 * its key. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	unsigned char bytes[16];
};

uint64_t siphash(const struct siphash_key *key, const void *p, size_t n);

#endif
