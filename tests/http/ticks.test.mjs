// The tick: one bounded run of all that has to be done now and then.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';

import { isJson, unique, until } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { addAccount, addTweet } from '../support/link.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

let poster;
let instance;

before(async () => {
  poster = await Poster.start();
  ({ instance } = poster);
});
after(() => poster?.stop());

beforeEach(async () => {
  await db(instance, `PRAGMA foreign_keys = ON; DELETE FROM tweet;
    DELETE FROM twitter_account; DELETE FROM kv`);
  poster.x.clearFaults();
});

const tick = async (method = 'POST') => isJson(await request(instance, method, '/api/v1/tick'), 200);

/** A tweet whose time was so many seconds ago (below 0: is to come). */
async function due(accountId, { text = unique('due'), seconds = 5 } = {}) {
  const id = await addTweet(instance, { accountId, text });
  await db(instance, `UPDATE tweet SET scheduled_at = datetime('now', '${-seconds} seconds')
    WHERE id = ${id}`);
  return { id, text };
}

const setTweet = (id, what) => db(instance, `UPDATE tweet SET ${what} WHERE id = ${id}`);

test('GET and POST do the same', async () => {
  const { id } = await poster.granted();
  for (const method of ['GET', 'POST']) {
    const { id: tweet } = await due(id);
    const run = await tick(method);
    assert.deepEqual([run.total, run.posted, run.failed], [1, 1, 0], method);
    assert.equal((await poster.show(tweet)).state, 'posted');
  }
  const reply = await request(instance, 'GET', '/api/v1/tick', { key: null });
  assert.equal(reply.status, 401);
});

test('a tweet that is held back goes when its time has come, and not before', async () => {
  const { id } = await poster.granted();
  const tweet = await addTweet(instance, { accountId: id, text: unique('held back') });
  await setTweet(tweet, "retry_at = datetime('now', '+1 hour'), code = 'rate_limited'");
  assert.equal((await poster.show(tweet)).state, 'held_back');
  const early = await tick();
  assert.deepEqual([early.posted, early.remaining], [0, 0]);
  assert.deepEqual(early.held_back.map((row) => [row.account_id, row.code]), [[id, 'rate_limited']]);
  await setTweet(tweet, "retry_at = datetime('now', '-1 seconds')");
  assert.equal((await tick()).posted, 1);
  assert.equal((await poster.show(tweet)).retry_at, null);
});

test('what X has held back in one tick is sent by another', async () => {
  const { id } = await poster.granted();
  const { id: tweet, text } = await due(id);
  poster.x.fault({ match: TWEETS, problem: 'tooManyRequests' });
  assert.equal((await tick()).posted, 0);
  const shown = await poster.show(tweet);
  assert.deepEqual([shown.state, shown.status, shown.code], ['held_back', 'pending', 'rate_limited']);
  assert.equal((await tick()).posted, 0);
  assert.equal(poster.x.arrivals(text), 1);
  await setTweet(tweet, "retry_at = datetime('now')");
  await db(instance, 'UPDATE twitter_account SET hold_until = NULL');
  assert.equal((await tick()).posted, 1);
  assert.equal(poster.x.arrivals(text), 2);
});

test('a tweet with no time that waits for a retry survives an expired token', async () => {
  const { id, user } = await poster.granted();
  const text = unique('no time');
  const tweet = await addTweet(instance, { accountId: id, text });
  await setTweet(tweet, "retry_at = datetime('now', '-1 seconds'), code = 'rate_limited'");
  poster.x.expire(user);
  await tick();
  await until(async () => (await tick()).remaining === 0, 'an empty queue', 5000);
  assert.equal((await poster.show(tweet)).state, 'posted');
  assert.equal(poster.x.posted(text).length, 1);
});

test('two ticks at once: one works, the other says so, and nothing is doubled', async () => {
  const texts = [];
  for (let i = 0; i < 3; i++) {
    const { id } = await poster.granted();
    for (let n = 0; n < 2; n++) texts.push((await due(id)).text);
  }
  poster.x.fault({ match: TWEETS, delay: 100, times: Infinity });
  const runs = await Promise.all([1, 2, 3, 4].map(() => tick()));
  const busy = runs.filter((run) => run.busy);
  assert.ok(busy.length >= 1, 'one was busy');
  for (const run of busy) {
    assert.deepEqual([run.total, run.posted, run.failed, run.settled, run.refreshed,
      run.remaining], [0, 0, 0, 0, 0, 0]);
  }
  assert.equal(runs.reduce((sum, run) => sum + run.posted, 0), texts.length);
  for (const text of texts) assert.equal(poster.x.arrivals(text), 1);
});

