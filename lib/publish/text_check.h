/* text_check.h - checks a text once more before it is sent. */
#ifndef PUBLISH_TEXT_CHECK_H
#define PUBLISH_TEXT_CHECK_H

#include "publish/run.h"

/* Fails the lane's tweet if its text cannot be sent, since another program may
 * have written it; then *found is false. */
enum err text_check(struct run *run, struct lane *lane, bool *found) MUST_CHECK;

#endif
