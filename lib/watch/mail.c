/*
 * mail.c - sends a mail through the system's sendmail.
 *
 * Names and X's words are never trusted: the text of a header is printable
 * ASCII or encoded as such (RFC 2047), and recipients are arguments after "--",
 * so the message cannot add any. There is no From header: sendmail knows best
 * which sender its host may use.
 */
#include "watch/mail.h"

#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/random.h"
#include "base/utf8.h"
#include "net/http_date.h"
#include "watch/spawn.h"

enum {
	HOST_MAX = 64,
	SUBJECT_MAX = 200,    /* bytes, as it is shown */
	PLAIN_MAX = 60,       /* of a subject that needs no encoding */
	WORD_MAX = 39,        /* bytes in an encoded word, for lines of 76 */
	MESSAGE_MAX = 1 << 20 /* bytes */
};

/* Whether C is a control character: C0, DEL, C1, or one that ends a line or
 * a paragraph. */
static bool is_control(uint32_t c)
{
	return c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

static bool is_well_formed(const char *p, size_t n)
{
	return strnlen(p, n) == n && utf8_valid(p, n);
}

/* The length of the character at P in bytes; 0 at the end. */
static size_t width(const char *p)
{
	size_t n = 1;

	while (n <= 4 && !is_well_formed(p, n))
		n++;
	return n <= 4 ? n : 0;
}

const char *mail_line(struct arena *a, const char *text, size_t max)
{
	struct buf line = buf_make(a, max);
	size_t n = 0;

	for (; *text; text += n ? n : 1) {
		const char *next = text;

		n = width(text);
		if (line.n + (n ? n : 1) > max)
			break;
		if (!n)
			buf_byte(&line, '?');
		else if (is_control(utf8_next(&next)))
			buf_byte(&line, ' ');
		else
			buf_add(&line, text, n);
	}
	return buf_cstr(&line);
}

static bool is_plain(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p < ' ' || *p >= 0x7F)
			return false;
	}
	return strlen(text) <= PLAIN_MAX && !strstr(text, "=?");
}

/* Writes TEXT as encoded words, one a line (RFC 2047). */
static void add_encoded(struct buf *out, const char *text)
{
	for (const char *p = text; *p;) {
		size_t n = utf8_cut(p, WORD_MAX);

		buf_printf(out, "%s=?utf-8?B?%s?=", p == text ? "" : "\n ",
		    encode_base64(out->arena, p, n));
		p += n;
	}
}

static void add_subject(struct buf *out, const char *text)
{
	text = mail_line(out->arena, text, SUBJECT_MAX);
	buf_text(out, "Subject: ");
	if (is_plain(text))
		buf_text(out, text);
	else
		add_encoded(out, text);
	buf_byte(out, '\n');
}

static void add_date(struct buf *out, int64_t now)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	char t[CLOCK_TEXT]; /* YYYY-MM-DD HH:MM:SS */

	clock_sql(now, t);

	size_t month = (size_t)(t[5] - '0') * 10 + (size_t)(t[6] - '0') - 1;

	buf_printf(out, "Date: %.3s, %.2s %s %.4s %s +0000\n",
	    days + now / 86400 % 7 * 3, t + 8, http_date_months[month], t,
	    t + 11);
}

static void add_id(struct buf *out)
{
	char host[HOST_MAX] = "";

	if (gethostname(host, sizeof(host) - 1) != 0 || !host[0] ||
	    strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789-.") != strlen(host))
		memcpy(host, "localhost", sizeof("localhost"));
	buf_printf(
	    out, "Message-ID: <%s@%s>\n", random_token(out->arena, 18), host);
}

const char *mail_message(struct arena *a, const char *const *to,
    const char *subject, const char *body, int64_t now)
{
	struct buf out = buf_make(a, MESSAGE_MAX);

	buf_text(&out, "To: ");
	for (size_t i = 0; to[i]; i++)
		buf_printf(&out, "%s%s", i ? ",\n " : "", to[i]);
	buf_byte(&out, '\n');
	add_subject(&out, subject);
	add_date(&out, now);
	add_id(&out);
	buf_text(&out, "Auto-Submitted: auto-generated\n"
		       "MIME-Version: 1.0\n"
		       "Content-Type: text/plain; charset=utf-8\n"
		       "Content-Transfer-Encoding: 8bit\n\n");
	buf_text(&out, body);
	return buf_cstr(&out);
}

enum err mail_send(
    struct app *app, const char *subject, const char *body, int64_t seconds)
{
	const char *argv[ADDRESS_COUNT_MAX + 4] = { app->config.sendmail, "-i",
		"--" };
	const char **to = address_list(app->arena, app->config.alert_email);

	if (!to)
		return fail(app, ERR_CONFIG_INVALID,
		    "the setting ALERT_EMAIL is not a mail address");
	for (size_t i = 0; to[i]; i++)
		argv[3 + i] = to[i];
	return spawn_feed(app, argv,
	    mail_message(app->arena, to, subject, body, clock_now()), seconds);
}
