// Tweets whose time is long over, since nothing ran then.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { isError, isJson, unique } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { addTweet } from '../support/link.mjs';
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

const tick = async () => isJson(await poster.post('/api/v1/tick'), 200);
const release = (id) => poster.post(`/api/v1/tweets/${id}/release`);
const state = async (id) => (await poster.show(id)).state;
const patch = (id, body) => request(instance, 'PATCH', `/api/v1/tweets/${id}`, { body });

/** A tweet whose time was so many minutes ago. */
async function late(accountId, minutes) {
  const id = await addTweet(instance, { accountId, text: unique(`late ${minutes}`) });
  await db(instance, `UPDATE tweet SET scheduled_at =
    datetime('now', '-${Math.round(minutes * 60)} seconds') WHERE id = ${id}`);
  return id;
}

/** As if the account's last late tweet had gone so many seconds ago. */
const lastLate = (id, seconds) => db(instance, `UPDATE twitter_account SET late_at =
  datetime('now', '-${seconds} seconds') WHERE id = ${id}`);

async function withSettings(env, work) {
  await instance.restart(env);
  try {
    await work();
  } finally {
    for (const name of Object.keys(env)) delete instance.settings[name];
    await instance.restart();
  }
}

test('an hour late is sent, more is held', async () => {
  const { id } = await poster.granted();
  const good = await late(id, 59);
  const held = await late(id, 61);
  const run = await tick();
  assert.deepEqual(run.details.map((row) => row.tweet_id), [good]);
  assert.equal(run.remaining, 0);
  const shown = await poster.show(held);
  assert.deepEqual([shown.state, shown.status], ['held', 'pending']);
  assert.ok(instance.logText('error').includes('late'), 'the log says so');
});

