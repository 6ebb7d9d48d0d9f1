// What is shown of how it goes: success, tokens, accounts that need a person,
// tweets by state, the tick; and the days' statistics.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Bare } from '../support/bare.mjs';
import { hasMembers, isError, isJson, isTime, namesFaults } from '../support/checks.mjs';
import { quote } from '../support/instance.mjs';
import { description } from '../support/openapi.mjs';
import { noPreload } from '../support/preload.mjs';

const { enum: STATES } = description.components.schemas.TweetState;
const MONITORING = '/api/v1/monitoring';
const DAILY = '/api/v1/stats/daily';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let bare;
before(async () => {
  bare = new Bare();
  await bare.monitoring();
});
after(() => bare?.remove());

const sqlTime = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const nothing = { attempted: 0, posted: 0, failed: 0, put_off: 0, rate: null };

const insert = (table, row) => `INSERT INTO ${table}(${Object.keys(row).join(', ')})
  VALUES(${Object.values(row).map(quote).join(', ')});`;

test('an empty instance has every member, and nothing to count', async () => {
  const json = isJson(await bare.get(MONITORING), 200);
  isTime(json.generated_at);
  assert.deepEqual(json.success, { hour: nothing, day: nothing, week: nothing });
  assert.deepEqual([json.accounts, json.needs_person, json.alerts], [[], [], []]);
  assert.deepEqual(json.tokens, {
    under_5_minutes: 0, under_1_hour: 0, under_1_day: 0, longer: 0, expired: 0, unknown: 0, none: 0,
  });
  assert.deepEqual(json.tweets, {
    draft: 0, unconfirmed: 0, pending: 0, scheduled: 0, due: 0, held: 0, held_back: 0, sending: 0, unknown: 0,
    posted: 0, failed: 0,
  });
  assert.deepEqual(json.tick, { last_at: null, interval_minutes: 15, late: false, last: null });
});

test('a key is asked for, and other methods are not served', async () => {
  for (const path of [MONITORING, `${MONITORING}/alerts`, DAILY]) {
    isError(await bare.request('GET', path, { key: null }), 401, 'invalid_api_key');
    const reply = await bare.post(path, {});
    isError(reply, 405);
    assert.match(reply.headers.allow, /GET/);
  }
});

// [outcome, how long ago it ended (null: it has not), account]
const ATTEMPTS = [
  ['posted', 5 * MINUTE, 1], ['found', 50 * MINUTE, 1], ['refused', 59 * MINUTE, 1],
  ['posted', 61 * MINUTE, 1], ['unknown', 23 * HOUR, 1], ['held_back', 10 * MINUTE, 1],
  ['not_sent', 2 * DAY, 1], ['unauthorized', 3 * HOUR, 1], ['resolved', 1 * MINUTE, 1],
  ['posted', 25 * HOUR, 2], ['posted', 6.9 * DAY, 2], ['refused', 7.1 * DAY, 2],
  ['refused', 3 * DAY, 2], [null, null, 2], ['unknown', 30 * MINUTE, 3],
];
const GOOD = ['posted', 'found'];
const BAD = ['refused', 'unknown'];
const OFF = ['held_back', 'not_sent', 'unauthorized'];

/** What ATTEMPTS say of an account (null: of all). */
function counted(account) {
  const windows = { hour: HOUR, day: DAY, week: 7 * DAY };
  return Object.fromEntries(Object.entries(windows).map(([name, ms]) => {
    const count = (outcomes) => ATTEMPTS.filter(([outcome, ago, of]) => ago !== null
      && outcomes.includes(outcome) && ago <= ms && (account === null || of === account)).length;
    const [posted, failed, off] = [GOOD, BAD, OFF].map(count);
    const attempted = posted + failed;
    const rate = attempted ? Math.round((posted / attempted) * 10_000) / 10_000 : null;
    return [name, { attempted, posted, failed, put_off: off, rate }];
  }));
}

test('success is what the attempts that ended in a window say', async () => {
  const now = Date.now();
  const lines = [1, 2, 3, 4].map((id) => insert('twitter_account',
    { id, username: `s${id}`, access_token: 't', mock: 0 }));
  ATTEMPTS.forEach(([outcome, ago, account], i) => {
    const posted = GOOD.includes(outcome);
    lines.push(insert('tweet', {
      id: i + 1, twitter_account_id: account, content: 'x', status: posted ? 'posted' : 'pending',
    }), insert('attempt', {
      tweet_id: i + 1, sent_at: sqlTime(now), outcome, ended_at: ago && sqlTime(now - ago),
    }));
  });
  await bare.db(lines.join('\n'));
  const { success, accounts } = await bare.monitoring();
  assert.deepEqual(success, counted(null));
  assert.deepEqual(accounts.map(({ account_id: id }) => id), [1, 2, 3, 4]);
  for (const account of accounts) {
    assert.deepEqual(account.success, counted(account.account_id), account.username);
  }
  assert.equal(accounts[3].success.week.rate, null);
  await bare.db('DELETE FROM twitter_account WHERE id = 3; DELETE FROM tweet');
});

