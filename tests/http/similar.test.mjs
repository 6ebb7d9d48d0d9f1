// The same text on many accounts, or twice on one; and what a tweet would cost.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import {
  each, hasMembers, isError, isJson, namesFaults, unique,
} from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addAccount } from '../support/link.mjs';

let instance;
let anna;
let ben;

before(async () => { instance = await startInstance(); });
after(() => instance?.stop());

beforeEach(async () => {
  await db(instance, 'PRAGMA foreign_keys = ON; DELETE FROM tweet; DELETE FROM twitter_account');
  anna = await addAccount(instance, { username: 'anna' });
  ben = await addAccount(instance, { username: 'ben' });
});

const create = (account, text, query = '') => request(instance, 'POST', `/api/v1/tweet${query}`,
  { body: { account_id: account, text } });
const made = async (account, text) => isJson(await create(account, text), 201);
const set = (id, what) => db(instance, `UPDATE tweet SET ${what} WHERE id = ${id}`);
const count = async () => (await db(instance, 'SELECT count(*) AS n FROM tweet'))[0].n;

/** The codes of a reply's warnings, each with the tweets it names. */
const warned = (json) =>
  Object.fromEntries((json.warnings ?? []).map((row) => [row.code, row.tweet_ids]));

const SIMILAR = 'similar_text';
const DUPLICATE = 'duplicate_text';

test('another text is no cause for a warning', async () => {
  await made(anna, 'one');
  const json = await made(ben, 'two');
  assert.deepEqual(json.warnings, []);
});

test('the same text on another account is warned of, and created', async () => {
  const first = await made(anna, 'same words');
  const json = await made(ben, 'same words');
  assert.deepEqual(warned(json), { [SIMILAR]: [first.tweet_id] });
  hasMembers(json.warnings[0], 'code', 'detail', 'hint', 'tweet_ids');
  assert.equal(await count(), 2);
});

test('the same text twice on one account is warned of', async () => {
  const first = await made(anna, 'same words');
  assert.deepEqual(warned(await made(anna, 'same words')), { [DUPLICATE]: [first.tweet_id] });
});

test('both warnings can come at once', async () => {
  const [a, b] = [await made(anna, 'same words'), await made(ben, 'same words')];
  assert.deepEqual(warned(await made(ben, 'same words')),
    { [SIMILAR]: [a.tweet_id], [DUPLICATE]: [b.tweet_id] });
});

test('case, white space and spelling make no other text', () => each([
  ['Hello World', 'hello  world'],
  ['hello world', '\n HELLO\tWORLD \r\n'],
  ['café', 'cafe\u0301'],
], async ([a, b]) => {
  const mark = unique('mark');
  await made(anna, `${a} ${mark}`);
  assert.deepEqual(Object.keys(warned(await made(ben, `${b} ${mark}`))), [SIMILAR]);
}));

test('near is not the same', () => each([
  ['hello world', 'helloworld'], ['hello', 'hello!'], ['straße', 'strasse'], ['1', '2'],
], async ([a, b]) => {
  const mark = unique('mark');
  await made(anna, `${a} ${mark}`);
  assert.deepEqual(warned(await made(ben, `${b} ${mark}`)), {});
}));

/** Posted, and written, so long ago. */
const POSTED = (...when) => {
  const at = `datetime('now', ${when.map((word) => `'${word}'`).join(', ')})`;
  return `status = 'posted', twitter_id = '1', created_at = ${at}, posted_at = ${at}`;
};

test('of other accounts 7 days count, of this one 24 hours', () => each([
  ['anna', '-7 days', '+60 seconds', true],
  ['anna', '-7 days', '-60 seconds', false],
  ['ben', '-24 hours', '+60 seconds', true],
  ['ben', '-24 hours', '-60 seconds', false],
], async ([who, when, more, counts]) => {
  const text = unique('window');
  const { tweet_id: id } = await made(who === 'anna' ? anna : ben, text);
  await set(id, POSTED(when, more));
  const code = who === 'anna' ? SIMILAR : DUPLICATE;
  assert.deepEqual(warned(await made(ben, text)), counts ? { [code]: [id] } : {});
}));

test('what was written long ago and posted lately counts', async () => {
  const { tweet_id: id } = await made(anna, 'slow');
  await set(id, POSTED('-1 hour'));
  await set(id, "created_at = datetime('now', '-90 days')");
  assert.deepEqual(warned(await made(ben, 'slow')), { [SIMILAR]: [id] });
});

test('what is queued counts however long it waits', async () => {
  const { tweet_id: id } = await made(anna, 'queued');
  await set(id, "created_at = datetime('now', '-90 days')");
  assert.deepEqual(warned(await made(ben, 'queued')), { [SIMILAR]: [id] });
  assert.deepEqual(Object.keys(warned(await made(anna, 'queued'))), [SIMILAR, DUPLICATE]);
});

test('failed and deleted tweets do not count', async () => {
  const [a, b] = [await made(anna, 'gone'), await made(ben, 'gone')];
  await set(a.tweet_id, "status = 'failed', code = 'tweet_refused'");
  isJson(await request(instance, 'DELETE', `/api/v1/tweets/${b.tweet_id}`), 200);
  assert.deepEqual(warned(await made(ben, 'gone')), {});
});

