// Drafts, rejected tweets that are corrected, and what a new tweet is warned of.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { each, isError, isJson, namesFaults, unique } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { Poster } from '../support/poster.mjs';

const HOUR = 3_600_000;

let poster;
let anna;

before(async () => { poster = await Poster.start(); });
after(() => poster?.stop());

beforeEach(async () => {
  await db(poster.instance, 'PRAGMA foreign_keys = ON; DELETE FROM tweet; DELETE FROM twitter_account');
  poster.x.clearFaults();
  anna = await poster.granted();
});

const inMs = (ms) => new Date(Date.now() + ms).toISOString().replace(/\.\d+/, '');
const create = (body) => poster.post('/api/v1/tweet', { account_id: anna.id, ...body });
const patch = (id, body) => request(poster.instance, 'PATCH', `/api/v1/tweets/${id}`, { body });
const get = (path) => request(poster.instance, 'GET', path);
const list = async (query) => isJson(await get(`/api/v1/tweets?${query}`), 200);
const set = (id, sql) => db(poster.instance, `UPDATE tweet SET ${sql} WHERE id = ${id}`);
const made = async (body) => isJson(await create(body), 201);
const sent = (text) => poster.x.posted(text).length;

// Drafts

test('a draft needs an account, and no text yet', async () => {
  const json = await made({ draft: true });
  assert.equal(json.state, 'draft');
  const shown = await poster.show(json.tweet_id);
  assert.deepEqual([shown.text, shown.status, shown.state], ['', 'pending', 'draft']);
  await each([{ text: '' }, { text: 'x'.repeat(281) }, { text: ' \n' }], async (body) =>
    assert.equal((await made({ ...body, draft: true })).state, 'draft'));
  namesFaults(await poster.post('/api/v1/tweet', { draft: true, text: 'x' }), '/account_id');
  namesFaults(await poster.post('/api/v1/tweet', { draft: false }), '/text', '/account_id');
  namesFaults(await create({}), '/text');
  namesFaults(await create({ text: '', draft: false }), '/text');
  namesFaults(await create({ text: 'x', draft: 'yes' }), '/draft');
});

test('nothing sends a draft, whatever its time', async () => {
  const text = unique('unfinished');
  const { tweet_id: id } = await made({ text, draft: true, scheduled_at: inMs(HOUR) });
  await set(id, "scheduled_at = datetime('now', '-2 hours')");
  isError(await poster.publish(id), 409, 'is_draft');
  const { results } = isJson(await poster.post('/api/v1/tweets/bulk', { ids: [id], action: 'post' }), 200);
  assert.deepEqual(results.map(({ ok, code }) => [ok, code]), [[false, 'is_draft']]);
  const pending = isJson(await poster.post('/api/v1/tweets/post-pending', {}), 200);
  assert.deepEqual([pending.total, pending.remaining, pending.blocked, pending.held_back], [0, 0, [], []]);
  assert.equal(isJson(await poster.post('/api/v1/tick'), 200).total, 0);
  assert.equal((await poster.show(id)).state, 'draft', 'it is not held either');
  assert.equal(sent(text), 0);
});

test('a draft is listed and counted as one, and its status is pending', async () => {
  const { tweet_id: id } = await made({ text: 'x', draft: true });
  const { tweet_id: other } = await made({ text: 'y' });
  const ids = async (query) => (await list(query)).tweets.map((row) => row.id);
  assert.deepEqual(await ids('state=draft'), [id]);
  assert.deepEqual(await ids('state=pending'), [other]);
  assert.deepEqual(await ids('status=pending'), [other, id]);
  assert.equal((await list('state=draft')).total, 1);
  const { tweets } = isJson(await get('/api/v1/stats'), 200);
  assert.equal(tweets.pending, 2);
  const monitoring = isJson(await get('/api/v1/monitoring'), 200);
  assert.deepEqual([monitoring.tweets.draft, monitoring.tweets.pending], [1, 1]);
});

test('a draft is checked when it is finished, and goes out then', async () => {
  const { tweet_id: id } = await made({ draft: true });
  namesFaults(await patch(id, { draft: false }), '/text');
  const tooLong = await patch(id, { draft: false, text: 'x'.repeat(281) });
  assert.equal(isError(tooLong, 400).weighted_length, 281);
  assert.equal(isJson(await patch(id, { text: 'x'.repeat(281) }), 200).state, 'draft');
  namesFaults(await patch(id, { draft: false }), '/text');
  assert.equal(isJson(await patch(id, { text: '' }), 200).text, '');
  const text = unique('finished');
  assert.equal(isJson(await patch(id, { draft: false, text }), 200).state, 'pending');
  isJson(await poster.publish(id), 200);
  assert.equal(sent(text), 1);
});