// [status, code, expires in seconds, mock, secret, token state, bucket, needs a person]
const ACCOUNTS = [
  ['active', null, 7200, 0, null, 'ok', 'under_1_day', false],
  ['active', null, 1800, 0, null, 'ok', 'under_1_hour', false],
  ['active', null, 200, 0, null, 'soon', 'under_5_minutes', false],
  ['active', null, -5, 0, null, 'expired', 'expired', false],
  ['active', null, 3 * 86400, 0, null, 'ok', 'longer', false],
  ['active', null, null, 0, null, 'unknown', 'unknown', false],
  ['active', null, null, 1, null, 'none', 'none', false],
  ['active', null, null, 0, 'secret', 'none', 'none', 'oauth1_unsupported'],
  ['failed', 'needs_reauth', 3000, 0, null, 'ok', 'under_1_hour', 'needs_reauth'],
  ['failed', 'token_unreadable', null, 0, null, 'unknown', 'unknown', 'token_unreadable'],
  ['suspended', 'account_suspended', null, 0, null, 'unknown', 'unknown', 'account_suspended'],
  ['failed', null, null, 0, null, 'unknown', 'unknown', null],
  ['inactive', null, null, 0, null, 'unknown', 'unknown', false],
];

test('tokens by time to their end, and who needs a person for what', async () => {
  await bare.db(`DELETE FROM tweet; DELETE FROM twitter_account; ${
    ACCOUNTS.map(([status, code, expires, mock, secret], i) => insert('twitter_account', {
      id: 100 + i, username: `t${i}`, access_token: 't', access_token_secret: secret, status, code,
      mock, expires_at: expires === null ? null : sqlTime(Date.now() + expires * 1000),
    })).join('\n')}`);
  const { accounts, tokens, needs_person: needs } = await bare.monitoring();
  const buckets = Object.fromEntries(Object.keys(tokens).map((name) => [name, 0]));
  ACCOUNTS.forEach(([status, code, expires, mock, , state, bucket, need], i) => {
    const account = accounts[i];
    buckets[bucket] += 1;
    assert.equal(account.account_id, 100 + i);
    assert.equal(account.username, `t${i}`);
    assert.deepEqual([account.status, account.mock, account.token.state],
      [status, mock === 1, state], account.username);
    assert.equal(account.token.expires_at === null, expires === null);
    assert.equal(account.needs_person, need !== false, account.username);
    assert.equal(account.code, need === false ? code : need);
    assert.equal(account.hint !== null, need !== false, account.username);
  });
  assert.deepEqual(tokens, buckets);
  assert.deepEqual(needs.map(({ account_id: id, username, code, hint }) =>
    [id, username, code, typeof hint]),
  accounts.filter((one) => one.needs_person)
    .map((one) => [one.account_id, one.username, one.code, 'string']));
});

test('tweets are counted by state', async () => {
  const [soon, past] = [sqlTime(Date.now() + HOUR), sqlTime(Date.now() - MINUTE)];
  const tweets = [
    ['pending', {}], ['pending', { retry_at: past }], ['scheduled', { scheduled_at: soon }],
    ['due', { scheduled_at: past }], ['due', { scheduled_at: past, late: 'released' }],
    ['held', { scheduled_at: past, late: 'held' }], ['held_back', { retry_at: soon }],
    ['held_back', { retry_at: soon, scheduled_at: past }],
    ['unknown', { open: past }], ['sending', { open: null, account: 101 }],
    ['posted', { status: 'posted' }], ['posted', { status: 'posted' }],
    ['failed', { status: 'failed', code: 'tweet_refused' }],
    ['draft', { draft: 1 }], ['draft', { draft: 1, scheduled_at: past, late: 'held' }],
    ['unconfirmed', { status: 'failed', code: 'outcome_unknown' }],
  ];
  await bare.db(`DELETE FROM attempt; DELETE FROM tweet; UPDATE twitter_account SET lease_until = ${quote(soon)},
    lease_holder = 'x' WHERE id = 101; ${tweets.map(([, { open, account = 100, ...row }], i) =>
    insert('tweet', { id: i + 1, twitter_account_id: account, content: 'x', ...row })
    + (open === undefined ? '' : insert('attempt',
      { tweet_id: i + 1, sent_at: past, look_at: open }))).join('\n')}`);
  const wanted = {};
  for (const [state] of tweets) wanted[state] = (wanted[state] ?? 0) + 1;
  const { tweets: found } = await bare.monitoring();
  assert.deepEqual(found, wanted);
  assert.deepEqual(Object.keys(wanted).sort(), [...STATES].sort(), 'a state that no tweet here has');
  for (const state of STATES) {
    const list = isJson(await bare.get('/api/v1/tweets', `state=${state}`), 200);
    assert.equal(list.total, wanted[state], state);
    assert.deepEqual(list.tweets.map((row) => [row.state, tweets[row.id - 1][0]]),
      Array(wanted[state]).fill([state, state]));
  }
});

