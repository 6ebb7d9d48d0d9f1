/* str.c - views of bytes. */
#include "base/str.h"

#include <string.h>

struct str str_of(const char *text)
{
	return (struct str){ .p = text, .n = text ? strlen(text) : 0 };
}

bool str_eq(struct str s, const char *text)
{
	return s.n == strlen(text) && (!s.n || memcmp(s.p, text, s.n) == 0);
}

/* Whether C is one of the BYTES; NUL never is. */
static bool is_one_of(char c, const char *bytes)
{
	return c && strchr(bytes, c);
}

struct str str_trim_any(struct str s, const char *bytes)
{
	while (s.n && is_one_of(s.p[0], bytes)) {
		s.p++;
		s.n--;
	}
	while (s.n && is_one_of(s.p[s.n - 1], bytes))
		s.n--;
	return s;
}

struct str str_trim(struct str s)
{
	return str_trim_any(s, " \t");
}

char str_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_is_word(struct str s, const char *word)
{
	size_t i = 0;

	while (i < s.n && word[i] && str_lower(s.p[i]) == word[i])
		i++;
	return i == s.n && !word[i];
}

struct str str_cut(struct str *rest, char sep)
{
	struct str head = *rest;
	const char *at = head.n ? memchr(head.p, sep, head.n) : NULL;

	if (!at) {
		*rest = (struct str){ 0 };
		return head;
	}
	head.n = (size_t)(at - head.p);
	rest->p += head.n + 1;
	rest->n -= head.n + 1;
	return head;
}

bool str_int64(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool negative = min < 0 && s.n && s.p[0] == '-';
	int64_t value = 0;

	if (negative) {
		s.p++;
		s.n--;
	}
	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* count in negative numbers, which include INT64_MIN */
		if (value < (INT64_MIN + digit) / 10)
			return false;
		value = value * 10 - digit;
	}
	if (!negative && value == INT64_MIN)
		return false;
	value = negative ? value : -value;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

bool str_same_secret(const void *a, const void *b, size_t n)
{
	const volatile unsigned char *x = a;
	const volatile unsigned char *y = b;
	unsigned char differ = 0;

	for (size_t i = 0; i < n; i++)
		differ = (unsigned char)(differ | (x[i] ^ y[i]));
	return differ == 0;
}
