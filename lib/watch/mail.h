/* mail.h - sends a mail through the system's sendmail. */
#ifndef WATCH_MAIL_H
#define WATCH_MAIL_H

#include <stdint.h>

#include "app/app.h"

/* TEXT as one printable line of at most MAX bytes: control characters become
 * blanks, invalid UTF-8 becomes question marks. */
const char *mail_line(struct arena *a, const char *text, size_t max);

/* The whole message (RFC 5322), with lines that end in LF. TO are addresses;
 * SUBJECT may be any text; the lines of BODY have at most 998 bytes. */
const char *mail_message(struct arena *a, const char *const *to,
    const char *subject, const char *body, int64_t now);

/* Hands a mail for ALERT_EMAIL to SENDMAIL, within SECONDS. ERR_CONFIG_INVALID
 * for a bad address; ERR_SYSTEM if the mail was not accepted. */
enum err mail_send(struct app *app, const char *subject, const char *body,
    int64_t seconds) MUST_CHECK;

#endif
