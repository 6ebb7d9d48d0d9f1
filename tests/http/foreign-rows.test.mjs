// Rows that another program wrote, past all of our checks: they never spoil a
// reply, are never sent as something else, and stand in nobody's way.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { each, isError, isJson, unique } from '../support/checks.mjs';
import { db, request } from '../support/instance.mjs';
import { Poster } from '../support/poster.mjs';

let p;
let account;

before(async () => {
  p = await Poster.start();
  account = await p.granted();
});
after(() => p?.stop());

const get = async (path) => isJson(await request(p.instance, 'GET', path), 200, path);
const list = (query = '') => get(`/api/v1/tweets?${query}`);

/** Puts in a row whose columns are SQL; its id. */
async function row(columns) {
  const all = { twitter_account_id: account.id, content: `'${unique('foreign')}'`, ...columns };
  const [{ id }] = await db(p.instance, `PRAGMA foreign_keys = OFF;
    INSERT INTO tweet (${Object.keys(all)}) VALUES (${Object.values(all)}) RETURNING id`);
  return id;
}

const bytes = (hex, type = 'TEXT') => `CAST(x'${hex}' AS ${type})`;

/** Stored bytes, and what WHATWG's decoder makes of them. */
const UNREADABLE = ['ff', '41ff42', 'c3', 'e282', 'e28241', 'f09f98', 'c080', 'eda080', 'f4908080',
  '80', 'fefe', 'c3a9c3', 'e4bda0e5', '4100', '00', '41004200', '4142c3a90043'];
const shown = (hex) => Buffer.from(hex, 'hex').toString('utf8').replaceAll('\0', '\ufffd');

test('what is no UTF-8 is shown with U+FFFD, in every reply', async () => {
  for (const type of ['TEXT', 'BLOB']) {
    const ids = [];
    for (const hex of UNREADABLE) ids.push(await row({ content: bytes(hex, type) }));
    const { tweets } = await list('limit=50');
    for (const [i, hex] of UNREADABLE.entries()) {
      const one = await get(`/api/v1/tweets/${ids[i]}`);
      assert.equal(one.text, shown(hex), `${type} ${hex}`);
      assert.equal(tweets.find(({ id }) => id === ids[i]).text, shown(hex), hex);
    }
    const gone = isJson(await request(p.instance, 'DELETE', `/api/v1/tweets/${ids[0]}`), 200);
    assert.equal(gone.tweet.content, shown(UNREADABLE[0]));
    await db(p.instance, `DELETE FROM tweet WHERE id IN (${ids})`);
  }
});

test('neither are names, codes and reasons', async () => {
  const { id } = await p.granted();
  const tweet = await row({ twitter_account_id: id, reason: bytes('6fff'), twitter_id: bytes('39c3') });
  await db(p.instance, `UPDATE twitter_account SET username = ${bytes('61ff')},
    reason = ${bytes('c3')}, scope = ${bytes('f0')} WHERE id = ${id}`);
  for (const path of ['/api/v1/accounts', '/api/v1/accounts?sort=username', '/api/v1/monitoring',
    '/api/v1/rate-limits', `/api/v1/accounts/${id}`, `/api/v1/tweets/${tweet}`, '/api/v1/tweets']) {
    assert.ok(JSON.stringify(await get(path)).includes('\ufffd'), path);
  }
  await db(p.instance, `UPDATE twitter_account SET username = ${bytes('62ff', 'BLOB')} WHERE id = ${id}`);
  assert.equal((await get(`/api/v1/accounts/${id}`)).username, 'b\ufffd');
  const gone = isJson(await request(p.instance, 'DELETE', `/api/v1/accounts/${id}`), 200);
  assert.equal(gone.deleted_tweets, 1);
});

const arrived = () => p.x.requests.filter(({ path }) => path.startsWith('/2/tweets')).length;

test('a text that is no UTF-8 is never sent, one by one, in a run and in bulk', async () => {
  await each(['41ff', '410042', 'eda080'], async (hex) => {
    const before = arrived();
    const one = await row({ content: bytes(hex) });
    const error = isError(await p.publish(one), 422, 'text_unreadable');
    assert.ok(error.hint);
    const shownOne = await get(`/api/v1/tweets/${one}`);
    assert.deepEqual([shownOne.status, shownOne.code, shownOne.attempts],
      ['failed', 'text_unreadable', []]);
    const [bad, good] = [await row({ content: bytes(hex) }), await p.queue(account.id, unique('good'))];
    const run = await p.run({ account_id: account.id });
    assert.deepEqual(run.details.map((each) => [each.tweet_id, each.status, each.code]).sort(), [
      [bad, 'failed', 'text_unreadable'], [good, 'posted', undefined]].sort());
    const third = await row({ content: bytes(hex) });
    const bulk = isJson(await p.post('/api/v1/tweets/bulk', { ids: [third], action: 'post' }), 200);
    assert.equal(bulk.results[0].code, 'text_unreadable');
    const due = await row({ content: bytes(hex), scheduled_at: "datetime('now', '-1 second')" });
    assert.equal(isJson(await p.post('/api/v1/tick'), 200).failed, 1);
    assert.equal((await get(`/api/v1/tweets/${due}`)).code, 'text_unreadable');
    assert.equal(arrived() - before, 1); // the good one
  });
});

test('a text that our own rules refuse is not sent either', async () => {
  const texts = ["''", "' '", "char(10)", `'${'x'.repeat(281)}'`, "char(7) || 'x'", "'x' || char(65279)",
    "char(8203)", "'x' || char(133)", "zeroblob(0)"];
  await each(texts, async (content) => {
    const before = arrived();
    const id = await row({ content });
    const error = isError(await p.publish(id), 422, 'text_invalid');
    assert.match(error.error, /^the text /);
    assert.equal((await get(`/api/v1/tweets/${id}`)).code, 'text_invalid');
    const other = await row({ content });
    assert.equal((await p.run({ account_id: account.id })).failed, 1);
    assert.equal((await get(`/api/v1/tweets/${other}`)).status, 'failed');
    assert.equal(arrived(), before);
  });
});

test('a number or bytes that are a good text are sent as that', async () => {
  await each([['4711', '4711'], ["x'c3a9c3a9'", 'éé'], ['1.5', '1.5']], async ([content, text]) => {
    const id = await row({ content });
    isJson(await p.publish(id), 200);
    assert.equal(p.x.posted(text).length, 1);
  });
});
