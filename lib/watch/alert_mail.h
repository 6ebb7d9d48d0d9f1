/* alert_mail.h - alerts told by mail: one mail for all that is new. */
#ifndef WATCH_ALERT_MAIL_H
#define WATCH_ALERT_MAIL_H

#include <stdint.h>

#include "app/app.h"

/* Mails what was opened or closed and not mailed yet, if ALERT_EMAIL is set,
 * for SECONDS at the most. What goes wrong is logged, and a later call tries
 * again. */
void alert_mail(struct app *app, int64_t seconds);

#endif
