// Create, list, show, delete, clean up tweets.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import twitterText from 'twitter-text';

import {
  each, hasMembers, isError, isJson, isTime, namesFaults,
} from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addAccount, addTweet } from '../support/link.mjs';

let instance;
let anna;
let ben;

before(async () => { instance = await startInstance({ mock: false }); });
after(() => instance?.stop());

beforeEach(async () => {
  await db(instance, 'PRAGMA foreign_keys = ON; DELETE FROM tweet; DELETE FROM twitter_account');
  anna = await addAccount(instance, { username: 'anna' });
  ben = await addAccount(instance, { username: 'ben' });
});

const get = (path) => request(instance, 'GET', path);
const create = (body) => request(instance, 'POST', '/api/v1/tweet', { body });
const remove = (id) => request(instance, 'DELETE', `/api/v1/tweets/${id}`);
const cleanup = (body) => request(instance, 'POST', '/api/v1/tweets/cleanup', { body });
const write = (text) => create({ text, account_id: anna });
const stored = async (id) =>
  (await db(instance, `SELECT * FROM tweet WHERE id = ${id}`))[0];
const count = async () => (await db(instance, 'SELECT count(*) AS n FROM tweet'))[0].n;

// Create

test('a tweet is queued', async () => {
  const reply = await write('hello');
  const json = isJson(reply, 201);
  hasMembers(json, 'message', 'tweet_id', 'weighted_length');
  assert.equal(json.weighted_length, 5);
  assert.ok(Number.isInteger(json.tweet_id));
  assert.match(reply.headers.location, new RegExp(`/api/v1/tweets/${json.tweet_id}$`));
  const row = await stored(json.tweet_id);
  assert.equal(row.content, 'hello');
  assert.equal(row.status, 'pending');
  assert.equal(row.twitter_account_id, anna);
  assert.equal(row.twitter_id, null);
  assert.match(row.created_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
});

const KEPT = [
  'two\nlines\r\nand\ttabs',
  '  blanks at both ends  ',
  'e\u0301 decomposed, \u00e9 composed',
  '<b>&amp;</b> "quotes" \'single\' \\ back %s %00 ${x} {{y}}',
  "Robert'); DROP TABLE tweet;--",
  'مرحبا \u200f שלום',
  '👩‍👩‍👧‍👦 🇩🇪 👍🏽 1️⃣',
  '𝒳 \u{10FFFD} \ufffd',
  '\u200b\u200d zero width',
  '-', '0', 'null', '{"a":1}',
];

test('a text is stored and given back exactly as it came', async () => {
  await each(KEPT, async (text) => {
    const { tweet_id: id } = isJson(await write(text), 201);
    assert.equal((await stored(id)).content, text);
    assert.equal((await get(`/api/v1/tweets/${id}`)).json.text, text);
  });
});

test('an escaped text is the text it stands for', async () => {
  const { tweet_id: id } = isJson(
    await create(`{"text":"\\u00e9 \\ud83d\\ude00 \\/ \\n","account_id":${anna}}`), 201);
  assert.equal((await stored(id)).content, 'é 😀 / \n');
});

const WEIGHED = [
  'plain', 'ü é ñ', '漢字かな', '😀', '👩‍👩‍👧‍👦', '🇩🇪🇫🇷', '👍🏽', '1️⃣ #️⃣', 'e\u0301', 'Å ﬁ ½',
  'https://example.com', 'http://a.co/very/long?x=1#y and text', 'example.com', 'see example.de.',
  'mail me@example.com', 'https://t.co/abcdefghij', '-example.com', 'http://müller.de',
  'x.notatld', '“quoted” – dash … …', '한국어 텍스트', '\u200fx\u200e', '@user #tag $TAG',
  'https://example.com,https://example.org', 'a\u0300\u0301\u0302', '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
];

test('the weighted length is that of twitter-text', async () => {
  await each(WEIGHED, async (text) => {
    const { weighted_length: length } = isJson(await write(text), 201);
    assert.equal(length, twitterText.parseTweet(text).weightedLength);
  });
});

test('a text may weigh 280 and no more', async () => {
  const cases = [
    ['a'.repeat(280), 280], ['a'.repeat(281), 281],
    ['漢'.repeat(140), 280], ['漢'.repeat(141), 282],
    ['😀'.repeat(140), 280], ['👩‍👩‍👧‍👦'.repeat(140), 280], ['👩‍👩‍👧‍👦'.repeat(141), 282],
    [`${'a'.repeat(256)} https://example.com/${'x'.repeat(200)}`, 280],
    [`${'a'.repeat(257)} https://example.com/`, 281],
    ['e\u0301'.repeat(280), 280],
  ];
  await each(cases, async ([text, weight]) => {
    assert.equal(twitterText.parseTweet(text).weightedLength, weight);
    const reply = await write(text);
    if (weight <= 280) {
      assert.equal(isJson(reply, 201).weighted_length, weight);
    } else {
      const json = isError(reply, 400);
      assert.equal(json.weighted_length, weight);
      assert.equal(json.limit, 280);
      namesFaults(reply, '/text');
    }
  });
});

const BLANKS = ['', ' ', '\n', '\t \r\n', '\u00a0', '\u3000', '\u2003\u2028', '\u1680 \u205f',
  '\u200b', '\u200b\u2060 \u00ad', '\u3164', '\uffa0\u115f\u1160', '\u180e', '\ufe0f\ufe00',
  '\u{e0041}\u{e007f}', '\u202e\u202c', '\u034f'];
const BANNED = ['\ufffe', '\uffff', 'x\ufeff', '\ufeffx', '\u0001', '\u001b[0m',
  '\u007f', '\u0085', '\u009f', 'a\u0008'];

test('blank texts and texts with forbidden characters are refused', async () => {
  await each([...BLANKS, ...BANNED], async (text) => namesFaults(await write(text), '/text'));
  assert.equal(await count(), 0);
});

test('a text must be a string', async () => {
  await each([1, true, null, ['x'], { a: 'x' }], async (text) =>
    namesFaults(await write(text), '/text'));
});

test('what is missing is named, all of it', async () => {
  namesFaults(await create({ account_id: anna }), '/text');
  namesFaults(await create({ text: 'x' }), '/account_id');
  namesFaults(await create({}), '/text', '/account_id');
  namesFaults(await create({ text: '', account_id: 'x' }), '/text', '/account_id');
});

test('account_id is a whole number or a string of digits', async () => {
  const tries = (written) => create(`{"text":"n","account_id":${written}}`);
  await each([String(anna), `"${anna}"`], async (good) => isJson(await tries(good), 201));
  const wrongs = ['0', '-1', '"0"', '"-1"', '"+1"', '" 1"', '"1 "', '"1.0"', '""', '"x"', '1.0',
    '1e0', '1E2', 'null', 'true', '[1]', '{}', '9223372036854775808', '"9223372036854775808"',
    '1e400', '"１"'];
  await each(wrongs, async (wrong) => namesFaults(await tries(wrong), '/account_id'));
});

test('a tweet for an account that is not there is 404', async () => {
  isError(await create({ text: 'x', account_id: 999_999 }), 404);
  isError(await create({ text: 'x', account_id: 9_007_199_254_740_993n.toString() }), 404);
  assert.equal(await count(), 0);
});

// List

async function many(n, more) {
  await db(instance, `WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${n})
    INSERT INTO tweet (twitter_account_id, content, status, created_at)
    SELECT ${more?.accountId ?? anna}, 'tweet ' || i, '${more?.status ?? 'pending'}',
    datetime('2026-01-01', '+' || i || ' minutes') FROM c`);
}

test('tweets are listed newest first, 50 a page, with the number of all', async () => {
  await many(120);
  const texts = [];
  for (const [page, wanted] of [[1, 50], [2, 50], [3, 20], [4, 0], [1000000, 0]]) {
    const json = isJson(await get(`/api/v1/tweets?page=${page}`), 200);
    assert.equal(json.tweets.length, wanted, `page ${page}`);
    assert.equal(json.total, 120);
    texts.push(...json.tweets.map((tweet) => tweet.text));
  }
  assert.deepEqual(texts, Array.from({ length: 120 }, (_, i) => `tweet ${120 - i}`));
  assert.deepEqual((await get('/api/v1/tweets')).json.tweets.length, 50);
});

test('a listed tweet has these members', async () => {
  const id = await addTweet(instance, { accountId: ben, text: 'x', createdAt: '2026-02-03 04:05:06' });
  const [tweet] = (await get('/api/v1/tweets')).json.tweets;
  hasMembers(tweet, 'id', 'text', 'status', 'created_at', 'username');
  assert.deepEqual([tweet.id, tweet.text, tweet.status, tweet.username], [id, 'x', 'pending', 'ben']);
  isTime(tweet.created_at);
  assert.equal(Date.parse(tweet.created_at), Date.parse('2026-02-03T04:05:06Z'));
});

test('tweets are filtered by status and account, and counted so', async () => {
  await many(3);
  await many(60, { status: 'posted' });
  await many(2, { accountId: ben, status: 'failed' });
  await many(1, { accountId: ben, status: 'posted' });
  const cases = [
    ['status=pending', 3], ['status=posted', 61], ['status=failed', 2],
    [`account_id=${ben}`, 3], [`account_id=${ben}&status=posted`, 1],
    [`account_id=${anna}&status=failed`, 0], ['', 66],
  ];
  await each(cases, async ([query, total]) => {
    const { json } = await get(`/api/v1/tweets?${query}`);
    assert.equal(json.total, total);
    assert.equal(json.tweets.length, Math.min(total, 50));
  });
  const second = await get('/api/v1/tweets?status=posted&page=2');
  assert.equal(second.json.tweets.length, 11);
});

test('a filter that cannot be meant is refused', async () => {
  await each(['page=0', 'page=-1', 'page=x', 'page=1.5', 'page=99999999999999999999',
    'account_id=x', 'status=gone', 'status=%ff'], async (query) =>
    isError(await get(`/api/v1/tweets?${query}`), 400));
});

test('no tweets are an empty list', async () => {
  const json = isJson(await get('/api/v1/tweets'), 200);
  assert.deepEqual([json.tweets, json.total], [[], 0]);
});

// Show

test('a tweet is shown, not wrapped, with null for what is not there yet', async () => {
  const { tweet_id: id } = (await write('shown')).json;
  const json = isJson(await get(`/api/v1/tweets/${id}`), 200);
  hasMembers(json, 'id', 'text', 'status', 'created_at', 'username', 'account_id', 'twitter_id',
    'posted_at', 'mock');
  assert.deepEqual([json.id, json.text, json.status, json.username, json.account_id],
    [id, 'shown', 'pending', 'anna', anna]);
  assert.deepEqual([json.twitter_id, json.posted_at], [null, null]);
  isTime(json.created_at);
  isError(await get('/api/v1/tweets/999999'), 404);
});

test('a posted tweet shows when and as what', async () => {
  const id = await addTweet(instance, {
    accountId: anna, text: 'x', status: 'posted', twitterId: '1900000000000000001',
    postedAt: '2026-03-01 00:00:00',
  });
  const { json } = await get(`/api/v1/tweets/${id}`);
  assert.equal(json.twitter_id, '1900000000000000001');
  assert.equal(Date.parse(json.posted_at), Date.parse('2026-03-01T00:00:00Z'));
});

// Delete

test('a deleted tweet is given back whole, once', async () => {
  const text = `long ${'x'.repeat(270)}`;
  const { tweet_id: id } = (await write(text)).json;
  const json = isJson(await remove(id), 200);
  assert.equal(typeof json.message, 'string');
  hasMembers(json.tweet, 'id', 'content', 'status');
  assert.deepEqual([json.tweet.id, json.tweet.content, json.tweet.status], [id, text, 'pending']);
  isError(await remove(id), 404);
  isError(await get(`/api/v1/tweets/${id}`), 404);
});

test('a posted tweet can be deleted here too', async () => {
  const id = await addTweet(instance, { accountId: anna, text: 'x', status: 'posted', twitterId: '9' });
  assert.equal((await remove(id)).json.tweet.status, 'posted');
});

test('the number of a deleted tweet is not given again', async () => {
  const { tweet_id: first } = (await write('first')).json;
  await remove(first);
  assert.ok((await write('second')).json.tweet_id > first);
});

// Clean up

const daysAgo = (n) => new Date(Date.now() - n * 86_400_000 - 60_000)
  .toISOString().replace('T', ' ').slice(0, 19);

async function mixed() {
  const row = (accountId, status, days) => addTweet(instance,
    { accountId, status, text: `${status} ${days}`, createdAt: daysAgo(days) });
  await row(anna, 'pending', 0);
  await row(anna, 'posted', 10);
  await row(anna, 'failed', 40);
  await row(ben, 'posted', 40);
  await row(ben, 'failed', 0);
}

test('all given criteria must hold, and are told back', async () => {
  const cases = [
    [{ statuses: ['failed'] }, 2],
    [{ statuses: ['posted', 'failed'] }, 4],
    [{ days_old: 30 }, 2],
    [{ days_old: '30' }, 2],
    [{ days_old: 0 }, 5],
    [{ days_old: 11 }, 2],
    [{ days_old: 10 }, 3],
    [{ statuses: ['posted'], days_old: 30 }, 1],
    [{ statuses: ['failed'], account_id: 'ANNA' }, 1],
    [{ statuses: ['pending', 'posted', 'failed'], days_old: 5, account_id: 'ANNA' }, 2],
    [{ statuses: ['pending'], days_old: 1 }, 0],
  ];
  await each(cases, async ([criteria, deleted]) => {
    await db(instance, 'DELETE FROM tweet');
    await mixed();
    const body = { ...criteria };
    if (body.account_id) body.account_id = anna;
    const json = isJson(await cleanup(body), 200);
    assert.equal(json.deleted, deleted);
    assert.equal(json.message, `Deleted ${deleted} tweets`);
    assert.equal(await count(), 5 - deleted);
    assert.deepEqual(json.criteria, {
      statuses: body.statuses ?? null,
      days_old: body.days_old === undefined ? null : Number(body.days_old),
      account_id: body.account_id ?? null,
    });
  });
});

test('a clean-up tried dry counts the same and deletes nothing', async () => {
  await mixed();
  const body = { statuses: ['pending', 'failed'] };
  const tried = isJson(await cleanup({ ...body, dry_run: true }), 200);
  assert.equal(tried.dry_run, true);
  assert.ok(tried.deleted > 0);
  assert.equal(await count(), 5);
  const done = isJson(await cleanup({ ...body, dry_run: false }), 200);
  assert.equal(done.dry_run, undefined);
  assert.equal(done.deleted, tried.deleted);
  assert.equal(await count(), 5 - tried.deleted);
});

test('a clean-up without statuses or days is refused and deletes nothing', async () => {
  await mixed();
  const wrongs = [undefined, {}, { account_id: 1 }, { statuses: [] }, { statuses: ['gone'] },
    { statuses: ['failed', 'gone'] }, { statuses: 'failed' }, { days_old: -1 }, { days_old: 1.5 },
    { days_old: 'x' }, { days_old: true }, { statuses: [], account_id: 1 },
    { statuses: ['failed'], account_id: 0 }, { statuses: ['failed'], days_old: 'x' }];
  await each(wrongs, async (body) => isError(await cleanup(body), 400));
  assert.equal(await count(), 5);
});
