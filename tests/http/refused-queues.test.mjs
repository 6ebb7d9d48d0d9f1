// Twenty tweets wait on one account, and X refuses: for the account, for the
// app, or without a word. None of them may be burned, and none goes out twice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { isError, isJson } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

const QUEUE = 20;
const RUNS = 4;
const HOUR = 3600;
const OVER = "datetime('now', '-1 minute')";

let p;

before(async () => { p = await Poster.start(); });
after(() => p?.stop());

/** An account with twenty tweets: { id, user, tweets: [{ id, text }] }. */
async function full(how) {
  const owner = await p.granted(how);
  const tweets = [];
  for (let i = 0; i < QUEUE; i += 1) {
    const text = `${owner.user.username} says ${i}`;
    tweets.push({ id: await p.queue(owner.id, text), text });
  }
  return { ...owner, tweets };
}

const rows = (account) => db(p.instance, `SELECT id, status, code, reason, retry_at
  FROM tweet WHERE twitter_account_id = ${account} ORDER BY id`);
const statuses = async (account) => (await rows(account)).map(({ status }) => status);
const count = async (account, status) =>
  (await statuses(account)).filter((each) => each === status).length;
const asked = (user) => p.x.count({ ...TWEETS, user });
const open = (account) => db(p.instance, `UPDATE twitter_account SET hold_until = ${OVER}
  WHERE id = ${account} AND hold_until IS NOT NULL; UPDATE tweet SET retry_at = ${OVER}
  WHERE twitter_account_id = ${account} AND retry_at IS NOT NULL;
  DELETE FROM kv WHERE name = 'app_hold'`);
const again = (account) =>
  request(p.instance, 'PATCH', `/api/v1/accounts/${account}`, { body: { status: 'active' } });

/** A new grant in the row, as linking again leaves it. */
async function relink({ id, user }) {
  const { auth_url: address } = isJson(await request(p.instance, 'GET',
    `/api/v1/auth/twitter?account_id=${id}`), 200);
  const back = new URL(await p.x.consent(address, user));
  isJson(await request(p.instance, 'GET', `/api/v1/auth/callback${back.search}`), 200);
}

/** Once X is content again, each tweet goes out, once. */
async function goesOut({ id, tweets }) {
  const run = await p.run({ account_id: id });
  assert.deepEqual(new Set(await statuses(id)), new Set(['posted']), JSON.stringify(run));
  for (const { text } of tweets) assert.equal(p.x.posted(text).length, 1, text);
}

// [X's body, the account's status and code after, what is said of it, requests
// at most, how a person ends it]
const ROWS = [
  ['unsupportedAuthentication', 'failed', 'needs_reauth', 'blocked', 1, relink],
  ['oauth1Permissions', 'failed', 'grant_lacks_scope', 'blocked', 1, relink],
  ['missingScope', 'failed', 'grant_lacks_scope', 'blocked', 1, relink],
  ['unauthorized', 'failed', 'needs_reauth', 'blocked', 4, relink],
  ['locked326', 'suspended', 'account_locked', 'blocked', 1, ({ id }) => again(id)],
  ['lockedWords', 'suspended', 'account_locked', 'blocked', 1, ({ id }) => again(id)],
  ['suspended', 'suspended', 'account_suspended', 'blocked', 1, ({ id }) => again(id)],
  ['suspended64', 'suspended', 'account_suspended', 'blocked', 1, ({ id }) => again(id)],
  ['automated226', 'active', 'account_held_back', 'held_back', 1, ({ id }) => open(id)],
  ['bare', 'active', 'account_held_back', 'held_back', 3, ({ id }) => open(id)],
  ['bareTitle', 'active', 'account_held_back', 'held_back', 3, ({ id }) => open(id)],
  ['forbidden', 'active', 'account_held_back', 'held_back', 3, ({ id }) => open(id)],
  ['notPermitted', 'active', 'account_held_back', 'held_back', 5, ({ id }) => open(id)],
  ['tooManyRequests', 'active', 'rate_limited', 'held_back', 1, ({ id }) => open(id)],
  ['dailyLimit344', 'active', 'rate_limited', 'held_back', 1, ({ id }) => open(id)],
  ['creditsDepleted', 'active', 'credits_depleted', 'held_back', 1, ({ id }) => open(id)],
  ['clientNotEnrolled', 'active', 'app_not_enrolled', 'held_back', 1, ({ id }) => open(id)],
];

