/*
 * schema.c - the tables, and the steps that lead to them.
 *
 * A step that has been released is never edited; new ones go to the end. The
 * first step's four tables are shared with other programs of this schema and
 * may be there already, with rows; whatever else we keep is in columns added
 * to them and in tables of our own.
 */
#include "store/schema.h"

static const char *const steps[] = {
	/* 1: what every program of this schema has */
	"CREATE TABLE IF NOT EXISTS api_key("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" key_hash TEXT UNIQUE NOT NULL,"
	" created_at DATETIME DEFAULT CURRENT_TIMESTAMP,"
	" is_active BOOLEAN DEFAULT 1);"
	"CREATE TABLE IF NOT EXISTS twitter_account("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" username TEXT UNIQUE NOT NULL,"
	" access_token TEXT NOT NULL,"
	" access_token_secret TEXT,"
	" refresh_token TEXT,"
	" status TEXT DEFAULT 'active',"
	" created_at DATETIME DEFAULT CURRENT_TIMESTAMP,"
	" updated_at DATETIME);"
	"CREATE TABLE IF NOT EXISTS tweet("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" twitter_account_id INTEGER NOT NULL REFERENCES twitter_account(id),"
	" content TEXT NOT NULL,"
	" status TEXT DEFAULT 'pending',"
	" twitter_id TEXT,"
	" created_at DATETIME DEFAULT CURRENT_TIMESTAMP,"
	" posted_at DATETIME);"
	"CREATE TABLE IF NOT EXISTS oauth_state("
	" state TEXT PRIMARY KEY,"
	" code_verifier TEXT NOT NULL,"
	" created_at DATETIME NOT NULL);",

	/* 2: X's identity of an account, its token's life, who is at work on
	 * it; why a tweet waits or failed */
	"ALTER TABLE twitter_account ADD COLUMN x_user_id TEXT;"
	"ALTER TABLE twitter_account ADD COLUMN expires_at DATETIME;"
	"ALTER TABLE twitter_account ADD COLUMN scope TEXT;"
	"ALTER TABLE twitter_account ADD COLUMN mock BOOLEAN DEFAULT 0;"
	"ALTER TABLE twitter_account ADD COLUMN code TEXT;"
	"ALTER TABLE twitter_account ADD COLUMN reason TEXT;"
	"ALTER TABLE twitter_account ADD COLUMN hold_until DATETIME;"
	"ALTER TABLE twitter_account ADD COLUMN hold_code TEXT;"
	"ALTER TABLE twitter_account ADD COLUMN hold_count INTEGER DEFAULT 0;"
	"ALTER TABLE twitter_account ADD COLUMN lease_holder TEXT;"
	"ALTER TABLE twitter_account ADD COLUMN lease_until DATETIME;"
	"CREATE UNIQUE INDEX twitter_account_x_user_id"
	" ON twitter_account(x_user_id);"
	"ALTER TABLE tweet ADD COLUMN mock BOOLEAN DEFAULT 0;"
	"ALTER TABLE tweet ADD COLUMN retry_at DATETIME;"
	"ALTER TABLE tweet ADD COLUMN code TEXT;"
	"ALTER TABLE tweet ADD COLUMN reason TEXT;"
	"CREATE INDEX tweet_status ON tweet(status);"
	"CREATE INDEX tweet_account ON tweet(twitter_account_id, status);"
	"ALTER TABLE oauth_state ADD COLUMN account_id INTEGER;"
	"ALTER TABLE oauth_state ADD COLUMN mock BOOLEAN DEFAULT 0;"

	/* one row for each time a tweet was handed to X. While ended_at is
	 * NULL the tweet may be on its way and is not sent again */
	"CREATE TABLE attempt("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" tweet_id INTEGER NOT NULL REFERENCES tweet(id) ON DELETE CASCADE,"
	" sent_at DATETIME NOT NULL,"
	" ended_at DATETIME,"
	" outcome TEXT,"
	" http_status INTEGER,"
	" code TEXT,"
	" reason TEXT,"
	" x_request_id TEXT,"
	" since_id TEXT,"
	" looks INTEGER NOT NULL DEFAULT 0,"
	" look_at DATETIME);"
	"CREATE INDEX attempt_tweet ON attempt(tweet_id);"
	"CREATE UNIQUE INDEX attempt_open ON attempt(tweet_id)"
	" WHERE ended_at IS NULL;"

	"CREATE TABLE kv(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"

	/* 3: counts, so that no reply has to count rows. The owner is an
	 * account's id for its tweets, 0 for all tweets, -1 for accounts */
	"CREATE TABLE tally(owner INTEGER NOT NULL, status TEXT NOT NULL,"
	" n INTEGER NOT NULL, PRIMARY KEY(owner, status)) WITHOUT ROWID;"
	"INSERT INTO tally SELECT twitter_account_id,"
	" coalesce(status, ''), count(*) FROM tweet GROUP BY 1, 2;"
	"INSERT INTO tally SELECT 0, coalesce(status, ''), count(*)"
	" FROM tweet GROUP BY 2;"
	"INSERT INTO tally SELECT -1, coalesce(status, ''), count(*)"
	" FROM twitter_account GROUP BY 2;"
	"CREATE TRIGGER tweet_tally_insert AFTER INSERT ON tweet BEGIN"
	" INSERT INTO tally VALUES(0, coalesce(NEW.status, ''), 1),"
	" (NEW.twitter_account_id, coalesce(NEW.status, ''), 1)"
	" ON CONFLICT(owner, status) DO UPDATE SET n = n + 1;"
	"END;"
	"CREATE TRIGGER tweet_tally_delete AFTER DELETE ON tweet BEGIN"
	" UPDATE tally SET n = n - 1"
	" WHERE owner IN (0, OLD.twitter_account_id)"
	" AND status = coalesce(OLD.status, '');"
	"END;"
	"CREATE TRIGGER tweet_tally_update"
	" AFTER UPDATE OF status, twitter_account_id ON tweet BEGIN"
	" UPDATE tally SET n = n - 1"
	" WHERE owner IN (0, OLD.twitter_account_id)"
	" AND status = coalesce(OLD.status, '');"
	" INSERT INTO tally VALUES(0, coalesce(NEW.status, ''), 1),"
	" (NEW.twitter_account_id, coalesce(NEW.status, ''), 1)"
	" ON CONFLICT(owner, status) DO UPDATE SET n = n + 1;"
	"END;"
	"CREATE TRIGGER account_tally_insert AFTER INSERT ON twitter_account"
	" BEGIN"
	" INSERT INTO tally VALUES(-1, coalesce(NEW.status, ''), 1)"
	" ON CONFLICT(owner, status) DO UPDATE SET n = n + 1;"
	"END;"
	"CREATE TRIGGER account_tally_delete AFTER DELETE ON twitter_account"
	" BEGIN"
	" UPDATE tally SET n = n - 1"
	" WHERE owner = -1 AND status = coalesce(OLD.status, '');"
	" DELETE FROM tally WHERE owner = OLD.id;"
	"END;"
	"CREATE TRIGGER account_tally_update AFTER UPDATE OF status"
	" ON twitter_account BEGIN"
	" UPDATE tally SET n = n - 1"
	" WHERE owner = -1 AND status = coalesce(OLD.status, '');"
	" INSERT INTO tally VALUES(-1, coalesce(NEW.status, ''), 1)"
	" ON CONFLICT(owner, status) DO UPDATE SET n = n + 1;"
	"END;",

	/* 4: X's rate limits as its headers told them last, and the calls made
	 * in each window. The owner is an account, or 0 for the app */
	"CREATE TABLE rate(owner INTEGER NOT NULL, name TEXT NOT NULL,"
	" ceiling INTEGER, remaining INTEGER, reset_at DATETIME NOT NULL,"
	" calls INTEGER NOT NULL, PRIMARY KEY(owner, name)) WITHOUT ROWID;"
	"CREATE TRIGGER account_rate_delete AFTER DELETE ON twitter_account"
	" BEGIN"
	" DELETE FROM rate WHERE owner = OLD.id;"
	"END;",

	/* 5: when a tweet is to go, whether it is too late for that, and what
	 * its text is like; what happened by day (the owner is minus the day,
	 * counted from 1970); what is wrong now, and what callers have asked
	 * for already */
	"ALTER TABLE tweet ADD COLUMN scheduled_at DATETIME;"
	"ALTER TABLE tweet ADD COLUMN late TEXT;"
	"ALTER TABLE tweet ADD COLUMN text_hash TEXT;"
	"ALTER TABLE twitter_account ADD COLUMN late_at DATETIME;"
	"CREATE INDEX tweet_due ON tweet(scheduled_at)"
	" WHERE scheduled_at IS NOT NULL AND status = 'pending';"
	"CREATE INDEX tweet_text ON tweet(text_hash)"
	" WHERE text_hash IS NOT NULL;"
	"CREATE INDEX attempt_ended ON attempt(ended_at, outcome, tweet_id);"
	"INSERT INTO tally SELECT"
	" -CAST(strftime('%s', coalesce(posted_at, created_at)) AS INTEGER)"
	" / 86400, status, count(*) FROM tweet"
	" WHERE status IN ('posted', 'failed')"
	" AND coalesce(posted_at, created_at) >= '2000'"
	" AND strftime('%s', coalesce(posted_at, created_at)) IS NOT NULL"
	" GROUP BY 1, 2;"
	"CREATE TRIGGER tweet_tally_day AFTER UPDATE OF status ON tweet"
	" WHEN NEW.status IN ('posted', 'failed') AND NEW.status <> OLD.status"
	" AND datetime('now') >= '2000'"
	" BEGIN"
	" INSERT INTO tally VALUES"
	" (-CAST(strftime('%s', 'now') AS INTEGER) / 86400, NEW.status, 1)"
	" ON CONFLICT(owner, status) DO UPDATE SET n = n + 1;"
	"END;"
	"CREATE TABLE alert("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" cause TEXT NOT NULL,"
	" subject INTEGER NOT NULL,"
	" code TEXT,"
	" words TEXT NOT NULL,"
	" opened_at DATETIME NOT NULL,"
	" closed_at DATETIME,"
	" mailed_at DATETIME,"
	" over_mailed_at DATETIME);"
	"CREATE UNIQUE INDEX alert_open ON alert(cause, subject)"
	" WHERE closed_at IS NULL;"
	/* how many tweets of an account have failed since one went out */
	"ALTER TABLE twitter_account ADD COLUMN"
	" failures INTEGER NOT NULL DEFAULT 0;"
	"CREATE TRIGGER attempt_failures AFTER UPDATE OF outcome ON attempt"
	" WHEN NEW.outcome IN ('posted', 'found', 'refused', 'unknown')"
	" AND NEW.outcome IS NOT OLD.outcome BEGIN"
	" UPDATE twitter_account SET failures ="
	" CASE WHEN NEW.outcome IN ('refused', 'unknown')"
	" THEN failures + 1 ELSE 0 END"
	" WHERE (failures > 0 OR NEW.outcome IN ('refused', 'unknown'))"
	" AND id = (SELECT twitter_account_id FROM tweet"
	" WHERE id = NEW.tweet_id);"
	"END;"
	"CREATE TRIGGER account_failures AFTER UPDATE OF status"
	" ON twitter_account"
	" WHEN NEW.status = 'active' AND OLD.status IS NOT 'active'"
	" AND NEW.failures > 0 BEGIN"
	" UPDATE twitter_account SET failures = 0 WHERE id = NEW.id;"
	"END;"
	"CREATE TABLE idempotency("
	" key_id INTEGER NOT NULL, name TEXT NOT NULL,"
	" request TEXT NOT NULL, created_at DATETIME NOT NULL, holder TEXT,"
	" status INTEGER, location TEXT, body TEXT,"
	" PRIMARY KEY(key_id, name)) WITHOUT ROWID;",
};

int64_t schema_version(void)
{
	return (int64_t)COUNT(steps);
}

enum err schema_migrate(struct db *db, int64_t from)
{
	for (size_t i = (size_t)from; i < COUNT(steps); i++)
		TRY(db_script(db, steps[i]));
	return OK;
}
