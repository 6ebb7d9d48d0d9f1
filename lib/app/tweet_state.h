/* tweet_state.h - what a pending tweet is waiting for, as SQL.
 *
 * The status says whether a tweet is out; its state says what a person wants to
 * know. Both are written where they are used, in one spelling: these. A tweet's
 * row is t, its account's a, its open attempt's p. */
#ifndef APP_TWEET_STATE_H
#define APP_TWEET_STATE_H

/* There is an attempt of which the end is not known. */
#define TWEET_ON_ITS_WAY                  \
	"EXISTS (SELECT 1 FROM attempt p" \
	" WHERE p.tweet_id = t.id AND p.ended_at IS NULL)"

/* The status as one of those that there are, and the code to it, as
 * tweet_known_status and tweet_known_code have them. */
#define TWEET_STATUS                                  \
	"CASE t.status WHEN 'pending' THEN 'pending'" \
	" WHEN 'posted' THEN 'posted' ELSE 'failed' END"
#define TWEET_CODE                                              \
	"CASE WHEN t.status = 'pending' OR t.status = 'posted'" \
	" OR t.status = 'failed' THEN t.code ELSE 'outcome_unknown' END"

/* The tables that TWEET_STATE looks at. */
#define TWEET_TABLES                                                         \
	"tweet t LEFT JOIN twitter_account a ON a.id = t.twitter_account_id" \
	" LEFT JOIN attempt p ON p.tweet_id = t.id AND p.ended_at IS NULL"

/* One of tweet_states; $1 is the time now. An attempt whose sender shows no
 * sign of life any more is unknown before the next run says so. */
#define TWEET_STATE                                                      \
	"CASE t.status WHEN 'posted' THEN 'posted' WHEN 'failed'"        \
	" THEN iif(t.code = 'outcome_unknown', 'unconfirmed', 'failed')" \
	" WHEN 'pending' THEN CASE WHEN p.look_at IS NOT NULL"           \
	" THEN 'unknown' WHEN p.id IS NOT NULL"                          \
	" THEN iif(a.lease_until > $1, 'sending', 'unknown')"            \
	" WHEN coalesce(t.draft, 0) <> 0 THEN 'draft'"                   \
	" WHEN t.late = 'held' THEN 'held'"                              \
	" WHEN t.retry_at > $1 THEN 'held_back'"                         \
	" WHEN t.scheduled_at IS NULL THEN 'pending'"                    \
	" ELSE iif(t.scheduled_at > $1, 'scheduled', 'due') END"         \
	" ELSE 'unconfirmed' END"

/* May be handed to X: $1 is the time now, $2 whether only tweets that have a
 * time may go (a tick), $3 the ids that a person chose as a JSON array, which
 * may go whatever their time (NULL: none were chosen). */
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
