/* siphash.c - SipHash-2-4, by Aumasson and Bernstein's paper of 2012. */
#include "base/siphash.h"

#include <string.h>

enum { WORD = 8 };

/* The N bytes at P (WORD at most) as a number, the lowest byte first. */
static uint64_t read_word(const unsigned char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

static uint64_t turn(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4], int rounds)
{
	while (rounds-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = turn(v[1], 13) ^ v[0];
		v[3] = turn(v[3], 16) ^ v[2];
		v[0] = turn(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = turn(v[1], 17) ^ v[2];
		v[3] = turn(v[3], 21) ^ v[0];
		v[2] = turn(v[2], 32);
	}
}

static void add(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	mix(v, 2);
	v[0] ^= word;
}

uint64_t siphash(const struct siphash_key *key, const void *p, size_t n)
{
	const unsigned char *bytes = p;
	uint64_t k0 = read_word(key->bytes, WORD);
	uint64_t k1 = read_word(key->bytes + WORD, WORD);
	uint64_t v[] = { UINT64_C(0x736f6d6570736575) ^ k0,
		UINT64_C(0x646f72616e646f6d) ^ k1,
		UINT64_C(0x6c7967656e657261) ^ k0,
		UINT64_C(0x7465646279746573) ^ k1 };
	uint64_t last = (uint64_t)n << 56;

	for (; n >= WORD; n -= WORD, bytes += WORD)
		add(v, read_word(bytes, WORD));
	add(v, last | read_word(bytes, n));
	v[2] ^= 0xFF;
	mix(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