test('the last tick is shown with its counts, and when none comes', async () => {
  await bare.db('DELETE FROM tweet');
  isJson(await bare.tick(), 200);
  const { tick } = await bare.monitoring();
  isTime(tick.last_at);
  hasMembers(tick.last, 'at', 'error', 'posted', 'failed', 'settled', 'refreshed', 'remaining');
  assert.equal(tick.last.error, null);
  assert.equal(tick.late, false);
});

test('refuses days out of bounds and gives every day that was asked for', async () => {
  for (const days of ['0', '367', '-1', 'x', '1.5']) {
    namesFaults(await bare.get(DAILY, `days=${days}`), '/days');
  }
  const sizes = [['', 30], ['days=1', 1], ['days=366', 366]];
  for (const [query, count] of sizes) {
    const { days } = isJson(await bare.get(DAILY, query), 200);
    assert.equal(days.length, count);
    const first = Date.parse(days[0].date);
    days.forEach(({ date }, i) => assert.equal(Date.parse(date), first + i * DAY));
    assert.equal(days.at(-1).date, new Date().toISOString().slice(0, 10));
  }
});

test('a tweet counts on the UTC day on which it ended', { skip: noPreload }, async () => {
  const own = new Bare();
  try {
    own.preloadClock();
    own.turn('2031-02-28T23:50:00Z');
    own.settings.TZ = 'Pacific/Auckland';
    await own.monitoring();
    await own.db(`${insert('twitter_account', { id: 1, username: 'm', access_token: '', mock: 1 })
    } ${[1, 2, 3].map((id) => insert('tweet',
      { id, twitter_account_id: 1, content: `x${id}` })).join(' ')}`);
    isJson(await own.post('/api/v1/tweet/post/1'), 200);
    own.turn('2031-03-01T00:00:01Z');
    isJson(await own.post('/api/v1/tweet/post/2'), 200);
    isJson(await own.post('/api/v1/tweet/post/3'), 200);
    own.turn('2031-03-02T12:00:00Z');
    const { days } = isJson(await own.get(DAILY, 'days=4'), 200);
    assert.deepEqual(days, [
      { date: '2031-02-27', posted: 0, failed: 0 }, { date: '2031-02-28', posted: 1, failed: 0 },
      { date: '2031-03-01', posted: 2, failed: 0 }, { date: '2031-03-02', posted: 0, failed: 0 },
    ]);
  } finally {
    own.remove();
  }
});

test('a thousand accounts and a hundred thousand attempts are seen in a moment', async (t) => {
  const own = new Bare();
  try {
    await own.monitoring();
    await own.db(`BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
        WHERE i < 1000) INSERT INTO twitter_account(username, access_token, refresh_token)
        SELECT 'account_' || i, hex(randomblob(80)), hex(randomblob(80)) FROM n;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 110000)
        INSERT INTO tweet(twitter_account_id, content, status) SELECT 1 + i % 1000,
        'tweet ' || i || hex(randomblob(60)), CASE WHEN i > 100000 THEN 'pending'
        ELSE 'posted' END FROM n;
      INSERT INTO attempt(tweet_id, sent_at, ended_at, outcome, x_request_id)
        SELECT id, datetime('now'), datetime('now', '-' || (id * 5) || ' seconds'),
        CASE id % 10 WHEN 0 THEN 'refused' ELSE 'posted' END, hex(randomblob(16))
        FROM tweet WHERE status = 'posted'; COMMIT`);
    const times = [];
    for (let i = 0; i < 3; i += 1) {
      const { ms, json } = await own.get(MONITORING);
      times.push(ms);
      assert.equal(json.accounts.length, 1000);
      assert.equal(json.success.week.attempted, 100_000);
      assert.deepEqual([json.tweets.pending, json.tweets.posted], [10_000, 100_000]);
    }
    t.diagnostic(`${Math.min(...times)} ms`);
    assert.ok(Math.min(...times) < 3000, `${times} ms`);
  } finally {
    own.remove();
  }
});
