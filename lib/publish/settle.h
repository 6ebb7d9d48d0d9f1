/* settle.h - tweets of which nobody knows whether X has them.
 *
 * Such a tweet is looked for in its account's timeline and is posted when it
 * is found. That it is not there proves nothing for a while, so it is looked
 * for several times; then a person must decide. It is never sent again by
 * itself. */
#ifndef PUBLISH_SETTLE_H
#define PUBLISH_SETTLE_H

#include "publish/run.h"

/* Marks the account's attempts that a dead process left open as unknown. Its
 * lease must be held, so that whoever opened them is surely gone. */
enum err settle_adopt(struct run *run, const struct lane *lane) MUST_CHECK;

/* Makes an open attempt unknown: when it is looked for is noted. */
enum err settle_later(struct run *run, int64_t attempt) MUST_CHECK;

/* Whether the account has an unknown tweet that is to be looked for now; and
 * the id from which its timeline must be read (NULL: from its start). */
enum err settle_due(struct run *run, const struct lane *lane, bool *due,
    const char **since_id) MUST_CHECK;

/* Compares the account's unknown tweets with the posts of the lane's call. */
enum err settle_compare(struct run *run, struct lane *lane) MUST_CHECK;

/* The id below which no post of the account made from now on can be. */
enum err settle_since(
    struct run *run, const struct lane *lane, const char **since_id) MUST_CHECK;

/* When a tweet sent at SENT_AT, and not found by DONE looks before this one, is
 * looked for again, NOW being the time of the look; 0: not any more. Times are
 * seconds since 1970. */
int64_t settle_next_look(int64_t sent_at, int64_t done, int64_t now);

/* Gives up unknown tweets of accounts that cannot be looked at any more. */
enum err settle_give_up(struct app *app, int64_t account) MUST_CHECK;

#endif
