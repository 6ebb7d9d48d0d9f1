/* reconcile.h - finds out whether X has the tweets whose outcome is unknown.
 *
 * We look for such a tweet on its account's timeline; if it is there, it is
 * posted. It may take a while to appear, so the timeline is checked several
 * times before a person must decide. Until then nothing sends the tweet. */
#ifndef PUBLISH_RECONCILE_H
#define PUBLISH_RECONCILE_H

#include "publish/lane.h"

/* Marks the attempts that a dead process left open for the account as unknown.
 * The caller holds the account's lease, so whoever opened them is gone. */
enum err reconcile_adopt(struct app *app, const struct lane *lane) MUST_CHECK;

/* When the timeline is first checked for a tweet sent at SENT_AT. */
int64_t reconcile_first_check(int64_t sent_at);

/* Whether the timeline must be checked now for a tweet of the account, and from
 * which id on (NULL: from its start). */
enum err reconcile_due(struct app *app, const struct lane *lane, bool *due,
    const char **since_id) MUST_CHECK;

/* Compares the account's unknown tweets with the posts of the lane's call, the
 * last ones of the timeline if it is COMPLETE. */
enum err reconcile_compare(struct app *app, struct lane *lane, bool complete)
    MUST_CHECK;

/* Lower bound for ids of posts that the account creates from now on (NULL: not
 * known). X_DATE is the time by X's clock, or 0. */
enum err reconcile_since_id(struct app *app, const struct lane *lane,
    int64_t x_date, const char **since_id) MUST_CHECK;

/* When the timeline is checked again for a tweet sent at SENT_AT that was not
 * found by this check, made NOW, nor by DONE earlier ones; 0: never. Times are
 * seconds since 1970. */
int64_t reconcile_next_check(int64_t sent_at, int64_t done, int64_t now);

/* Gives up on unknown tweets of an account whose timeline cannot be read. */
enum err reconcile_give_up(struct app *app, int64_t account) MUST_CHECK;

#endif