for (const [name, status, code, told, most, cure] of ROWS) {
  for (const generation of ['old', 'new']) {
    test(`${name} (${generation}) burns none of twenty`, async () => {
      const account = await full();
      const fault = p.x.fault({
        match: { ...TWEETS, user: account.user }, problem: name, generation, times: Infinity,
        headers: { 'retry-after': '600' }, // else a limit's wait is drawn, and may be a second
      });
      for (let i = 0; i < RUNS; i += 1) {
        const run = await p.run({ account_id: account.id });
        assert.deepEqual([run.total, run.posted, run.failed, run.details], [0, 0, 0, []]);
        if (name === 'unauthorized' && i === 0) await open(account.id);
        else assert.equal(run[told].find((each) => each.account_id === account.id)?.code, code);
      }
      assert.equal(await count(account.id, 'pending'), QUEUE);
      assert.ok(asked(account.user) <= most, `${asked(account.user)} requests`);
      const row = await p.account(account.id);
      assert.deepEqual([row.status, row.status === 'active' ? code : row.code], [status, code]);
      fault.remove();
      await cure(account);
      await goesOut(account);
    });
  }
}

test('one by one, too: each is told why, and all stay pending', async () => {
  const account = await full();
  p.x.fault({ match: { ...TWEETS, user: account.user }, problem: 'locked326', times: Infinity });
  const [first, ...others] = account.tweets;
  const json = isError(await p.publish(first.id), 409, 'account_locked');
  assert.match(json.reason, /temporarily locked/);
  assert.match(json.hint, /Unlock it on X, then press Try again/);
  for (const { id } of others) {
    assert.match(isError(await p.publish(id), 409).hint, /Unlock it on X/);
  }
  assert.equal(await count(account.id, 'pending'), QUEUE);
  assert.equal(asked(account.user), 1);
});

// The row of bare refusals

const bare = (user, more = {}) =>
  p.x.fault({ match: { ...TWEETS, user }, problem: 'forbidden', times: Infinity, ...more });

test('the third bare 403 in a row shows that it is the account', async () => {
  const account = await full();
  bare(account.user);
  const [a, b, c, d] = account.tweets;
  for (const { id } of [a, b]) {
    isError(await p.publish(id), 422, 'tweet_refused');
    assert.equal((await p.show(id)).status, 'failed');
  }
  const third = await p.publish(c.id);
  const json = isError(third, 429, 'account_held_back');
  assert.equal(json.retryable, true);
  const wait = Number(third.headers['retry-after']);
  assert.ok(wait > HOUR - 60 && wait <= HOUR, `Retry-After: ${wait}`);
  const shown = await rows(account.id);
  assert.deepEqual(new Set(shown.map((each) => each.status)), new Set(['pending']));
  for (const each of shown.slice(0, 3)) {
    assert.equal(each.code, 'account_held_back');
    assert.ok(Date.parse(`${each.retry_at}Z`) - Date.now() > (HOUR - 60) * 1000);
  }
  assert.equal(shown[3].code, null);
  isError(await p.publish(d.id), 429, 'account_held_back');
  assert.equal(asked(account.user), 3, 'the account rests');
  const { failures, refusals } = await p.account(account.id);
  assert.equal(failures, 0, 'what is pending again has not failed');
  assert.ok(refusals >= 3);
});