test('a tick beside post-pending and post/{id} doubles nothing', async () => {
  const { id } = await poster.granted();
  const tweets = [];
  for (let i = 0; i < 4; i++) tweets.push(await due(id));
  poster.x.fault({ match: TWEETS, delay: 50, times: Infinity });
  await Promise.all([tick(), poster.pending({}), poster.publish(tweets[3].id), tick('GET')]);
  await tick();
  for (const { id: tweet, text } of tweets) {
    assert.equal(poster.x.arrivals(text), 1);
    assert.equal((await poster.show(tweet)).state, 'posted');
  }
});

test('tokens near their end are refreshed, with nothing to send', async () => {
  const expiring = await poster.granted();
  const fresh = await poster.granted();
  const inactive = await poster.granted();
  const set = (id, what) => db(instance, `UPDATE twitter_account SET ${what} WHERE id = ${id}`);
  await set(expiring.id, "expires_at = datetime('now', '+200 seconds')");
  await set(fresh.id, "expires_at = datetime('now', '+1000 seconds')");
  await set(inactive.id, "expires_at = datetime('now', '+200 seconds'), status = 'inactive'");
  const run = await tick();
  assert.deepEqual([run.refreshed, run.posted], [1, 0]);
  const after = await poster.account(expiring.id);
  assert.ok(after.expires_at > new Date(Date.now() + 6000_000).toISOString().replace('T', ' '));
  assert.equal((await tick()).refreshed, 0);
});

test('old states and old logs are removed, young ones are kept', async () => {
  const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const folder = join(instance.instanceDir, 'logs');
  const today = readdirSync(folder).find((name) => name.startsWith('api-'));
  const [old, young] = [15, 13].map((ago) => join(folder, today.replace(day(0), day(ago))));
  writeFileSync(old, '{}\n');
  writeFileSync(young, '{}\n');
  await db(instance, `INSERT INTO oauth_state (state, code_verifier, created_at)
    VALUES ('old', 'v', datetime('now', '-11 minutes')),
    ('young', 'v', datetime('now', '-8 minutes'))`);
  assert.equal((await tick()).removed_logs, 1);
  assert.deepEqual([existsSync(old), existsSync(young)], [false, true]);
  assert.deepEqual(await db(instance, 'SELECT state FROM oauth_state'), [{ state: 'young' }]);
});

test('in mock mode a tick sends for mock accounts only, and says nothing remains', async () => {
  const real = await poster.granted();
  const mock = await addAccount(instance, { username: unique('mock') });
  await db(instance, `UPDATE twitter_account SET mock = 1 WHERE id = ${mock}`);
  const [ofReal, ofMock] = [await due(real.id), await due(mock)];
  isJson(await poster.post('/api/v1/mock-mode', { enabled: true }), 200);
  try {
    const run = await tick();
    assert.deepEqual(run.details.map((row) => row.tweet_id), [ofMock.id]);
    assert.equal(run.remaining, 0);
    assert.match((await poster.show(ofMock.id)).twitter_id, /^mock_/);
    assert.equal((await poster.show(ofReal.id)).state, 'due');
  } finally {
    isJson(await poster.post('/api/v1/mock-mode', { enabled: false }), 200);
  }
  assert.equal((await tick()).posted, 1);
  assert.equal(poster.x.posted(ofReal.text).length, 1);
});

test('an account that needs a person is named, and the others go on', async () => {
  const gone = await poster.granted();
  const good = await poster.granted();
  await due(gone.id);
  await due(good.id);
  isJson(await request(instance, 'PATCH', `/api/v1/accounts/${gone.id}`,
    { body: { status: 'inactive' } }), 200);
  const run = await tick();
  assert.equal(run.posted, 1);
  assert.deepEqual(run.blocked.map((row) => row.account_id), [gone.id]);
});