test('a draft that is finished after its time is not scheduled', async () => {
  const { tweet_id: id } = await made({ text: unique('late'), draft: true, scheduled_at: inMs(HOUR) });
  await set(id, "scheduled_at = datetime('now', '-3 hours')");
  const shown = isJson(await patch(id, { draft: false }), 200);
  assert.deepEqual([shown.state, shown.scheduled_at], ['pending', null]);
});

test('an account that has nothing but drafts waits for nobody', async () => {
  await made({ text: unique('draft'), draft: true });
  await db(poster.instance, `UPDATE twitter_account SET status = 'inactive' WHERE id = ${anna.id}`);
  const run = isJson(await poster.post('/api/v1/tweets/post-pending', {}), 200);
  assert.deepEqual([run.blocked, run.held_back], [[], []]);
});

test('a pending tweet becomes a draft again; one that is out does not', async () => {
  const text = unique('back');
  const { tweet_id: id } = await made({ text });
  assert.equal(isJson(await patch(id, { draft: true }), 200).state, 'draft');
  assert.equal(isJson(await patch(id, { draft: null, text: `${text}!` }), 200).state, 'draft');
  isError(await poster.publish(id), 409, 'is_draft');
  isJson(await patch(id, { draft: false }), 200);
  isJson(await poster.publish(id), 200);
  isError(await patch(id, { draft: true }), 409, 'already_posted');
});

test('the texts of drafts are not compared, until they are finished', async () => {
  const text = unique('twin');
  await made({ text });
  const { tweet_id: id, warnings } = await made({ text, draft: true });
  assert.deepEqual(warnings, []);
  assert.deepEqual((await made({ text: `${text} other` })).warnings, []);
  await set(id, "twitter_account_id = twitter_account_id");
  assert.deepEqual((await made({ text })).warnings.map(({ code }) => code), ['duplicate_text']);
});

// Corrections

async function refused(body = {}) {
  const text = unique('refused');
  const { tweet_id: id } = await made({ text, ...body });
  const fault = poster.x.fault({ problem: 'notPermitted' });
  isError(await poster.publish(id), 422);
  poster.x.clearFaults();
  assert.ok(fault.hits > 0);
  assert.equal((await poster.show(id)).state, 'failed');
  return id;
}

test('a rejected tweet with another text is pending again and goes out once', async () => {
  const id = await refused();
  const text = unique('better');
  const shown = isJson(await patch(id, { text }), 200);
  assert.deepEqual([shown.status, shown.state, shown.code, shown.reason, shown.scheduled_at],
    ['pending', 'pending', null, null, null]);
  assert.equal(shown.attempts.length, 1, 'its attempts stay');
  isJson(await poster.publish(id), 200);
  assert.equal(sent(text), 1);
  assert.equal((await poster.show(id)).attempts.length, 2);
});

test('a rejected tweet keeps a time that is to come, and loses one that is over', async () => {
  const [soon, over] = [await refused({ scheduled_at: inMs(HOUR) }), await refused()];
  await set(over, "scheduled_at = datetime('now', '-3 hours'), late = 'released'");
  assert.equal(isJson(await patch(soon, { text: unique('soon') }), 200).state, 'scheduled');
  const shown = isJson(await patch(over, { text: unique('over') }), 200);
  assert.deepEqual([shown.state, shown.scheduled_at], ['pending', null]);
  const again = await refused();
  const at = inMs(2 * HOUR);
  assert.equal(isJson(await patch(again, { text: unique('at'), scheduled_at: at }), 200).scheduled_at, at);
});

test('a rejected tweet with a new time alone is pending with its old text', async () => {
  const id = await refused();
  const shown = isJson(await patch(id, { scheduled_at: inMs(HOUR) }), 200);
  assert.deepEqual([shown.state, shown.code], ['scheduled', null]);
});

test('a failure of another program is a doubt to every call', async () => {
  const { tweet_id: id } = await made({ text: unique('strange') });
  await set(id, "status = 'failed', code = NULL");
  isError(await poster.publish(id), 409, 'outcome_unknown');
  isError(await patch(id, { text: 'other' }), 409, 'outcome_unknown');
  const { results } = isJson(await poster.post('/api/v1/tweets/bulk', { ids: [id], action: 'retry' }), 200);
  assert.equal(results[0].code, 'outcome_unknown');
});