test('counts and reports know that those tweets have not failed after all', async () => {
  const own = await Poster.start();
  try {
    const { id, user } = await own.granted();
    for (let i = 0; i < 5; i += 1) await own.queue(id, `count ${i}`);
    own.x.fault({ match: { ...TWEETS, user }, problem: 'bare', times: Infinity });
    const run = await own.run();
    assert.deepEqual([run.total, run.failed, run.details], [0, 0, []]);
    const read = async (path) => isJson(await request(own.instance, 'GET', path), 200);
    assert.equal((await read('/api/v1/stats')).tweets.failed, 0);
    assert.equal((await read('/api/v1/stats/daily')).days.at(-1).failed, 0);
    const { success } = await read('/api/v1/monitoring');
    assert.deepEqual([success.hour.failed, success.hour.put_off], [0, 3]);
    const { attempts } = await own.show(1);
    assert.deepEqual(attempts.map((each) => each.outcome), ['held_back']);
  } finally {
    await own.stop();
  }
});

test('an alert tells of it, not of failed tweets, until X takes one', async () => {
  const account = await full();
  const refusals = bare(account.user);
  await p.run({ account_id: account.id });
  const alerts = async () => {
    isJson(await p.post('/api/v1/tick'), 200);
    const list = isJson(await request(p.instance, 'GET', '/api/v1/monitoring/alerts?status=open'), 200);
    return list.alerts.filter((each) => each.account_id === account.id).map(({ cause }) => cause);
  };
  assert.deepEqual(await alerts(), ['account_held_back']);
  await open(account.id);
  assert.deepEqual(await alerts(), ['account_held_back'], 'refused once more');
  refusals.remove();
  await open(account.id);
  await goesOut(account);
  assert.deepEqual(await alerts(), []);
});

test('a rest doubles each time that X refuses again, up to a day', async () => {
  const account = await full();
  bare(account.user);
  await p.run({ account_id: account.id });
  const waits = [];
  for (let i = 0; i < 6; i += 1) {
    const { hold_until: until } = await p.account(account.id);
    waits.push(Math.round((Date.parse(`${until}Z`) - Date.now()) / 1000 / HOUR));
    await open(account.id);
    await p.run({ account_id: account.id });
    assert.equal(asked(account.user), 4 + i, 'one request a rest');
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 24]);
  assert.equal(await count(account.id, 'pending'), QUEUE);
});

test('226 doubles, too', async () => {
  const account = await full();
  p.x.fault({ match: { ...TWEETS, user: account.user }, problem: 'automated226', times: 2 });
  const [first, second] = account.tweets;
  const wait = async ({ id }) =>
    Number((await p.publish(id)).headers['retry-after']) / HOUR;
  assert.equal(Math.round(await wait(first)), 1);
  await open(account.id);
  assert.equal(Math.round(await wait(second)), 2);
  await open(account.id);
  await goesOut(account);
  assert.equal((await p.account(account.id)).refusals, 0);
});

test('a success ends the row: the next bare 403 is the first one', async () => {
  const account = await full();
  const [a, b, c, d, e] = account.tweets;
  const refused = bare(account.user, { times: 2 });
  for (const { id } of [a, b]) isError(await p.publish(id), 422, 'tweet_refused');
  isJson(await p.publish(c.id), 200);
  refused.remove();
  bare(account.user, { times: 2 });
  for (const { id } of [d, e]) isError(await p.publish(id), 422, 'tweet_refused');
  const [first, second] = await rows(account.id);
  assert.deepEqual([first.status, second.status], ['failed', 'failed']);
  assert.equal((await p.account(account.id)).refusals, 2);
});

test('a text that X does not take does not keep the others back', async () => {
  const account = await full();
  const bad = account.tweets.slice(0, 3);
  for (const { text } of bad) bare(account.user, { match: { ...TWEETS, text } });
  await p.run({ account_id: account.id });
  assert.equal(await count(account.id, 'pending'), QUEUE);
  await open(account.id);
  await p.run({ account_id: account.id });
  assert.equal(await count(account.id, 'posted'), QUEUE - 3);
  for (const { text } of account.tweets.slice(3)) assert.equal(p.x.posted(text).length, 1);
});

test('what X refuses in words fails for itself, and ends no row', async () => {
  const account = await full();
  p.x.fault({ match: { ...TWEETS, user: account.user }, problem: 'cashtags', times: Infinity });
  const run = await p.run({ account_id: account.id });
  assert.equal(run.failed, QUEUE);
  assert.equal((await p.account(account.id)).refusals, 0);
});