test('a cron that was dead for a month sends nothing of that month', async () => {
  const { id } = await poster.granted();
  await db(instance, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
      WHERE i < 300)
    INSERT INTO tweet (twitter_account_id, content, scheduled_at)
    SELECT ${id}, 'month ' || i, datetime('now', '-' || (i * 140) || ' minutes') FROM n`);
  const was = poster.x.count(TWEETS);
  const run = await tick();
  assert.deepEqual([run.posted, run.failed, run.remaining], [0, 0, 0]);
  assert.equal(poster.x.count(TWEETS), was);
  const list = isJson(await request(instance, 'GET', '/api/v1/tweets?state=held&limit=1'), 200);
  assert.equal(list.total, 300);
  assert.equal((await poster.run({})).posted, 0);
});

test('post-pending holds what is late, too', async () => {
  const { id } = await poster.granted();
  const held = await late(id, 61);
  assert.equal((await poster.run({})).posted, 0);
  assert.equal(await state(held), 'held');
});

test('post/{id} sends a held tweet at once', async () => {
  const { id } = await poster.granted();
  const held = await late(id, 100);
  await tick();
  isJson(await poster.publish(held), 200);
  assert.equal(await state(held), 'posted');
});

test('a held tweet that a person posts and X holds back is sent again', async () => {
  const { id } = await poster.granted();
  const held = await late(id, 100);
  await tick();
  poster.x.fault({ match: TWEETS, problem: 'tooManyRequests' });
  isError(await poster.publish(held), 429);
  assert.equal(await state(held), 'held_back');
  await db(instance, `UPDATE tweet SET retry_at = datetime('now');
    UPDATE twitter_account SET hold_until = NULL`);
  assert.equal((await tick()).posted, 1);
});

test('a released tweet goes with the next run', async () => {
  const { id } = await poster.granted();
  const held = await late(id, 24 * 60);
  await tick();
  const shown = isJson(await release(held), 200);
  assert.deepEqual([shown.id, shown.state], [held, 'due']);
  assert.equal((await tick()).posted, 1);
  assert.equal(await state(held), 'posted');
});

test('released tweets are spread, one a minute an account', async () => {
  const accounts = [(await poster.granted()).id, (await poster.granted()).id];
  const tweets = [];
  for (const id of accounts) {
    for (const minutes of [100, 300, 200]) tweets.push(await late(id, minutes));
  }
  await tick();
  for (const id of tweets) isJson(await release(id), 200);
  const first = await tick();
  assert.deepEqual(first.details.map((row) => row.tweet_id).sort((a, b) => a - b),
    [tweets[1], tweets[4]], 'the oldest of each account');
  assert.equal((await tick()).posted, 0);
  await lastLate(accounts[0], 30);
  assert.equal((await tick()).posted, 0);
  await lastLate(accounts[0], 61);
  assert.deepEqual((await tick()).details.map((row) => row.tweet_id), [tweets[2]]);
});

test('only what is held is released', async () => {
  const { id } = await poster.granted();
  const pending = await poster.queue(id, unique('pending'));
  const due = await late(id, 1);
  isError(await release(pending), 409, 'not_held');
  isError(await release(due), 409, 'not_held');
  isError(await release(999_999), 404, 'tweet_not_found');
  isError(await release(0), 404);
  const held = await late(id, 90);
  await tick();
  isJson(await release(held), 200);
  isError(await release(held), 409, 'not_held');
});

test('another time lets a held tweet go at that time', async () => {
  const { id } = await poster.granted();
  const held = await late(id, 90);
  await tick();
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  assert.equal(isJson(await patch(held, { scheduled_at: soon }), 200).state, 'scheduled');
  assert.equal((await tick()).posted, 0);
  const now = new Date(Date.now() - 1000).toISOString();
  assert.equal(isJson(await patch(held, { scheduled_at: now }), 200).state, 'due');
  assert.equal((await tick()).posted, 1);
});

test('another text does not let a held tweet go, no time makes it pending', async () => {
  const { id } = await poster.granted();
  const held = await late(id, 90);
  await tick();
  assert.equal(isJson(await patch(held, { text: 'other' }), 200).state, 'held');
  assert.equal(isJson(await patch(held, { scheduled_at: null }), 200).state, 'pending');
  assert.equal((await tick()).posted, 0);
});

test('a held tweet can be deleted', async () => {
  const { id } = await poster.granted();
  const held = await late(id, 90);
  await tick();
  const path = `/api/v1/tweets/${held}`;
  isJson(await request(instance, 'DELETE', path), 200);
});

test('what waits for X is not held for that', async () => {
  const { id } = await poster.granted();
  const due = await late(id, 50);
  poster.x.fault({ match: TWEETS, cut: 'after-processing' });
  await tick();
  await db(instance, "UPDATE tweet SET scheduled_at = datetime('now', '-2 hours')");
  await tick();
  assert.notEqual(await state(due), 'held');
});

test('LATE_LIMIT_MINUTES moves the line', () => withSettings({ LATE_LIMIT_MINUTES: '120' },
  async () => {
    const { id } = await poster.granted();
    const good = await late(id, 119);
    const held = await late(id, 121);
    await tick();
    assert.deepEqual([await state(good), await state(held)], ['posted', 'held']);
  }));

test('LATE_POLICY=post sends late ones, one an account each LATE_SPREAD_SECONDS', () =>
  withSettings({ LATE_POLICY: 'post', LATE_SPREAD_SECONDS: '120' }, async () => {
    const accounts = [(await poster.granted()).id, (await poster.granted()).id];
    const tweets = [];
    for (const id of accounts) {
      for (const minutes of [3000, 5000, 4000]) tweets.push(await late(id, minutes));
    }
    const onTime = await late(accounts[0], 5);
    const ids = (run) => run.details.map((row) => row.tweet_id).sort((a, b) => a - b);
    const run = await tick();
    assert.deepEqual(ids(run), [tweets[1], tweets[4], onTime]);
    assert.equal(run.remaining, 0);
    assert.deepEqual(ids(await tick()), []);
    assert.equal((await poster.run({})).posted, 0);
    await lastLate(accounts[1], 121);
    assert.deepEqual(ids(await tick()), [tweets[5]]);
    await lastLate(accounts[1], 121);
    assert.deepEqual(ids(await poster.run({})), [tweets[3]]);
    assert.equal(await state(tweets[0]), 'due');
  }));

test('LATE_SPREAD_SECONDS=0 sends them all', () =>
  withSettings({ LATE_POLICY: 'post', LATE_SPREAD_SECONDS: '0' }, async () => {
    const { id } = await poster.granted();
    for (const minutes of [300, 200, 100]) await late(id, minutes);
    assert.equal((await tick()).posted, 3);
  }));
