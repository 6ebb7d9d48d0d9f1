// Tweets with a time: how it is given, changed and taken away, and who heeds it.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import {
  each, isError, isJson, isTime, namesFaults, unique,
} from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { Poster } from '../support/poster.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let poster;
let anna;

before(async () => { poster = await Poster.start(); });
after(() => poster?.stop());

beforeEach(async () => {
  await db(poster.instance, 'PRAGMA foreign_keys = ON; DELETE FROM tweet; DELETE FROM twitter_account');
  poster.x.clearFaults();
  anna = await poster.granted();
});

const inMs = (ms) => new Date(Date.now() + ms).toISOString();
const create = (body) => poster.post('/api/v1/tweet', { account_id: anna.id, ...body });
const patch = (id, body) => request(poster.instance, 'PATCH', `/api/v1/tweets/${id}`, { body });
const stored = async (id) =>
  (await db(poster.instance, `SELECT * FROM tweet WHERE id = ${id}`))[0];
const tick = async () => isJson(await poster.post('/api/v1/tick'), 200);

async function plan(ms, text = unique('planned')) {
  const json = isJson(await create({ text, scheduled_at: inMs(ms) }), 201);
  return json.tweet_id;
}

/** The tweet's time is over by so much now. */
const overdue = (id, ms) => db(poster.instance, `UPDATE tweet SET scheduled_at =
  datetime('now', '-${Math.round(ms / 1000)} seconds') WHERE id = ${id}`);

// How a time is written