test('a bare 403 for a grant that is known to lack a scope names the scope', async () => {
  const account = await full();
  await db(p.instance, `UPDATE twitter_account SET scope = 'tweet.read users.read'
    WHERE id = ${account.id}`);
  bare(account.user);
  const json = isError(await p.publish(account.tweets[0].id), 409, 'grant_lacks_scope');
  assert.match(json.hint, /Read and write/);
  assert.equal(await count(account.id, 'pending'), QUEUE);
});

test('a wrong address of X burns nothing', async () => {
  const account = await full();
  p.x.fault({
    match: { ...TWEETS, user: account.user }, status: 404, times: Infinity,
    body: { title: 'Not Found', detail: 'Not Found', type: 'about:blank', status: 404 },
  });
  for (let i = 0; i < RUNS; i += 1) await p.run({ account_id: account.id });
  assert.equal(await count(account.id, 'pending'), QUEUE);
  assert.ok(asked(account.user) <= RUNS);
});

// The account, told by other calls than a tweet

test('a lock that the token endpoint tells of is a lock', async () => {
  const account = await full();
  await db(p.instance, `UPDATE twitter_account SET expires_at = ${OVER} WHERE id = ${account.id}`);
  p.x.fault({
    match: { path: '/2/oauth2/token', user: account.user }, problem: 'locked326', times: 1,
  });
  const run = await p.run({ account_id: account.id });
  assert.deepEqual(run.blocked, [{ account_id: account.id, code: 'account_locked' }]);
  assert.equal(asked(account.user), 0);
  const row = await p.account(account.id);
  assert.deepEqual([row.status, row.code], ['suspended', 'account_locked']);
  assert.ok(row.refresh_token, 'its tokens are kept');
  isJson(await again(account.id), 200);
  await goesOut(account);
});

test('a suspension that the timeline tells of is one, and the tweet is still looked for', async () => {
  const { id, user, tweet, text } = await p.ready();
  p.x.fault({ match: { ...TWEETS, user }, cut: 'after-processing' });
  isError(await p.publish(tweet), 502);
  await db(p.instance, `UPDATE attempt SET look_at = ${OVER}, sent_at = ${OVER}
    WHERE tweet_id = ${tweet}; UPDATE twitter_account SET x_user_id = '${user.id}',
    hold_until = NULL WHERE id = ${id}`);
  const timeline = p.x.fault({
    match: { path: `/2/users/${user.id}/tweets` }, problem: 'suspended', times: Infinity,
  });
  const run = await p.run({ account_id: id });
  assert.deepEqual(run.blocked, [{ account_id: id, code: 'account_suspended' }]);
  assert.equal((await p.show(tweet)).status, 'pending');
  timeline.remove();
  isJson(await again(id), 200);
  await p.run({ account_id: id });
  assert.equal((await p.show(tweet)).status, 'posted');
  assert.equal(p.x.arrivals(text), 1);
});

test('while an account rests, its lost answers are still looked for', async () => {
  const account = await full();
  const [lost, next] = account.tweets;
  p.x.fault({ match: { ...TWEETS, text: lost.text }, cut: 'after-processing' });
  isError(await p.publish(lost.id), 502);
  p.x.fault({ match: { ...TWEETS, user: account.user }, problem: 'automated226' });
  isError(await p.publish(next.id), 429, 'account_held_back');
  await db(p.instance, `UPDATE attempt SET look_at = ${OVER} WHERE tweet_id = ${lost.id}`);
  const run = await p.run({ account_id: account.id });
  assert.deepEqual([run.settled, run.posted], [1, 1]);
  assert.equal((await p.show(lost.id)).status, 'posted');
  assert.equal(asked(account.user), 2, 'no tweet was sent');
  const { refusals } = await p.account(account.id);
  assert.ok(refusals > 0, 'what went out before the refusal does not show that it is over');
  assert.equal(await count(account.id, 'pending'), QUEUE - 1);
});
