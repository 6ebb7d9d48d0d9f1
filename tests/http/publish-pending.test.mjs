// Runs over all pending tweets, and tick.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { each, isError, isJson, unique } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { Poster, TWEETS } from '../support/poster.mjs';

let p;

before(async () => { p = await Poster.start(); });
after(() => p?.stop());
beforeEach(() => p.x.clearFaults());

test('all pending tweets go out in order, one at a time within an account', async () => {
  const [one, two] = [await p.granted(), await p.granted()];
  const texts = { [one.id]: [], [two.id]: [] };
  const ids = [];
  for (let i = 0; i < 4; i += 1) {
    for (const owner of [one, two]) {
      const text = unique(`order ${i}`);
      texts[owner.id].push(text);
      ids.push(await p.queue(owner.id, text));
    }
  }
  p.x.fault({ match: TWEETS, delay: 60, times: Infinity });
  const json = await p.run({});
  for (const owner of [one, two]) {
    const sent = p.x.find({ ...TWEETS, user: owner.user });
    assert.deepEqual(sent.map((r) => r.json.text), texts[owner.id]);
    sent.slice(1).forEach((r, i) => assert.ok(r.at >= sent[i].endedAt, 'they overlap'));
  }
  assert.equal(json.total, json.posted + json.failed);
  assert.equal(json.remaining, 0);
  for (const id of ids) {
    const detail = json.details.find((d) => d.tweet_id === id);
    assert.equal(detail.status, 'posted');
    assert.equal(detail.twitter_id, (await p.show(id)).twitter_id);
  }
});

test('account and limit narrow a run, and the rest is told', async () => {
  const [one, two] = [await p.granted(), await p.granted()];
  for (let i = 0; i < 5; i += 1) await p.queue(one.id, unique('limited'));
  const other = await p.queue(two.id, unique('other'));
  const first = await p.run({ account_id: one.id, limit: 2 });
  assert.deepEqual([first.total, first.posted, first.remaining], [2, 2, 3]);
  const second = await p.run({ account_id: String(one.id), limit: '10' });
  assert.deepEqual([second.posted, second.remaining], [3, 0]);
  assert.equal((await p.show(other)).status, 'pending');
  await p.pending();
  assert.equal((await p.show(other)).status, 'posted');
});

test('a budget of time ends a run early', async () => {
  const { id, user } = await p.granted();
  for (let i = 0; i < 6; i += 1) await p.queue(id, unique('budget'));
  p.x.fault({ match: { ...TWEETS, user }, delay: 450, times: Infinity });
  const begun = Date.now();
  const json = await p.run({ account_id: id, budget_seconds: 1 });
  assert.ok(Date.now() - begun < 4000);
  assert.ok(json.posted >= 1 && json.posted < 6, JSON.stringify(json));
  assert.equal(json.remaining, 6 - json.posted);
  p.x.clearFaults();
  await p.pending({ account_id: id });
});

test('bounds of a run that make no sense are refused', async () => {
  await each([{ account_id: 0 }, { account_id: 'x' }, { limit: 'x' }, { limit: -1 },
    { limit: 1.5 }, { budget_seconds: 'x' }, { budget_seconds: -1 }, []],
  async (body) => isError(await p.pending(body), 400));
});

test('a tweet that fails does not stop the others', async () => {
  const { id, user } = await p.granted();
  const [bad, good] = [unique('bad'), unique('good')];
  const badId = await p.queue(id, bad);
  const goodId = await p.queue(id, good);
  p.x.fault({ match: { ...TWEETS, user, text: bad }, problem: 'notPermitted' });
  const json = await p.run({ account_id: id });
  assert.deepEqual([json.total, json.posted, json.failed], [2, 1, 1]);
  const failed = json.details.find((d) => d.tweet_id === badId);
  assert.equal(failed.status, 'failed');
  assert.ok(failed.error);
  assert.equal((await p.show(badId)).status, 'failed');
  assert.equal((await p.show(goodId)).status, 'posted');
});

test('two runs at once send each tweet once', async () => {
  const owners = [await p.granted(), await p.granted(), await p.granted()];
  const texts = [];
  for (const { id } of owners) {
    for (let i = 0; i < 3; i += 1) {
      texts.push(unique('twice'));
      await p.queue(id, texts.at(-1));
    }
  }
  p.x.fault({ match: TWEETS, delay: 50, times: Infinity });
  await Promise.all([p.pending(), p.pending(), p.pending()]);
  p.x.clearFaults();
  await p.pending();
  for (const text of texts) assert.equal(p.x.arrivals(text), 1);
  for (const { user } of owners) {
    const sent = p.x.find({ ...TWEETS, user });
    sent.slice(1).forEach((r, i) => assert.ok(r.at >= sent[i].endedAt, 'they overlap'));
  }
});

test('accounts that need a person are named once a run', async () => {
  const { id, tweet } = await p.ready();
  await p.queue(id, unique('second'));
  await db(p.instance, `UPDATE twitter_account SET status = 'inactive' WHERE id = ${id}`);
  const json = await p.run({ account_id: id });
  assert.equal(json.total, 0);
  const blocked = json.blocked.filter((b) => b.account_id === id);
  assert.equal(blocked.length, 1);
  assert.equal(typeof blocked[0].code, 'string');
  assert.equal((await p.show(tweet)).status, 'pending');
});

test('with nothing to do a run does nothing', async () => {
  const { id } = await p.granted();
  const json = await p.run({ account_id: id });
  assert.deepEqual([json.total, json.posted, json.failed, json.details, json.remaining],
    [0, 0, 0, [], 0]);
});

test('tick answers by GET and POST what it did', async () => {
  for (const method of ['GET', 'POST']) {
    const json = isJson(await request(p.instance, method, '/api/v1/tick'), 200);
    for (const name of ['posted', 'failed', 'settled', 'refreshed', 'remaining']) {
      assert.ok(Number.isInteger(json[name]), name);
    }
  }
});

