/*
 * schema.c - the tables, and the migrations that create them.
 *
 * A released step is never edited; new steps are added at the end. The four
 * tables of the first step are shared with other programs of this schema and
 * may already exist, with rows; everything else is in columns added to them and
 * in our own tables.
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

	/* 2: X's identity of an account, its token's life, why and until when
	 * it waits, who is at work on it, and how many of its tweets have
	 * failed since one went out */
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
	"ALTER TABLE twitter_account ADD COLUMN late_at DATETIME;"
	"ALTER TABLE twitter_account ADD COLUMN failures INTEGER DEFAULT 0;"
	"CREATE UNIQUE INDEX twitter_account_x_user_id"
	" ON twitter_account(x_user_id);"
	"CREATE INDEX twitter_account_status ON twitter_account(status);"

	/* when a tweet is to go, whether it is too late for that, why it waits
	 * or failed, and what its text is like */
	"ALTER TABLE tweet ADD COLUMN mock BOOLEAN DEFAULT 0;"
	"ALTER TABLE tweet ADD COLUMN scheduled_at DATETIME;"
	"ALTER TABLE tweet ADD COLUMN late TEXT;"
	"ALTER TABLE tweet ADD COLUMN retry_at DATETIME;"
	"ALTER TABLE tweet ADD COLUMN code TEXT;"
	"ALTER TABLE tweet ADD COLUMN reason TEXT;"
	"ALTER TABLE tweet ADD COLUMN text_hash TEXT;"
	"CREATE INDEX tweet_status ON tweet(status);"
	"CREATE INDEX tweet_account ON tweet(twitter_account_id, status);"
	"CREATE INDEX tweet_text ON tweet(text_hash)"
	" WHERE text_hash IS NOT NULL;"
	"ALTER TABLE oauth_state ADD COLUMN account_id INTEGER;"
	"ALTER TABLE oauth_state ADD COLUMN mock BOOLEAN DEFAULT 0;"

	/* one row for each time a tweet was handed to X. While ended_at is
	 * NULL the tweet may be on its way and is not sent again */
	"CREATE TABLE attempt("
	"id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"tweet_id INTEGER NOT NULL REFERENCES tweet(id) ON DELETE CASCADE,"
	"sent_at DATETIME NOT NULL,ended_at DATETIME,outcome TEXT,"
	"http_status INTEGER,code TEXT,reason TEXT,x_request_id TEXT,"
	"since_id TEXT,looks INTEGER NOT NULL DEFAULT 0,look_at DATETIME);"
	"CREATE INDEX attempt_tweet ON attempt(tweet_id);"
	"CREATE INDEX attempt_ended ON attempt(ended_at, outcome, tweet_id);"
	"CREATE UNIQUE INDEX attempt_open ON attempt(tweet_id)"
	" WHERE ended_at IS NULL;"

	/* single values; X's rate limits as it told them last, with our calls
	 * (the owner is an account, or 0 for the app); what is wrong now; and
	 * what callers have asked for already */
	"CREATE TABLE kv(name TEXT PRIMARY KEY,value TEXT) WITHOUT ROWID;"
	"CREATE TABLE rate(owner INTEGER,name TEXT,ceiling INTEGER,"
	"remaining INTEGER,reset_at DATETIME NOT NULL,calls INTEGER NOT NULL,"
	"PRIMARY KEY(owner,name)) WITHOUT ROWID;"
	"CREATE TABLE alert("
	"id INTEGER PRIMARY KEY AUTOINCREMENT,cause TEXT NOT NULL,"
	"subject INTEGER NOT NULL,code TEXT,words TEXT NOT NULL,"
	"opened_at DATETIME NOT NULL,closed_at DATETIME,mailed_at DATETIME,"
	"over_mailed_at DATETIME);"
	"CREATE UNIQUE INDEX alert_open ON alert(cause, subject)"
	" WHERE closed_at IS NULL;"
	"CREATE TABLE idempotency("
	"key_id INTEGER,name TEXT,request TEXT NOT NULL,"
	"created_at DATETIME NOT NULL,holder TEXT,status INTEGER,"
	"location TEXT,body TEXT,PRIMARY KEY(key_id,name)) WITHOUT ROWID;",

	/* 3: counts of tweets, so that no reply has to count rows. The owner is
	 * an account, 0 for all accounts, or minus the day (from 1970) for
	 * what ended on it. An account brings its rows with it, so that the
	 * triggers, which every process parses, are short */
	"CREATE TABLE tally(owner INTEGER,status TEXT,n INTEGER NOT NULL,"
	"PRIMARY KEY(owner,status)) WITHOUT ROWID;"
	"CREATE TRIGGER tweet_in AFTER INSERT ON tweet BEGIN"
	" UPDATE tally SET n=n+1"
	" WHERE owner IN(0,NEW.twitter_account_id) AND status=NEW.status;"
	"END;"
	"CREATE TRIGGER tweet_out AFTER DELETE ON tweet BEGIN"
	" UPDATE tally SET n=n-1"
	" WHERE owner IN(0,OLD.twitter_account_id) AND status=OLD.status;"
	"END;"
	"CREATE TRIGGER tweet_valid_until"
	" AFTER UPDATE OF status,twitter_account_id ON tweet BEGIN"
	" UPDATE tally SET n=n"
	"+(status IS NEW.status AND owner IN(0,NEW.twitter_account_id))"
	"-(status IS OLD.status AND owner IN(0,OLD.twitter_account_id))"
	" WHERE owner IN(0,OLD.twitter_account_id,NEW.twitter_account_id);"
	"END;"
	"CREATE TRIGGER account_in AFTER INSERT ON twitter_account BEGIN"
	" INSERT INTO tally SELECT NEW.id,status,0 FROM tally"
	" WHERE owner=0 AND NEW.id NOT IN(SELECT owner FROM tally);"
	"END;"
	"CREATE TRIGGER account_out AFTER DELETE ON twitter_account BEGIN"
	" DELETE FROM tally WHERE owner=OLD.id;"
	"END;"
	"WITH s(status) AS (VALUES('pending'),('posted'),('failed')),"
	" o(owner) AS (SELECT 0 UNION ALL SELECT id FROM twitter_account)"
	" INSERT INTO tally SELECT owner, status, (SELECT count(*) FROM tweet t"
	" WHERE t.status = s.status"
	" AND (owner = 0 OR t.twitter_account_id = owner)) FROM o, s;"
	"INSERT INTO tally SELECT"
	" -CAST(strftime('%s', coalesce(posted_at, created_at)) AS INTEGER)"
	" / 86400, status, count(*) FROM tweet"
	" WHERE status IN ('posted', 'failed')"
	" AND coalesce(posted_at, created_at) >= '2000'"
	" AND strftime('%s', coalesce(posted_at, created_at)) IS NOT NULL"
	" GROUP BY 1, 2;",

	/* 4: tweets that are not to be sent yet; how many times in a row X has
	 * refused an account's tweets without saying why; until when a person
	 * has put an alert aside; and the orders in which lists are read */
	"ALTER TABLE tweet ADD COLUMN draft BOOLEAN DEFAULT 0;"
	"ALTER TABLE twitter_account ADD COLUMN refusals INTEGER DEFAULT 0;"
	"ALTER TABLE alert ADD COLUMN snoozed_until DATETIME;"
	"CREATE INDEX tweet_scheduled ON tweet(scheduled_at)"
	" WHERE scheduled_at IS NOT NULL;"
	"CREATE INDEX tweet_posted ON tweet(posted_at)"
	" WHERE posted_at IS NOT NULL;",

	/* 5: counts by all that lists filter by, instead of by status. A tweet
	 * is counted by its kind: its status, its state as far as its own row
	 * shows it, whether it has a time to go and a time when it was posted,
	 * and its code. Only time and attempts change a state further, and few
	 * tweets have what they change it by (app/tweet_count.h); next_at is
	 * when time next does. A tally's row comes with the first tweet of its
	 * kind */
	"DROP TRIGGER tweet_in;"
	"DROP TRIGGER tweet_out;"
	"DROP TRIGGER tweet_valid_until;"
	"DROP TRIGGER account_in;"
	"DROP TRIGGER account_out;"
	"ALTER TABLE tweet ADD COLUMN row_state TEXT AS(CASE status"
	" WHEN'posted'THEN NULL"
	" WHEN'failed'THEN CASE WHEN code IS'outcome_unknown'"
	"THEN'unconfirmed'ELSE'failed'END"
	" WHEN'pending'THEN CASE WHEN draft<>0 THEN'draft'"
	"WHEN late='held'THEN'held'"
	"WHEN retry_at IS NOT NULL THEN'held_back'"
	"WHEN scheduled_at IS NULL THEN'pending'ELSE'scheduled'END "
	"ELSE'odd'END);"
	"ALTER TABLE tweet ADD COLUMN kind TEXT AS(CASE"
	" WHEN status IN('pending','posted')THEN status ELSE'failed'END||' '"
	"||coalesce(row_state,'posted')||' '||(scheduled_at IS NOT NULL)"
	"||(posted_at IS NOT NULL)||' '||coalesce(code,''));"
	"ALTER TABLE tweet ADD COLUMN next_at DATETIME AS"
	"(CASE WHEN row_state IN('held_back','scheduled')"
	"THEN coalesce(retry_at,scheduled_at)END);"
	"CREATE INDEX tweet_row_state ON tweet(row_state)"
	" WHERE row_state IS NOT NULL;"
	"CREATE INDEX tweet_next ON tweet(next_at) WHERE next_at IS NOT NULL;"
	"CREATE INDEX tweet_code ON tweet(code) WHERE code IS NOT NULL;"
	"ALTER TABLE tally RENAME COLUMN status TO kind;"
	"DELETE FROM tally WHERE owner>=0;"
	"INSERT INTO tally SELECT 0,kind,count(*) FROM tweet GROUP BY 2;"
	"INSERT INTO tally SELECT twitter_account_id,kind,count(*) FROM tweet"
	" WHERE twitter_account_id<>0 GROUP BY 1,2;"
	"CREATE TRIGGER tweet_in AFTER INSERT ON tweet BEGIN"
	" INSERT INTO tally VALUES(0,NEW.kind,1),"
	"(NEW.twitter_account_id,NEW.kind,NEW.twitter_account_id<>0)"
	"ON CONFLICT(owner,kind)DO UPDATE SET n=n+excluded.n;"
	"END;"
	"CREATE TRIGGER tweet_out AFTER DELETE ON tweet BEGIN"
	" UPDATE tally SET n=n-1"
	" WHERE owner IN(0,OLD.twitter_account_id)AND kind=OLD.kind;"
	"END;"
	"CREATE TRIGGER tweet_other AFTER UPDATE ON tweet"
	" WHEN OLD.kind<>NEW.kind"
	" OR OLD.twitter_account_id<>NEW.twitter_account_id BEGIN"
	" INSERT INTO tally VALUES(0,OLD.kind,-1),"
	"(OLD.twitter_account_id,OLD.kind,-(OLD.twitter_account_id<>0)),"
	"(0,NEW.kind,1),"
	"(NEW.twitter_account_id,NEW.kind,NEW.twitter_account_id<>0)"
	"ON CONFLICT(owner,kind)DO UPDATE SET n=n+excluded.n;"
	"END;",

	/* 6: what a key is called and may be used for (NULL: everything), until
	 * when, on which day it was used last, and when a person revoked it */
	"ALTER TABLE api_key ADD COLUMN name TEXT;"
	"ALTER TABLE api_key ADD COLUMN scopes TEXT;"
	"ALTER TABLE api_key ADD COLUMN expires_at DATETIME;"
	"ALTER TABLE api_key ADD COLUMN last_used_on TEXT;"
	"ALTER TABLE api_key ADD COLUMN revoked_at DATETIME;",
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
