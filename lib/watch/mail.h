/* mail.h - a mail by the system's sendmail. */
#ifndef WATCH_MAIL_H
#define WATCH_MAIL_H

#include <stdint.h>

#include "app/app.h"

/* TEXT in one line that shows: control characters become blanks, what is no
 * UTF-8 question marks, and MAX bytes remain at the most. */
const char *mail_line(struct arena *a, const char *text, size_t max);

/* The whole message (RFC 5322), lines ended by LF. TO are addresses; SUBJECT
 * may hold anything; BODY's lines have at most 998 bytes. */
const char *mail_message(struct arena *a, const char *const *to,
    const char *subject, const char *body, int64_t now);

/* Hands a mail for ALERT_EMAIL to SENDMAIL, for SECONDS at the most.
 * ERR_CONFIG_INVALID for an address; ERR_SYSTEM where it was not taken. */
enum err mail_send(struct app *app, const char *subject, const char *body,
    int64_t seconds) MUST_CHECK;

#endif