const TIMES = [
  ['2090-01-31T09:00:00Z', '2090-01-31T09:00:00Z'],
  ['2090-01-31T09:00:00+01:00', '2090-01-31T08:00:00Z'],
  ['2090-01-31T09:00:00-08:00', '2090-01-31T17:00:00Z'],
  ['2090-01-31T09:00:00+05:30', '2090-01-31T03:30:00Z'],
  ['2090-01-31T09:00:00-00:00', '2090-01-31T09:00:00Z'],
  ['2090-01-01T00:30:00+14:00', '2089-12-31T10:30:00Z'],
  ['2090-12-31T23:30:00-12:00', '2091-01-01T11:30:00Z'],
  ['2090-01-31t09:00:00z', '2090-01-31T09:00:00Z'],
  ['2090-01-31T09:00:00.5Z', '2090-01-31T09:00:00Z'],
  ['2090-01-31T09:00:00.999999999999+01:00', '2090-01-31T08:00:00Z'],
  ['2092-02-29T12:00:00Z', '2092-02-29T12:00:00Z'],
  ['2090-06-30T23:59:60Z', '2090-07-01T00:00:00Z'],
  ['2090-07-01T01:59:60+02:00', '2090-07-01T00:00:00Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
];

test('a time is RFC 3339 with an offset or Z, and kept in UTC', () => each(TIMES,
  async ([given, kept]) => {
    const reply = await create({ text: unique('time'), scheduled_at: given });
    const { tweet_id: id } = isJson(reply, 201);
    const shown = await poster.show(id);
    assert.equal(shown.scheduled_at, kept);
    assert.equal(shown.state, 'scheduled');
    assert.equal(shown.status, 'pending');
    const row = await stored(id);
    assert.equal(row.scheduled_at, kept.replace('T', ' ').replace('Z', ''));
  }));

const NO_TIMES = [
  '2090-01-31T09:00:00', // whose nine o'clock?
  '2090-01-31 09:00:00Z', '2090-01-31T09:00Z', '2090-01-31', '09:00:00Z',
  '2090-02-31T09:00:00Z', '2091-02-29T09:00:00Z', '2100-02-29T09:00:00Z',
  '2090-13-01T09:00:00Z', '2090-00-01T09:00:00Z', '2090-01-00T09:00:00Z',
  '2090-01-32T09:00:00Z', '2090-01-31T24:00:00Z', '2090-01-31T09:60:00Z',
  '2090-01-31T09:00:61Z', '2090-01-31T09:00:00+24:00', '2090-01-31T09:00:00+01:60',
  '2090-01-31T09:00:00+0100', '2090-01-31T09:00:00+01', '2090-01-31T09:00:00 +01:00',
  '2090-01-31T09:00:00.Z', '2090-01-31T09:00:00,5Z', '2090-01-31T09:00:00UTC',
  '2090-01-31T09:00:00[Europe/Berlin]', ' 2090-01-31T09:00:00Z', '2090-01-31T09:00:00Z ',
  '+2090-01-31T09:00:00Z', '12090-01-31T09:00:00Z', 'tomorrow', '', '3786912000',
  3786912000, 0, true, [], {},
];

test('what is no such time is refused', () => each(NO_TIMES, async (time) => {
  namesFaults(await create({ text: unique('time'), scheduled_at: time }), '/scheduled_at');
  assert.deepEqual(await db(poster.instance, 'SELECT id FROM tweet'), []);
}));

test('all that is wrong is named at once', async () => {
  namesFaults(await create({ text: 1, scheduled_at: 'soon' }), '/text', '/scheduled_at');
});

test('a time may be a minute ago, and no more', async () => {
  await each([61_500, HOUR, 20 * 365 * 24 * HOUR], async (ms) => {
    namesFaults(await create({ text: unique('past'), scheduled_at: inMs(-ms) }), '/scheduled_at');
  });
  namesFaults(await create({ text: 'x', scheduled_at: '1970-01-01T00:00:00Z' }), '/scheduled_at');
  namesFaults(await create({ text: 'x', scheduled_at: '0000-01-01T00:00:00Z' }), '/scheduled_at');
  const id = await plan(-50_000);
  assert.equal((await poster.show(id)).state, 'due');
  assert.equal((await tick()).posted, 1);
});

test('null is no time', async () => {
  const { tweet_id: id } = isJson(await create({ text: 'x', scheduled_at: null }), 201);
  const shown = await poster.show(id);
  assert.equal(shown.scheduled_at, null);
  assert.equal(shown.state, 'pending');
});

// Changes

test('text and time of a pending tweet can be changed', async () => {
  const id = await plan(HOUR, 'first');
  const at = new Date(Date.now() + 2 * HOUR).toISOString().replace(/\.\d+Z$/, 'Z');
  const later = isJson(await patch(id, { scheduled_at: at }), 200);
  assert.deepEqual([later.text, later.scheduled_at, later.state], ['first', at, 'scheduled']);
  const other = isJson(await patch(id, { text: 'second' }), 200);
  assert.deepEqual([other.text, other.scheduled_at], ['second', at]);
  const none = isJson(await patch(id, { scheduled_at: null }), 200);
  assert.deepEqual([none.text, none.scheduled_at, none.state], ['second', null, 'pending']);
  const both = isJson(await patch(id, { text: 'third', scheduled_at: at }), 200);
  assert.deepEqual([both.text, both.scheduled_at, both.state], ['third', at, 'scheduled']);
  assert.equal((await stored(id)).content, 'third');
  assert.deepEqual(await poster.show(id), both);
});

test('a change that makes no sense changes nothing', async () => {
  const id = await plan(HOUR, 'as it was');
  const was = await poster.show(id);
  await each([
    [{}, '/text'],
    [{ text: null }, '/text'],
    [{ text: '' }, '/text'],
    [{ text: ' \n' }, '/text'],
    [{ text: 7 }, '/text'],
    [{ text: 'x'.repeat(281) }, '/text'],
    [{ scheduled_at: inMs(-2 * MINUTE) }, '/scheduled_at'],
    [{ scheduled_at: '2090-02-31T00:00:00Z' }, '/scheduled_at'],
    [{ text: 'good', scheduled_at: 'soon' }, '/scheduled_at'],
    [{ text: 'x'.repeat(281), scheduled_at: inMs(HOUR) }, '/text'],
    [{ account_id: 5 }, '/text'],
  ], async ([body, pointer]) => namesFaults(await patch(id, body), pointer));
  assert.deepEqual(await poster.show(id), was);
});

test('a tweet that X has, or may have, is not changed', async () => {
  const change = { text: 'changed', scheduled_at: inMs(HOUR) };
  isError(await patch(987654, change), 404, 'tweet_not_found');
  isError(await patch(0, change), 404);
  const posted = await poster.queue(anna.id, unique('posted'));
  isJson(await poster.publish(posted), 200);
  isError(await patch(posted, change), 409, 'already_posted');
  const doubtful = await poster.queue(anna.id, unique('doubtful'));
  await db(poster.instance, `UPDATE tweet SET status = 'failed', code = 'outcome_unknown'
    WHERE id = ${doubtful}`);
  isError(await patch(doubtful, change), 409, 'outcome_unknown');
  const strange = await poster.queue(anna.id, unique('strange'));
  await db(poster.instance, `UPDATE tweet SET status = 'failed' WHERE id = ${strange}`);
  isError(await patch(strange, change), 409, 'outcome_unknown');
  for (const id of [posted, doubtful, strange]) {
    const row = await stored(id);
    assert.notEqual(row.content, 'changed');
    assert.equal(row.scheduled_at, null);
  }
});

test('a tweet on its way is not changed', async () => {
  const { tweet, text } = await poster.ready();
  const fault = poster.x.fault({ held: true });
  const sending = poster.publish(tweet);
  while (!poster.x.requests.some((r) => r.json?.text === text)) {
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
  assert.equal((await poster.show(tweet)).state, 'sending');
  isError(await patch(tweet, { text: 'changed' }), 409, 'being_posted');
  isError(await patch(tweet, { scheduled_at: null }), 409, 'being_posted');
  fault.release();
  isJson(await sending, 200);
  assert.equal(poster.x.arrivals(text), 1);
  assert.equal((await poster.show(tweet)).text, text);
});

test('the changed text is what X gets', async () => {
  const [old, changed] = [unique('old'), unique('changed')];
  const id = await plan(HOUR, old);
  isJson(await patch(id, { text: changed, scheduled_at: inMs(-1000) }), 200);
  assert.equal((await tick()).posted, 1);
  assert.deepEqual([poster.x.arrivals(old), poster.x.arrivals(changed)], [0, 1]);
});

// Who sends what

test('tick sends what is due, and no tweet that has no time', async () => {
  const due = await plan(-1000);
  const scheduled = await plan(HOUR);
  const pending = await poster.queue(anna.id, unique('pending'));
  assert.equal((await poster.show(due)).state, 'due');
  const run = await tick();
  assert.deepEqual([run.posted, run.failed, run.remaining], [1, 0, 0]);
  assert.deepEqual(run.details.map((row) => row.tweet_id), [due]);
  for (let i = 0; i < 3; i++) assert.equal((await tick()).posted, 0);
  assert.equal((await poster.show(due)).state, 'posted');
  assert.equal((await poster.show(scheduled)).state, 'scheduled');
  assert.equal((await poster.show(pending)).state, 'pending');
});

test('a tweet whose time was taken away is left by tick', async () => {
  const id = await plan(-1000);
  isJson(await patch(id, { scheduled_at: null }), 200);
  assert.equal((await tick()).posted, 0);
  assert.equal((await poster.run({})).posted, 1);
});

test('post-pending leaves what is still to come', async () => {
  const due = await plan(-1000);
  const scheduled = await plan(HOUR);
  const pending = await poster.queue(anna.id, unique('pending'));
  const run = await poster.run({});
  assert.deepEqual(run.details.map((row) => row.tweet_id), [due, pending]);
  assert.deepEqual([run.posted, run.remaining], [2, 0]);
  assert.equal((await poster.show(scheduled)).state, 'scheduled');
});

test('post/{id} sends a tweet at once, whatever its time', async () => {
  const id = await plan(HOUR);
  const { twitter_id: twitterId } = isJson(await poster.publish(id), 200);
  const shown = await poster.show(id);
  assert.deepEqual([shown.state, shown.twitter_id], ['posted', twitterId]);
  isTime(shown.scheduled_at);
  assert.equal((await tick()).posted, 0);
});

test('a tick goes by the times, not by the order of creation', async () => {
  const texts = ['third', 'first', 'second'].map((word) => unique(word));
  const ids = [];
  for (const text of texts) ids.push(await plan(HOUR, text));
  await overdue(ids[0], 10_000);
  await overdue(ids[1], 30_000);
  await overdue(ids[2], 20_000);
  assert.deepEqual((await tick()).details.map((row) => row.tweet_id),
    [ids[1], ids[2], ids[0]]);
  const arrived = poster.x.posts.slice(-3).map((post) => post.sent);
  assert.deepEqual(arrived, [texts[1], texts[2], texts[0]]);
});

test('a time that is over counts for the list and the total, too', async () => {
  await plan(HOUR);
  const id = await plan(HOUR);
  await overdue(id, 5000);
  const list = isJson(await request(poster.instance, 'GET', '/api/v1/tweets?state=due'), 200);
  assert.deepEqual([list.total, list.tweets.map((row) => row.id)], [1, [id]]);
});

test('a time that cannot be understood is told what is wrong with it', async () => {
  const faults = {
    '2036-01-31T09:00:00': /^scheduled_at: has no zone/,
    '2036-13-01T09:00:00Z': /^scheduled_at: has no valid month: 13/,
    '2036-02-30T09:00:00Z': /that month has no 30/,
    '2036-01-31': /has no time of day/,
  };
  for (const [at, words] of Object.entries(faults)) {
    const { error, errors } = isError(await create({ text: 'x', scheduled_at: at }), 400, 'invalid_input');
    assert.match(error, words);
    assert.deepEqual(errors.map(({ pointer }) => pointer), ['/scheduled_at']);
  }
});
