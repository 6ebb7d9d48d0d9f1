// What a dashboard shows after some weeks of use: accounts of all kinds, tweets
// in all states, limits, alerts; or very many of them. Put straight into the
// database, where what X would have done is written as our programs write it.

import { seal } from '../support/fernet.mjs';
import { db, quote } from '../support/instance.mjs';

const HOUR = 3600;
const DAY = 86400;

const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** INSERT of rows that have the same members. */
function insert(table, rows) {
  const names = Object.keys(rows[0]);
  const values = rows.map((row) => `(${names.map((name) => quote(row[name])).join(',')})`);
  return `INSERT INTO ${table} (${names.join(',')}) VALUES ${values.join(',')};`;
}

const account = (instance, username, more = {}) => ({
  username,
  access_token: seal(instance.encryptionKey, `at-${username}`),
  refresh_token: seal(instance.encryptionKey, `rt-${username}`),
  status: 'active',
  created_at: at(-40 * DAY),
  x_user_id: `${1e6 + username.length * 7919 + username.charCodeAt(0) * 31 + username.charCodeAt(1)}`,
  expires_at: at(1.6 * HOUR),
  mock: 0,
  code: null,
  reason: null,
  failures: 0,
  hold_until: null,
  hold_code: null,
  ...more,
});

function accounts(instance) {
  return [
    account(instance, 'northwind_news'),
    account(instance, 'harbour_cafe', { expires_at: at(25 * 60) }),
    account(instance, 'museum_of_maps', { expires_at: at(-3 * HOUR) }),
    account(instance, 'tram_delays', { hold_until: at(600), hold_code: 'rate_limited' }),
    account(instance, 'old_library', {
      status: 'failed', code: 'needs_reauth', reason: 'Value passed for the token was invalid.', failures: 4,
    }),
    account(instance, 'city_choir', {
      status: 'suspended', code: 'account_suspended', failures: 3,
      reason: 'Your account is suspended and is not permitted to access this feature.',
    }),
    account(instance, 'summer_fair', { status: 'inactive' }),
    account(instance, 'a_test_account', { mock: 1, expires_at: null, refresh_token: null }),
  ];
}

const TEXTS = [
  'Good morning! The 7:42 to the harbour runs ten minutes late today. ☕️',
  'New in the reading room: a map of the coast from 1734, with sea monsters. https://example.org/maps/1734',
  '明日の朝、港のカフェは七時に開きます。🌅',
  'Tickets for Saturday are out now. Doors open at seven, music at eight.',
  'We are closed on Monday for a new floor. See you on Tuesday!',
  'Thank you for 10,000 readers 🎉 You are why we get up at five.',
];

function states() {
  return [
    { status: 'pending' },
    { status: 'pending' },
    { status: 'pending', scheduled_at: at(5 * HOUR) },
    { status: 'pending', scheduled_at: at(3 * DAY) },
    { status: 'pending', scheduled_at: at(-120) },
    { status: 'pending', scheduled_at: at(-2 * DAY), late: 'held' },
    { status: 'pending', retry_at: at(700), code: 'rate_limited', reason: 'Too Many Requests' },
    { status: 'failed', code: 'duplicate_content', reason: 'You are not allowed to create a Tweet with duplicate content.' },
    { status: 'failed', code: 'outcome_unknown' },
    { status: 'failed', code: 'credits_depleted', reason: 'Your enrolled account does not have any credits.' },
  ];
}

function tweets() {
  const row = (i, more) => ({
    twitter_account_id: (i % 4) + 1, content: `${TEXTS[i % TEXTS.length]}${i >= TEXTS.length ? ` (${i})` : ''}`, status: 'posted',
    created_at: at(-i * 5 * HOUR - DAY), posted_at: null, twitter_id: null, scheduled_at: null, late: null, retry_at: null,
    code: null, reason: null, ...more,
  });
  const posted = Array.from({ length: 120 }, (_, i) => row(i + 10, {
    posted_at: at(-i * 5 * HOUR - 600), twitter_id: String(1900000000000000000n + BigInt(i) * 7919n),
  })).reverse();
  return [...posted, ...states().map((more, i) => row(i, more))];
}

/** Attempts of all that were sent, so that there is something to count. */
const ATTEMPTS = `
  INSERT INTO attempt(tweet_id, sent_at, ended_at, outcome, http_status, code, reason, x_request_id)
    SELECT id, coalesce(posted_at, created_at), coalesce(posted_at, created_at),
      CASE status WHEN 'posted' THEN 'posted' ELSE 'refused' END,
      CASE status WHEN 'posted' THEN 201 ELSE 403 END, code, reason, printf('%016x', id * 7919)
    FROM tweet WHERE status <> 'pending';
  UPDATE tweet SET posted_at = posted_at;
  DELETE FROM tally WHERE owner < -1;
  INSERT INTO tally SELECT -CAST(strftime('%s', coalesce(posted_at, created_at)) AS INTEGER) / 86400, status, count(*)
    FROM tweet WHERE status IN ('posted', 'failed') GROUP BY 1, 2;`;

/** Some weeks of use. */
export async function seedSome(instance) {
  const limits = [[1, 'tweets_15min', 100, 82], [1, 'tweets_24h', 100, 71], [2, 'tweets_24h', 100, 18], [4, 'tweets_15min', 100, 0]];
  await db(instance, [
    insert('twitter_account', accounts(instance)),
    insert('tweet', tweets()),
    ATTEMPTS,
    insert('rate', limits.map(([owner, name, ceiling, remaining]) => (
      { owner, name, ceiling, remaining, reset_at: at(700), calls: ceiling - remaining }))),
    insert('alert', [
      { cause: 'grant_ended', subject: 5, code: 'needs_reauth', words: 'X has revoked access for @old_library', opened_at: at(-7 * HOUR) },
    ]),
    `INSERT OR REPLACE INTO kv VALUES('last_tick', '{"at":"${at(-240).replace(' ', 'T')}Z","error":null,"posted":1,"failed":0}');`,
    'SELECT 1;',
  ].join('\n'));
}

/** Very many: 1,000 accounts and 10,000 tweets. */
export async function seedMany(instance, { accountCount = 1000, tweetCount = 10_000 } = {}) {
  await db(instance, `
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${accountCount})
    INSERT INTO twitter_account(username, access_token, status, mock, x_user_id, expires_at, code)
      SELECT 'account_' || i, 'sealed', CASE i % 20 WHEN 0 THEN 'failed' WHEN 1 THEN 'inactive' ELSE 'active' END,
        i % 3 = 0, 5000000 + i, ${quote(at(HOUR))}, CASE i % 20 WHEN 0 THEN 'needs_reauth' END FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${tweetCount})
    INSERT INTO tweet(twitter_account_id, content, status, code, posted_at, twitter_id)
      SELECT 1 + i % ${accountCount}, 'Tweet number ' || i || ' of very many, with a link: https://example.org/' || i,
        CASE i % 10 WHEN 0 THEN 'failed' WHEN 1 THEN 'pending' ELSE 'posted' END,
        CASE i % 10 WHEN 0 THEN 'duplicate_content' END,
        datetime('now', '-' || (i / 4) || ' minutes'), CASE WHEN i % 10 > 1 THEN 1900000000000000000 + i END FROM n;
    INSERT INTO rate(owner, name, ceiling, remaining, reset_at, calls)
      SELECT id, 'tweets_24h', 100, id % 100, ${quote(at(HOUR))}, 1 FROM twitter_account;
    ${ATTEMPTS} SELECT 1;`);
}
