/* overdue.h - finds scheduled tweets that did not go out on time, and says
 * why. */
#ifndef WATCH_OVERDUE_H
#define WATCH_OVERDUE_H

#include "watch/condition.h"

/* Checks the conditions from CONDITION_MISSED to CONDITION_UNUSABLE; each
 * stands for all tweets of its kind. Drafts and tweets that will be sent
 * automatically do not count. CONDITIONS has CONDITION__COUNT elements. */
enum err overdue_check(struct app *app, struct condition *conditions)
    MUST_CHECK;

#endif
