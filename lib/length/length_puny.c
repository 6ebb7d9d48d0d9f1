/*
 * length_puny.c - the length of a domain label in DNS (RFC 3492).
 *
 * Only lengths are needed, so no digits are produced. Each code point takes at
 * least one character, so labels with too many need no encoding: this bounds
 * the encoder, whose time grows with the square of the length.
 */
#include "length/length_puny.h"

enum {
	BASE = 36,
	T_MIN = 1,
	T_MAX = 26,
	SKEW = 38,
	DAMP = 700,
	FIRST_BIAS = 72,
	FIRST_POINT = 0x80,
	POINTS_MAX = 63,
	PREFIX = 4 /* xn-- */
};

/* The number of digits for DELTA. */
static size_t digits(uint32_t delta, uint32_t bias)
{
	size_t n = 1;

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias ? T_MIN : k - bias;

		if (t > T_MAX)
			t = T_MAX;
		if (delta < t)
			return n;
		delta = (delta - t) / (BASE - t);
		n++;
	}
}

static uint32_t adapted(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta /= first ? DAMP : 2;
	delta += delta / points;
	while (delta > (BASE - T_MIN) * T_MAX / 2) {
		delta /= BASE - T_MIN;
		k += BASE;
	}
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* The smallest code point that is at least N. */
static uint32_t least_from(const uint32_t *points, size_t count, uint32_t n)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < count; i++) {
		if (points[i] >= n && points[i] < least)
			least = points[i];
	}
	return least;
}

static size_t encoded(const uint32_t *points, size_t count)
{
	uint32_t basic = 0;

	for (size_t i = 0; i < count; i++)
		basic += points[i] < FIRST_POINT;

	size_t length = basic ? basic + 1 : 0; /* with the delimiter */
	uint32_t n = FIRST_POINT;
	uint32_t bias = FIRST_BIAS;
	uint32_t delta = 0;
	uint32_t done = basic;

	while (done < count) {
		uint32_t next = least_from(points, count, n);

		delta += (next - n) * (done + 1);
		n = next;
		for (size_t i = 0; i < count; i++) {
			delta += points[i] < n;
			if (points[i] != n)
				continue;
			length += digits(delta, bias);
			bias = adapted(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		n++;
	}
	return length;
}

static size_t part_length(struct units part, size_t max)
{
	uint32_t points[POINTS_MAX];
	size_t count = 0;
	bool plain = true;
	size_t taken;

	for (size_t i = 0; i < part.n; i += taken) {
		if (count == max)
			return max + 1;
		points[count] = length_unit_point(part, i, &taken);
		plain = plain && points[count] < FIRST_POINT;
		count++;
	}
	return plain ? count : PREFIX + encoded(points, count);
}

size_t length_puny(struct units label, size_t max)
{
	size_t total = 0;
	size_t from = 0;

	/* full stops of other scripts divide a label further */
	while (from <= label.n && total <= max) {
		size_t to = from;

		while (to < label.n && label.p[to] != 0x3002 &&
		       label.p[to] != 0xFF0E && label.p[to] != 0xFF61)
			to++;
		total += from > 0;
		total += part_length(length_unit_part(label, from, to), max);
		from = to + 1;
	}
	return total;
}
