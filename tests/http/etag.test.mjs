// A caller that keeps a reply and its ETag is told by 304 that it still holds,
// and never when it does not: whoever wrote, and when time alone has changed it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import {
  each, hasCommonHeaders, isError, isJson, until,
} from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addAccount, addTweet } from '../support/link.mjs';

let instance;
let anna;
let tweet;

before(async () => {
  instance = await startInstance();
  anna = await addAccount(instance, { username: 'anna' });
  tweet = await addTweet(instance, { accountId: anna, text: 'first' });
  await request(instance, 'POST', '/api/v1/tick'); // without one, monitoring goes by the second
});
after(() => instance?.stop());

const LIST = '/api/v1/tweets';
const ask = (path, tag, method = 'GET') =>
  request(instance, method, path, { headers: tag && { 'If-None-Match': tag } });

/** The ETag of a reply that is a whole one. */
async function tagOf(path) {
  const reply = await ask(path);
  isJson(reply, 200, path);
  assert.match(reply.headers.etag ?? '', /^W\/"[^"]+"$/, path);
  return reply.headers.etag;
}

async function isSame(path, tag) {
  const reply = await ask(path, tag);
  assert.equal(reply.status, 304, `${path} ${tag}`);
  assert.deepEqual([reply.text, reply.headers['content-type']], ['', undefined]);
  assert.ok(reply.headers.etag);
  hasCommonHeaders(reply);
}

async function isChanged(path, tag, what) {
  const reply = await ask(path, tag);
  isJson(reply, 200, what);
  assert.notEqual(reply.headers.etag, tag, what);
  return reply;
}