test('a changed text counts as what it is now', async () => {
  const { tweet_id: id } = await made(anna, 'before');
  isJson(await request(instance, 'PATCH', `/api/v1/tweets/${id}`, { body: { text: 'after' } }), 200);
  assert.deepEqual(warned(await made(ben, 'before')), {});
  assert.deepEqual(warned(await made(ben, 'After')), { [SIMILAR]: [id] });
});

test('a warning names the ten newest', async () => {
  const ids = [];
  for (let i = 0; i < 12; i++) {
    const account = await addAccount(instance, { username: unique('many') });
    ids.push((await made(account, 'everywhere')).tweet_id);
  }
  assert.deepEqual(warned(await made(ben, 'everywhere')),
    { [SIMILAR]: ids.reverse().slice(0, 10) });
});

test('SIMILAR_TEXT=block refuses, and creates nothing', async () => {
  await instance.restart({ SIMILAR_TEXT: 'block' });
  try {
    await made(anna, 'same words');
    isError(await create(ben, 'Same words'), 409, SIMILAR);
    isError(await create(anna, 'Same words'), 409, DUPLICATE);
    isError(await create(ben, 'Same words', '?dry_run=true'), 409, SIMILAR);
    isError(await create(987_654, 'other words'), 404, 'account_not_found');
    assert.equal(await count(), 1);
    await made(ben, 'other words');
  } finally {
    await instance.restart({ SIMILAR_TEXT: 'warn' });
  }
});

test('SIMILAR_TEXT=block lets no text in by way of a change', async () => {
  await instance.restart({ SIMILAR_TEXT: 'block' });
  const change = (id, body) => request(instance, 'PATCH', `/api/v1/tweets/${id}`, { body });
  try {
    await made(anna, 'taken words');
    const { tweet_id: id } = await made(ben, 'free words');
    const { tweet_id: second } = await made(anna, 'second words');
    isError(await change(id, { text: 'Taken  words' }), 409, SIMILAR);
    isError(await change(second, { text: 'TAKEN words' }), 409, DUPLICATE);
    assert.equal(isJson(await change(id, { text: 'Free words' }), 200).text, 'Free words', 'its own words are its own');
    isJson(await change(id, { scheduled_at: new Date(Date.now() + 3_600_000).toISOString() }), 200);
  } finally {
    await instance.restart({ SIMILAR_TEXT: 'warn' });
  }
});

// A trial

const trial = async (text, account = anna) =>
  isJson(await create(account, text, '?dry_run=true'), 200);

test('a trial tells length, price and warnings, and creates nothing', async () => {
  const { tweet_id: id } = await made(ben, 'tried');
  const json = await trial('tried');
  assert.equal(json.dry_run, true);
  assert.deepEqual([json.weighted_length, json.limit], [5, 280]);
  assert.deepEqual(warned(json), { [SIMILAR]: [id] });
  assert.ok(!Object.hasOwn(json, 'tweet_id'));
  assert.equal(await count(), 1);
  assert.deepEqual((await trial('untried')).warnings, []);
  const next = await made(anna, 'after the trial');
  assert.equal(next.tweet_id, id + 1, 'no number was used up');
});

test('a trial refuses what a creation refuses', async () => {
  namesFaults(await create(anna, '', '?dry_run=true'), '/text');
  namesFaults(await create(anna, 'x'.repeat(281), '?dry_run=1'), '/text');
  isError(await create(987_654, 'hello', '?dry_run=true'), 404, 'account_not_found');
  const late = { account_id: anna, text: 'x', scheduled_at: '2020-01-01T00:00:00Z' };
  namesFaults(await request(instance, 'POST', '/api/v1/tweet?dry_run=true', { body: late }),
    '/scheduled_at');
});

test('dry_run is yes or no', async () => {
  await each(['false', '0'], async (no) => {
    isJson(await create(anna, unique('real'), `?dry_run=${no}`), 201);
  });
  assert.equal(await count(), 2);
  await each(['yes', 'TRUE', '2', 'true&dry_run=false'], async (word) => {
    isError(await create(anna, unique('real'), `?dry_run=${word}`), 400);
  });
  await each(['true', '1', '', null], async (yes) => {
    isJson(await create(anna, unique('tried'), yes === null ? '?dry_run' : `?dry_run=${yes}`), 200);
  });
  assert.equal(await count(), 2);
});

test('a link makes a post dearer, with or without its scheme', () => each([
  ['hello', 'post', 0.015],
  ['see https://example.com/a', 'post_with_url', 0.2],
  ['see example.com', 'post_with_url', 0.2],
  ['see EXAMPLE.COM/path?x=1', 'post_with_url', 0.2],
  ['mail to someone@example.com', 'post', 0.015],
  ['no.such-ending here', 'post', 0.015],
  ['version 1.2.3', 'post', 0.015],
  ['見て example.jp', 'post_with_url', 0.2],
], async ([text, kind, usd]) => {
  const { price } = await trial(text);
  assert.deepEqual([price.kind, price.usd], [kind, usd]);
  assert.match(price.as_of, /^20\d\d-\d\d-\d\d$/);
}));