test('a limit of X says when the tweet goes out', async () => {
  const { tweet_id: id } = await made({ text: unique('limited') });
  poster.x.fault({ problem: 'tooManyRequests' });
  const { hint, retry_at: at } = isError(await poster.publish(id), 429);
  assert.match(hint, /will be sent automatically after \d\d:\d\d UTC/);
  const minutes = Date.parse(at.replace(/T\d\d:\d\d/, `T${/\d\d:\d\d/.exec(hint)}`)) - Date.parse(at);
  assert.ok(minutes >= 0 && minutes <= 60_000 || minutes < -80_000_000, hint);
});

test('a text alone never moves the time of a tweet that is due or missed', async () => {
  const times = ['-1 minutes', '-3 hours'];
  await each(times, async (ago) => {
    const { tweet_id: id } = await made({ text: unique('ago'), scheduled_at: inMs(HOUR) });
    await set(id, `scheduled_at = datetime('now', '${ago}')`);
    const before = (await poster.show(id)).scheduled_at;
    assert.equal(isJson(await patch(id, { text: unique('edited') }), 200).scheduled_at, before);
  });
});

test('a tweet that X may have is not called failed, and only a person settles it', async () => {
  const { tweet_id: id } = await made({ text: unique('doubt') });
  await set(id, "status = 'failed', code = 'outcome_unknown'");
  const shown = await poster.show(id);
  assert.deepEqual([shown.status, shown.state], ['failed', 'unconfirmed']);
  assert.deepEqual((await list('state=unconfirmed')).tweets.map((row) => row.id), [id]);
  assert.deepEqual((await list('state=failed')), { tweets: [], total: 0, next_cursor: null });
  assert.deepEqual((await list('status=failed')).tweets.map((row) => row.state), ['unconfirmed']);
  const words = isError(await poster.publish(id), 409, 'outcome_unknown').error;
  assert.doesNotMatch(words, /fail|did not go out/);
  isJson(await poster.post(`/api/v1/tweets/${id}/resolve`, { posted: false }), 200);
  assert.equal((await poster.show(id)).state, 'pending');
});

// Warnings

const codes = (json) => json.warnings.map(({ code, pointer }) => [code, pointer]);

test('a created tweet says whose it is and what it waits for', async () => {
  const at = inMs(HOUR);
  const json = await made({ text: 'hello', scheduled_at: at });
  const shown = await poster.show(json.tweet_id);
  assert.deepEqual([json.account_id, json.username, json.state, json.scheduled_at],
    [anna.id, shown.username, 'scheduled', at]);
  assert.equal(shown.state, 'scheduled');
  const plain = await made({ text: 'plain' });
  assert.deepEqual([plain.state, plain.scheduled_at, plain.warnings], ['pending', null, []]);
});

test('an account that cannot be used is warned of', async () => {
  const accounts = [["status = 'inactive'", 'account_not_active'],
    ["status = 'suspended', code = 'account_locked'", 'account_not_active'],
    ["status = 'failed', code = 'needs_reauth'", 'needs_reauth']];
  await each(accounts, async ([sql, code]) => {
    await db(poster.instance, `UPDATE twitter_account SET ${sql} WHERE id = ${anna.id}`);
    assert.deepEqual(codes(await made({ text: unique('x') })), [[code, '/account_id']]);
    const trial = await poster.post('/api/v1/tweet?dry_run=true',
      { account_id: anna.id, text: unique('x') });
    assert.deepEqual(codes(isJson(trial, 200)), [[code, '/account_id']]);
  });
});

test('a time for which no scheduler runs is warned of', async () => {
  await db(poster.instance, "DELETE FROM kv WHERE name = 'last_tick'");
  const body = () => ({ text: unique('planned'), scheduled_at: inMs(HOUR) });
  assert.deepEqual(codes(await made(body())), [['no_scheduler', '/scheduled_at']]);
  assert.deepEqual(codes(await made({ text: unique('no time') })), []);
  assert.deepEqual(codes(await made({ ...body(), draft: true })), []);
  isJson(await poster.post('/api/v1/tick'), 200);
  assert.deepEqual(codes(await made(body())), []);
});

test('a member that nobody knows is named, with what may have been meant', async () => {
  const members = [['scheduled_att', /did you mean scheduled_at\?/],
    ['shceduled_at', /did you mean scheduled_at\?/], ['Text', /did you mean text\?/],
    ['dry_run', /did you mean dry_run in the query\?/], ['a/b~c', /ignored$/], ['media', /ignored$/]];
  await each(members, async ([name, words]) => {
    const { warnings } = await made({ text: unique('x'), [name]: 'y' });
    assert.equal(warnings.length, 1);
    assert.deepEqual([warnings[0].code, warnings[0].pointer],
      ['unknown_member', `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`]);
    assert.match(warnings[0].detail, words);
  });
});