/** A tag without the time at which it turns, which may be counted from the request's. */
const nameOf = (tag) => tag.replace(/\.\d+"$/, '"');

const paths = () => [LIST, `${LIST}?sort=-posted_at&limit=3`, `${LIST}?state=scheduled`,
  `${LIST}?status=failed&q=x`, `${LIST}/${tweet}`, '/api/v1/accounts', `/api/v1/accounts/${anna}`,
  '/api/v1/accounts?q=an&limit=2', '/api/v1/stats', '/api/v1/stats/daily', '/api/v1/monitoring'];

test('the same question is answered by 304 as long as nothing is written', () =>
  each(paths(), async (path) => {
    const tag = await tagOf(path);
    await isSame(path, tag);
    await isSame(path, tag);
    assert.equal(nameOf(await tagOf(path)), nameOf(tag));
  }));

test('a list of tags, weak or strong, a star, and what a server adds to a tag are read', async () => {
  const tag = await tagOf(LIST);
  const bare = tag.slice(2);
  await each([tag, bare, `"x", ${tag}`, `W/"x",${bare} , "y"`, '*', ' * ', bare.replace(/"$/, '-gzip"')],
    (header) => isSame(LIST, header));
  await each(['"x"', bare.slice(1, -1), '""', `"x${bare.slice(1)}`, bare.replace(/"$/, 'x"'), 'W/', '"',
    ','], (header) => isChanged(LIST, header, header));
});

test('HEAD is told the same', async () => {
  const tag = await tagOf(LIST);
  const head = await ask(LIST, null, 'HEAD');
  assert.deepEqual([head.status, head.headers.etag, head.text], [200, tag, '']);
  assert.equal((await ask(LIST, tag, 'HEAD')).status, 304);
});

test('a tag is of one question, and of who may ask', async () => {
  const tag = await tagOf(LIST);
  await each([`${LIST}?limit=1`, `${LIST}?page=2`, `${LIST}/${tweet}`, '/api/v1/stats'],
    (path) => isChanged(path, tag, path));
  const reply = await request(instance, 'GET', LIST,
    { key: 'wrong', headers: { 'If-None-Match': tag } });
  isError(reply, 401);
  isError(await ask(`${LIST}/999999`, '*'), 404);
  isError(await ask(`${LIST}?limit=x`, tag), 400);
  await isSame(`${LIST}?api_key=${instance.key}`, tag); // the key is not in it
});

const sqlTime = (ms) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
const post = (path, body) => request(instance, 'POST', path, { body });

/** Leaves WAL, which nobody else may be in: a program that ends is, for a moment. */
const unlogged = (where) => until(() =>
  db(where, 'PRAGMA journal_mode = DELETE').then(() => true, () => false), 'the file alone');

/** What changes rows: by the API, by the tool, by another program. */
const WRITERS = {
  'a tweet is made': () => post('/api/v1/tweet', { text: `t${Math.random()}`, account_id: anna }),
  'a tweet is changed': () => request(instance, 'PATCH', `${LIST}/${tweet}`, { body: { text: `${Math.random()}` } }),
  'a tweet is deleted': async () => {
    const id = await addTweet(instance, { accountId: anna, text: 'short' });
    return request(instance, 'DELETE', `${LIST}/${id}`);
  },
  'a tick runs': () => post('/api/v1/tick'),
  'another program writes': () => db(instance, `UPDATE tweet SET content = content || '!' WHERE id = ${tweet}`),
  'another program writes and moves the log': () => db(instance,
    `UPDATE tweet SET content = content || '?' WHERE id = ${tweet}; PRAGMA wal_checkpoint(TRUNCATE)`),
  'another program leaves WAL, writes and comes back': async () => {
    await unlogged(instance);
    await db(instance, `UPDATE tweet SET content = content || '.' WHERE id = ${tweet}`);
    await db(instance, 'PRAGMA journal_mode = WAL');
  },
};

for (const [what, write] of Object.entries(WRITERS)) {
  test(`no 304 after ${what}`, async () => {
    const tags = await Promise.all(paths().map(async (path) => [path, await tagOf(path)]));
    await write();
    await each(tags, ([path, tag]) => isChanged(path, tag, `${what}: ${path}`));
  });
}

test('tidying up the file gives no wrong 304', async () => {
  for (const sql of ['PRAGMA wal_checkpoint(TRUNCATE)', 'VACUUM', 'PRAGMA wal_checkpoint(PASSIVE)',
    'PRAGMA wal_checkpoint(RESTART)']) {
    const tag = await tagOf(LIST);
    await db(instance, sql);
    const reply = await ask(LIST, tag); // either will do
    assert.ok([200, 304].includes(reply.status));
    await db(instance, `UPDATE tweet SET content = content || '-' WHERE id = ${tweet}`);
    await isChanged(LIST, tag, sql);
    await isChanged(LIST, reply.headers.etag, sql);
  }
});

test('of writers that tidy up at once no reply is older than the last of them', async () => {
  let kept = { tag: null, text: null };
  for (let i = 0; i < 40; i += 1) {
    const end = i % 2 ? 'PRAGMA wal_checkpoint(TRUNCATE)' : 'SELECT 1';
    await db(instance, `UPDATE tweet SET content = 'turn ${i}' WHERE id = ${tweet}; ${end}`);
    const reply = await ask(`${LIST}/${tweet}`, kept.tag);
    assert.equal(reply.status, 200, `turn ${i}`);
    assert.equal(reply.json.text, `turn ${i}`);
    kept = { tag: reply.headers.etag, text: reply.json.text };
    const again = await ask(`${LIST}/${tweet}`, kept.tag);
    if (again.status !== 304) assert.equal(again.json.text, kept.text);
  }
});

test('with a rollback journal it is the same', async () => {
  const other = await startInstance({ settings: {} });
  try {
    await unlogged(other);
    const get = (tag) => request(other, 'GET', LIST, { headers: tag && { 'If-None-Match': tag } });
    const id = await addAccount(other, { username: 'dora' });
    for (let i = 0; i < 5; i += 1) {
      const first = await get();
      assert.ok(first.headers.etag);
      assert.equal((await get(first.headers.etag)).status, 304);
      await addTweet(other, { accountId: id, text: `n${i}` });
      const next = await get(first.headers.etag);
      assert.deepEqual([next.status, next.json.total], [200, i + 1]);
    }
    assert.deepEqual(await db(other, 'PRAGMA journal_mode'), [{ journal_mode: 'delete' }]);
  } finally {
    await other.stop();
  }
});

test('what becomes due is no 304 any more, wherever it shows', async () => {
  const id = await addTweet(instance, { accountId: anna, text: 'soon' });
  const back = await addTweet(instance, { accountId: anna, text: 'back' });
  const at = Math.ceil(Date.now() / 1000) * 1000 + 3000;
  await db(instance, `UPDATE tweet SET scheduled_at = '${sqlTime(at)}' WHERE id = ${id};
    UPDATE tweet SET retry_at = '${sqlTime(at)}' WHERE id = ${back}`);
  const seen = [[`${LIST}/${id}`, 'scheduled', 'due'], [`${LIST}/${back}`, 'held_back', 'pending']];
  const lists = [LIST, `${LIST}?state=due`, `${LIST}?state=scheduled`, `${LIST}?state=held_back`,
    `${LIST}?state=due&account_id=999`, '/api/v1/monitoring'];
  const tags = await Promise.all([...seen.map(([path]) => path), ...lists]
    .map(async (path) => [path, await tagOf(path)]));
  for (const [path, state] of seen) assert.equal((await ask(path)).json.state, state);
  await each(tags, ([path, tag]) => isSame(path, tag));
  await pause(at - Date.now() + 50);
  await each(tags, ([path, tag]) => isChanged(path, tag, path));
  for (const [path, , state] of seen) assert.equal((await ask(path)).json.state, state);
  await each([LIST, `${LIST}?state=due`], async (path) => isSame(path, await tagOf(path)));
});

test('with no count a list that time changes has no tag, or a short one', async () => {
  const path = `${LIST}?state=scheduled&total=false`;
  const { etag } = (await ask(path)).headers;
  await pause(1100);
  if (etag) await isChanged(path, etag, path);
});
