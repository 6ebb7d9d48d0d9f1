/* text_check.h - texts that other programs wrote, past all of our checks. */
#ifndef PUBLISH_TEXT_CHECK_H
#define PUBLISH_TEXT_CHECK_H

#include "publish/run.h"

/* Ends the lane's tweet, which was *found, if its text cannot be sent: it has
 * failed then, is in nobody's way, and is *found no more. */
enum err text_check(struct run *run, struct lane *lane, bool *found) MUST_CHECK;

#endif
