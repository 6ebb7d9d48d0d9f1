/* tweet_state.h - the states of a tweet, a row each.
 *
 * The status says whether a tweet was posted; the state says what it is waiting
 * for. Lists, counts and the API's description are made from these rows, and
 * tests hold the dashboard's labels to them. SQLite needs conditions as
 * literals, so statements paste these macros. A tweet's row is t, its account's
 * a, its open attempt's p. */
#ifndef APP_TWEET_STATE_H
#define APP_TWEET_STATE_H

#include <stdbool.h>

/* ROW(ID, name, status, place, condition, label for people, meaning for readers
 * of the API's description). A tweet is in the first state whose condition
 * holds; $1 is the time now. An attempt whose sender shows no sign of life is
 * unknown before the next run says so. */
/* clang-format off */
#define TWEET_STATES(ROW)                                                      \
	ROW(POSTED, "posted", "posted", TWEET_STAYS,                           \
	    "t.status = 'posted'",                                             \
	    "Posted", "X has it.")                                             \
	ROW(FAILED, "failed", "failed", TWEET_STAYS,                           \
	    "t.status = 'failed' AND t.code IS NOT 'outcome_unknown'",         \
	    "Rejected", "X rejected it, and `reason` says why.")               \
	ROW(UNCONFIRMED, "unconfirmed", "failed", TWEET_STAYS,                 \
	    "t.status IS NOT 'pending'",                                       \
	    "Not confirmed", "It was not found on the account's timeline, so"  \
	    " somebody must say whether it was posted. Its status is `failed`,"\
	    " its code `outcome_unknown`.")                                    \
	ROW(SENDING, "sending", "pending", TWEET_SENT,                         \
	    "p.id IS NOT NULL AND p.look_at IS NULL AND a.lease_until > $1",   \
	    "Sending", "It is on its way to X.")                               \
	ROW(UNKNOWN, "unknown", "pending", TWEET_SENT,                         \
	    "p.id IS NOT NULL",                                                \
	    "Checking with X", "X didn't answer, so the account's timeline is" \
	    " being checked.")                                                 \
	ROW(DRAFT, "draft", "pending", TWEET_STAYS,                            \
	    "t.draft <> 0",                                                    \
	    "Draft", "Nothing sends it until it is finished.")                 \
	ROW(HELD, "held", "pending", TWEET_STAYS,                              \
	    "t.late = 'held'",                                                 \
	    "Missed (needs release)", "It was too late to go out"              \
	    " automatically: release it or delete it.")                        \
	ROW(HELD_BACK, "held_back", "pending", TWEET_PASSES,                   \
	    "t.retry_at > $1",                                                 \
	    "Waiting for X", "It will be sent automatically after `retry_at`.")\
	ROW(PENDING, "pending", "pending", TWEET_PASSES,                       \
	    "t.scheduled_at IS NULL",                                          \
	    "Not scheduled", "It stays here until somebody posts it.")         \
	ROW(SCHEDULED, "scheduled", "pending", TWEET_PASSES,                   \
	    "t.scheduled_at > $1",                                             \
	    "Scheduled", "It goes out with the first run after its time.")     \
	ROW(DUE, "due", "pending", TWEET_PASSES,                               \
	    "true",                                                            \
	    "Sending soon", "Its time has come: the next run sends it.")
/* clang-format on */

/* Where tweets of a state are found, and whether time alone ends it. */
enum tweet_place {
	TWEET_STAYS,  /* in it until something is done */
	TWEET_PASSES, /* another state comes with the time */
	TWEET_SENT    /* that too; and they have an open attempt */
};

#define TWEET_STATE_ID(id, ...) TWEET_IS_##id,
enum tweet_state { TWEET_STATES(TWEET_STATE_ID) TWEET_STATE__COUNT };

struct tweet_state_row {
	const char *name;
	const char *status;
	enum tweet_place place;
};

/* By enum tweet_state; the names alone end with NULL. */
extern const struct tweet_state_row tweet_state_rows[];
extern const char *const tweet_states[];

/* The state of that name; there must be one. */
enum tweet_state tweet_state_named(const char *name);

/* The name of a tweet's state, of TWEET_TABLES. */
#define TWEET_STATE_WHEN(id, name, status, place, condition, ...) \
	" WHEN " condition " THEN '" name "'"
#define TWEET_STATE "CASE" TWEET_STATES(TWEET_STATE_WHEN) " END"

/* The tables that TWEET_STATE looks at. */
#define TWEET_TABLES                                                         \
	"tweet t LEFT JOIN twitter_account a ON a.id = t.twitter_account_id" \
	" LEFT JOIN attempt p ON p.tweet_id = t.id AND p.ended_at IS NULL"

/* The ids of tweets with an open attempt. */
#define TWEET_IDS_SENT "SELECT tweet_id FROM attempt WHERE ended_at IS NULL"

/* The ids of tweets that X holds back or whose time is over at $1: all that
 * should have been sent by then, but for drafts and missed ones, and more. */
#define TWEET_IDS_OVERDUE                                    \
	"SELECT id FROM tweet WHERE next_at <= $1 UNION ALL" \
	" SELECT id FROM tweet WHERE row_state = 'held_back'"

/* The tweet has an open attempt. */
#define TWEET_ON_ITS_WAY                  \
	"EXISTS (SELECT 1 FROM attempt p" \
	" WHERE p.tweet_id = t.id AND p.ended_at IS NULL)"

/* The status as one of the known ones, and the code that goes with it, as
 * tweet_known_status and tweet_known_code give them. */
#define TWEET_STATUS                                  \
	"CASE t.status WHEN 'pending' THEN 'pending'" \
	" WHEN 'posted' THEN 'posted' ELSE 'failed' END"
#define TWEET_CODE                                              \
	"CASE WHEN t.status = 'pending' OR t.status = 'posted'" \
	" OR t.status = 'failed' THEN t.code ELSE 'outcome_unknown' END"

/* Whether the tweet may be sent to X: $1 is the time now, $2 whether only
 * tweets with a time may be sent (a tick), $3 a JSON array of selected ids,
 * which may be sent whatever their time (NULL: none). */
#define TWEET_READY                                                          \
	"t.status = 'pending' AND coalesce(t.draft, 0) = 0"                  \
	" AND NOT " TWEET_ON_ITS_WAY " AND CASE WHEN $3 IS NOT NULL"         \
	" THEN t.id IN (SELECT value FROM json_each($3))"                    \
	" ELSE (t.retry_at IS NULL OR t.retry_at <= $1)"                     \
	" AND (t.scheduled_at IS NULL OR t.scheduled_at BETWEEN '0' AND $1)" \
	" AND coalesce(t.late, '') <> 'held'"                                \
	" AND ($2 = 0 OR t.retry_at IS NOT NULL"                             \
	" OR t.scheduled_at IS NOT NULL) END"

#endif
