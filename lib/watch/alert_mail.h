/* alert_mail.h - mails alerts: one mail for all that is new. */
#ifndef WATCH_ALERT_MAIL_H
#define WATCH_ALERT_MAIL_H

#include <stdint.h>

#include "app/app.h"

/* Mails alerts that were opened or closed and not mailed yet, if ALERT_EMAIL is
 * set, within SECONDS. Logs failures; a later call tries again. */
void alert_mail(struct app *app, int64_t seconds);

#endif
