/* overdue.h - scheduled tweets that did not go out at their time, and why. */
#ifndef WATCH_OVERDUE_H
#define WATCH_OVERDUE_H

#include "watch/trouble.h"

/* Looks for the troubles from TROUBLE_MISSED to TROUBLE_UNUSABLE, each of which
 * is all such tweets in one. What goes by itself later is none, nor is a draft.
 * TROUBLES has TROUBLE__COUNT elements. */
enum err overdue_look(struct app *app, struct trouble *troubles) MUST_CHECK;

#endif
