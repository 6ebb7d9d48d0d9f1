/* encode.c - bytes and text in other notations. */
#include "base/encode.h"

#include <string.h>

#include "base/buf.h"

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789-_";

char *encode_hex(struct arena *a, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = p;
	char *text = arena_alloc(a, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return text;
}

static char *base64(
    struct arena *a, const void *p, size_t n, const char *alphabet, bool pad)
{
	const unsigned char *bytes = p;
	char *text = arena_alloc(a, (n + 2) / 3 * 4 + 1);
	size_t at = 0;

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		unsigned group = (unsigned)bytes[i] << 16;

		if (left > 1)
			group |= (unsigned)bytes[i + 1] << 8;
		if (left > 2)
			group |= bytes[i + 2];
		for (size_t k = 0; k < 4; k++) {
			if (k <= left)
				text[at++] =
				    alphabet[(group >> (18 - 6 * k)) & 63];
			else if (pad)
				text[at++] = '=';
		}
	}
	return text;
}

char *encode_base64(struct arena *a, const void *p, size_t n)
{
	return base64(a, p, n, standard, true);
}

char *encode_base64url(struct arena *a, const void *p, size_t n)
{
	return base64(a, p, n, url_safe, true);
}

char *encode_base64url_bare(struct arena *a, const void *p, size_t n)
{
	return base64(a, p, n, url_safe, false);
}

/* Removes the padding from *text and gives its length. */
static size_t strip_padding(struct str *text)
{
	size_t padding = 0;

	while (padding < 2 && text->n && text->p[text->n - 1] == '=') {
		text->n--;
		padding++;
	}
	return padding;
}

/* Decodes a last group of fewer than four characters. */
static bool decode_rest(
    unsigned group, size_t padding, unsigned char *p, size_t *n)
{
	if (padding == 1) {
		p[(*n)++] = (unsigned char)(group >> 10);
		p[(*n)++] = (unsigned char)(group >> 2);
		return (group & 3) == 0;
	}
	if (padding == 2) {
		p[(*n)++] = (unsigned char)(group >> 4);
		return (group & 15) == 0;
	}
	return true;
}

bool decode_base64url(
    struct arena *a, struct str text, unsigned char **p, size_t *n)
{
	unsigned group = 0;

	if (text.n % 4)
		return false;

	size_t padding = strip_padding(&text);
	unsigned char *bytes = arena_alloc(a, text.n / 4 * 3 + 3);

	*p = bytes;
	*n = 0;
	for (size_t i = 0; i < text.n; i++) {
		const char *place =
		    text.p[i] ? strchr(url_safe, text.p[i]) : NULL;

		if (!place)
			return false;
		group = (group << 6) | (unsigned)(place - url_safe);
		if (i % 4 == 3) {
			bytes[(*n)++] = (unsigned char)(group >> 16);
			bytes[(*n)++] = (unsigned char)(group >> 8);
			bytes[(*n)++] = (unsigned char)group;
			group = 0;
		}
	}
	return decode_rest(group, padding, bytes, n);
}

static bool unreserved(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

char *encode_percent(struct arena *a, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, 3 * strlen(text) + 1);
	size_t at = 0;

	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (unreserved(c)) {
			out[at++] = *p;
			continue;
		}
		out[at++] = '%';
		out[at++] = digits[c >> 4];
		out[at++] = digits[c & 15];
	}
	return out;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool decode_percent(struct arena *a, struct str s, bool plus, char **text)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t at = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '%') {
			out[at++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
			continue;
		}
		if (s.n - i < 3)
			return false;

		int high = hex_digit(s.p[i + 1]);
		int low = hex_digit(s.p[i + 2]);

		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return false;
		out[at++] = (char)(high * 16 + low);
		i += 2;
	}
	*text = out;
	return true;
}

const char *encode_shell(struct arena *a, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789/._-+,:@%=";
	struct buf out = buf_make(a, 64 * 1024);

	if (text[0] && !text[strspn(text, plain)])
		return text;
	buf_byte(&out, '\'');
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			buf_text(&out, "'\\''");
		else
			buf_byte(&out, *p);
	}
	buf_byte(&out, '\'');
	return buf_cstr(&out);
}
