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

test('a tweet of an account that does not exist is nothing to a run', async () => {
  const id = await row({ twitter_account_id: 987654 });
  const { held_back: held, blocked, details } = await p.run({});
  assert.ok(![...held, ...blocked, ...details].some((each) => each.account_id === 987654));
  await db(p.instance, `DELETE FROM tweet WHERE id = ${id}`);
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

/** All tweets and statuses fit together: lists, totals, stats. */
async function isConsistent() {
  const all = await walk('');
  assert.equal((await list()).total, all.length);
  const [{ n }] = await db(p.instance, 'SELECT count(*) AS n FROM tweet');
  assert.equal(all.length, n);
  const parts = { pending: 0, posted: 0, failed: 0 };
  for (const status of Object.keys(parts)) {
    const rows = await walk(`status=${status}`);
    parts[status] = (await list(`status=${status}`)).total;
    assert.equal(rows.length, parts[status], status);
    assert.deepEqual(rows, all.filter((each) => each.status === status));
  }
  const { tweets } = await get('/api/v1/stats');
  assert.deepEqual(tweets, { total: n, ...parts });
  for (const state of new Set(all.map((each) => each.state))) {
    assert.deepEqual(await walk(`state=${state}`), all.filter((each) => each.state === state), state);
    assert.equal((await list(`state=${state}`)).total,
      all.filter((each) => each.state === state).length, state);
  }
  for (const id of new Set(all.map((each) => each.account_id))) {
    if (!(id > 0)) continue;
    assert.deepEqual(await walk(`account_id=${id}`), all.filter((each) => each.account_id === id));
    const { total } = await list(`account_id=${id}`);
    assert.equal(total, all.filter((each) => each.account_id === id).length, id);
    const failed = all.filter((each) => each.account_id === id && each.status === 'failed');
    assert.equal((await list(`account_id=${id}&status=failed`)).total, failed.length, id);
    assert.deepEqual(await walk(`account_id=${id}&status=failed`), failed);
  }
  return all;
}

async function walk(query) {
  const rows = [];
  let cursor = '';
  while (cursor !== null) {
    const json = await list(`${query}&limit=7${cursor}`);
    rows.push(...json.tweets);
    cursor = json.next_cursor && `&cursor=${json.next_cursor}`;
  }
  return rows;
}

test('a status that nobody knows is shown as not confirmed, counted so, and never sent', async () => {
  await isConsistent();
  const statuses = ["'queued'", "'sent'", "'draft'", "''", 'NULL', "'in progress'", "'PENDING'", '7',
    "'pending '", "x'706f73746564'", bytes('ff')];
  const ids = [];
  for (const status of statuses) ids.push(await row({ status }));
  const all = await isConsistent();
  const before = arrived();
  await each(ids, async (id) => {
    const one = all.find((any) => any.id === id);
    assert.deepEqual([one.status, one.state, one.code], ['failed', 'unconfirmed', 'outcome_unknown']);
    const { status, state, code } = await get(`/api/v1/tweets/${id}`);
    assert.deepEqual([status, state, code], [one.status, one.state, one.code]);
    isError(await p.publish(id), 409, 'outcome_unknown');
    isError(await request(p.instance, 'PATCH', `/api/v1/tweets/${id}`, { body: { text: 'x' } }), 409);
  });
  const bulk = isJson(await p.post('/api/v1/tweets/bulk', { ids, action: 'post' }), 200);
  assert.equal(bulk.done, 0);
  await p.run();
  assert.equal(arrived(), before);
  const [first, second, third] = ids;
  const there = await p.post(`/api/v1/tweets/${first}/resolve`, { posted: true, twitter_id: '19' });
  assert.equal(isJson(there, 200).state, 'posted');
  assert.equal(isJson(await p.post(`/api/v1/tweets/${second}/resolve`, { posted: false }), 200).state,
    'pending');
  for (const id of [second, third]) {
    isJson(await request(p.instance, 'DELETE', `/api/v1/tweets/${id}`), 200);
  }
  await isConsistent();
});

test('tweets whose account is gone are listed, counted, shown and deleted, and not sent', async () => {
  const gone = await p.granted();
  const ids = [await row({ twitter_account_id: 999_998 }), await row({ twitter_account_id: gone.id }),
    await row({ twitter_account_id: gone.id, status: "'posted'" }),
    await row({ twitter_account_id: gone.id, status: "'odd'" }), await row({ twitter_account_id: 0 }),
    await row({ twitter_account_id: -4 })];
  await db(p.instance, `PRAGMA foreign_keys = OFF; DELETE FROM twitter_account WHERE id = ${gone.id}`);
  const all = await isConsistent();
  for (const id of ids) {
    assert.equal(all.find((one) => one.id === id).username, null);
    assert.equal((await get(`/api/v1/tweets/${id}`)).username, null);
  }
  const before = arrived();
  isError(await p.publish(ids[0]), 404, 'account_not_found');
  await p.run();
  isJson(await p.post('/api/v1/tick'), 200);
  assert.equal(arrived(), before);
  await each(ids, async (id) => isJson(await request(p.instance, 'DELETE', `/api/v1/tweets/${id}`), 200));
  await isConsistent();
});

/** Times as other programs store them, and what they are. */
const STORED = [
  ["'2026-01-31 08:09:10'", '2026-01-31T08:09:10Z'], ["'2026-01-31T08:09:10Z'", '2026-01-31T08:09:10Z'],
  ["'2026-01-31T08:09:10+02:00'", '2026-01-31T06:09:10Z'],
  ["'2026-01-31 08:09:10+0200'", '2026-01-31T06:09:10Z'],
  ["'2026-01-31 08:09:10+02'", '2026-01-31T06:09:10Z'],
  ["'2026-01-31 08:09:10.123456'", '2026-01-31T08:09:10Z'], ["'2026-01-31'", '2026-01-31T00:00:00Z'],
  ["'2026-01-31T08:09'", '2026-01-31T08:09:00Z'], ['1769846950', '2026-01-31T08:09:10Z'],
  ["'1769846950'", '2026-01-31T08:09:10Z'], ['1769846950123', '2026-01-31T08:09:10Z'],
  ['1769846950.5', '2026-01-31T08:09:10Z'], ['NULL', null], ["''", null], ["'yesterday'", null],
  ["'2026-02-30 08:00:00'", null], ["'2026-13-01 00:00:00'", null], ["'2026-01-31 24:00:00'", null],
  ["'0000-00-00 00:00:00'", null], ['17', null], ['-1', null], [bytes('ff'), null], ["x'00'", null],
  ["'2026-01-31 08:09:10 and more'", null], ['1e300', null],
];

test('times in other forms are read where that is plain, and null where not', async () => {
  const ids = [];
  for (const [stored] of STORED) {
    ids.push(await row({ created_at: stored, posted_at: stored, scheduled_at: stored, status: "'posted'" }));
  }
  const { tweets } = await list('limit=50');
  for (const [i, [stored, time]] of STORED.entries()) {
    const listed = tweets.find(({ id }) => id === ids[i]);
    const one = await get(`/api/v1/tweets/${ids[i]}`);
    for (const each of [listed, one]) {
      assert.deepEqual([each.created_at, each.posted_at, each.scheduled_at], [time, time, time], stored);
    }
  }
  for (const sort of ['posted_at', '-posted_at', 'scheduled_at', '-scheduled_at']) {
    const rows = (await list(`sort=${sort}&limit=50`)).tweets;
    assert.ok(rows.length >= STORED.length - 4, sort);
  }
  await db(p.instance, `DELETE FROM tweet WHERE id IN (${ids})`);
});

test('a time that cannot be read sends nothing before its time', async () => {
  const before = arrived();
  const later = Math.floor(Date.now() / 1000) + 86_400;
  for (const time of [later, `'${later}'`, `'${new Date(later * 1000).toISOString()}'`, "'tomorrow'",
    bytes('ff')]) await row({ scheduled_at: time });
  isJson(await p.post('/api/v1/tick'), 200);
  await p.run();
  assert.equal(arrived(), before);
});

test('statuses of accounts that nobody knows are none that is used', async () => {
  const [odd, none] = [await p.granted(), await p.granted()];
  await db(p.instance, `UPDATE twitter_account SET status = 'paused', created_at = 'x' WHERE id = ${odd.id};
    UPDATE twitter_account SET status = NULL WHERE id = ${none.id}`);
  const { accounts, total } = await get('/api/v1/accounts');
  assert.equal(total, accounts.length);
  const known = (id) => accounts.find((one) => one.id === id);
  assert.deepEqual([known(odd.id).status, known(odd.id).created_at, known(none.id).status],
    ['inactive', null, 'active']);
  for (const status of ['active', 'inactive', 'failed', 'suspended']) {
    assert.deepEqual((await get(`/api/v1/accounts?status=${status}`)).accounts,
      accounts.filter((one) => one.status === status));
  }
  const stats = await get('/api/v1/stats');
  assert.equal(stats.accounts.active, accounts.filter((one) => one.status === 'active').length);
  isError(await p.publish(await p.queue(odd.id, unique('odd'))), 409);
});
