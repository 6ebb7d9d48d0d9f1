// List, show, delete, clean up accounts.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { each, hasMembers, holdsNone, isError, isJson, isTime, namesFaults } from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addAccount, addTweet } from '../support/link.mjs';

let instance;
let ids;

before(async () => {
  instance = await startInstance({ mock: false, env: { TWITTER_CLIENT_ID: 'app' } });
});
after(() => instance?.stop());

const get = (path) => request(instance, 'GET', path);
const cleanup = (body) => request(instance, 'POST', '/api/v1/accounts/cleanup', { body });

beforeEach(async () => {
  await get('/api/v1/accounts');
  await db(instance, 'PRAGMA foreign_keys = ON; DELETE FROM tweet; DELETE FROM twitter_account');
  ids = {};
  const rows = [['anna', 'active'], ['ben', 'suspended'], ['cleo', 'failed'], ['dan', 'inactive']];
  for (const [at, [username, status]] of rows.entries()) {
    ids[username] = await addAccount(instance,
      { username, status, createdAt: `2026-01-0${at + 1} 10:00:00` });
  }
});

const names = (json) => json.accounts.map((account) => account.username);

test('accounts are listed newest first, with their number', async () => {
  const json = isJson(await get('/api/v1/accounts'), 200);
  assert.deepEqual(names(json), ['dan', 'cleo', 'ben', 'anna']);
  assert.equal(json.total, 4);
  const [dan] = json.accounts;
  hasMembers(dan, 'id', 'username', 'status', 'created_at');
  assert.equal(dan.id, ids.dan);
  assert.equal(dan.status, 'inactive');
  assert.equal(Date.parse(dan.created_at), Date.parse('2026-01-04T10:00:00Z'));
  isTime(dan.created_at);
});

test('accounts are filtered by status', async () => {
  await each([['active', 'anna'], ['suspended', 'ben'], ['failed', 'cleo'], ['inactive', 'dan']],
    async ([status, username]) => {
      const json = isJson(await get(`/api/v1/accounts?status=${status}`), 200);
      assert.deepEqual(names(json), [username]);
      assert.equal(json.total, 1);
    });
});

test('an unknown status is refused', async () => {
  await each(['gone', 'ACTIVE', 'active,failed', "active'--"], async (status) =>
    isError(await get(`/api/v1/accounts?status=${encodeURIComponent(status)}`), 400));
});

const SORTS = ['-id', 'id', 'username', '-username', 'status', '-status'];

function inOrder(accounts, sort) {
  const name = sort.replace('-', '');
  const sign = sort.startsWith('-') ? -1 : 1;
  const key = (account) => (name === 'id' ? '' : account[name].toLowerCase());
  const compare = (a, b) => (a < b ? -1 : Number(a > b));
  return [...accounts].sort((a, b) => sign * (compare(key(a), key(b)) || a.id - b.id));
}

test('accounts are sorted, and pages lead through all that match', async () => {
  for (const username of ['Anna_B', 'zed', 'ANNE', 'b2', 'a_b', 'a1b']) {
    await addAccount(instance, { username, status: username.length > 3 ? 'active' : 'failed' });
  }
  const { accounts: all } = isJson(await get('/api/v1/accounts'), 200);
  const filters = [['', () => true], ['&status=active', ({ status }) => status === 'active'],
    ['&q=AN', ({ username }) => /an/i.test(username)], ['&q=@ann', ({ username }) => /ann/i.test(username)],
    ['&q=_', ({ username }) => username.includes('_')], ['&q=%25', () => false],
    ['&q=e&status=failed', (row) => /e/i.test(row.username) && row.status === 'failed']];
  for (const sort of SORTS) {
    await each(filters, async ([query, fits]) => {
      const wanted = inOrder(all.filter(fits), sort);
      const whole = isJson(await get(`/api/v1/accounts?sort=${sort}${query}`), 200);
      assert.deepEqual([whole.accounts, whole.total, whole.next_cursor],
        [wanted, wanted.length, null], sort);
      const walked = [];
      let cursor = '';
      while (cursor !== null) {
        const page = isJson(await get(
          `/api/v1/accounts?sort=${sort}&limit=2${query}${cursor}`), 200);
        assert.equal(page.total, wanted.length);
        walked.push(...page.accounts);
        cursor = page.next_cursor && `&cursor=${encodeURIComponent(page.next_cursor)}`;
      }
      assert.deepEqual(walked, wanted, sort);
    });
  }
});

test('an order, a limit and a cursor that cannot be meant are refused by name', () => each([
  ['sort=name', '/sort'], ['limit=0', '/limit'], ['limit=1001', '/limit'], ['cursor=x', '/cursor'],
  ['sort=id&cursor=3', '/cursor'], ['sort=username&cursor=status.1.YQ==', '/cursor'],
], async ([query, pointer]) => namesFaults(await get(`/api/v1/accounts?${query}`), pointer)));

test('no accounts are an empty list', async () => {
  await db(instance, 'DELETE FROM twitter_account');
  const json = isJson(await get('/api/v1/accounts'), 200);
  assert.deepEqual(json.accounts, []);
  assert.equal(json.total, 0);
});

test('one account is shown, not wrapped', async () => {
  const json = isJson(await get(`/api/v1/accounts/${ids.anna}`), 200);
  assert.equal(json.id, ids.anna);
  assert.equal(json.username, 'anna');
  assert.equal(json.status, 'active');
  isTime(json.created_at);
  isError(await get('/api/v1/accounts/999999'), 404);
});

test('no reply shows a token', async () => {
  const [row] = await db(instance, 'SELECT * FROM twitter_account LIMIT 1');
  const secrets = { 'the sealed token': row.access_token, 'the token': `at-${row.username}` };
  for (const path of ['/api/v1/accounts', `/api/v1/accounts/${row.id}`]) {
    holdsNone((await get(path)).text, secrets, path);
  }
});

test('an account goes with its tweets, and only with them', async () => {
  await addTweet(instance, { accountId: ids.anna, text: 'one' });
  await addTweet(instance, { accountId: ids.anna, text: 'two', status: 'posted', twitterId: '1' });
  await addTweet(instance, { accountId: ids.ben, text: 'stays' });
  const json = isJson(await request(instance, 'DELETE', `/api/v1/accounts/${ids.anna}`), 200);
  assert.equal(typeof json.message, 'string');
  assert.equal(json.deleted_tweets, 2);
  assert.deepEqual(await db(instance, 'SELECT content FROM tweet'), [{ content: 'stays' }]);
  isError(await request(instance, 'DELETE', `/api/v1/accounts/${ids.anna}`), 404);
  isError(await get(`/api/v1/accounts/${ids.anna}`), 404);
  assert.equal((await get('/api/v1/accounts')).json.total, 3);
});

test('cleaning up with no body takes failed, suspended and inactive', async () => {
  await addTweet(instance, { accountId: ids.cleo, text: 'one' });
  await addTweet(instance, { accountId: ids.dan, text: 'two' });
  const json = isJson(await cleanup(), 200);
  assert.equal(typeof json.message, 'string');
  const { deleted_accounts: gone, deleted_tweets_total: total } = json.results;
  assert.equal(total, 2);
  assert.deepEqual(gone.map((a) => a.username).sort(), ['ben', 'cleo', 'dan']);
  const cleo = gone.find((a) => a.username === 'cleo');
  assert.deepEqual({ ...cleo }, { ...cleo, id: ids.cleo, status: 'failed', deleted_tweets: 1 });
  assert.deepEqual(names((await get('/api/v1/accounts')).json), ['anna']);
});

test('an empty object cleans up like no body', async () => {
  const { json } = await cleanup({});
  assert.equal(json.results.deleted_accounts.length, 3);
});

test('cleaning up takes the named statuses only, active among them', async () => {
  const { json } = await cleanup({ statuses: ['suspended'] });
  assert.deepEqual(json.results.deleted_accounts.map((a) => a.username), ['ben']);
  const more = await cleanup({ statuses: ['active', 'failed'] });
  assert.equal(more.json.results.deleted_accounts.length, 2);
  assert.deepEqual(names((await get('/api/v1/accounts')).json), ['dan']);
});

test('cleaning up nothing is a success', async () => {
  await cleanup();
  const { results } = isJson(await cleanup(), 200);
  assert.deepEqual(results.deleted_accounts, []);
  assert.equal(results.deleted_tweets_total, 0);
});

test('an unknown status cleans up nothing at all', async () => {
  await each([['failed', 'gone'], 'failed', [1], [null], { a: 1 }], async (statuses) => {
    isError(await cleanup({ statuses }), 400);
  });
  assert.equal((await get('/api/v1/accounts')).json.total, 4);
});

const lock = (id, status = 'suspended') => db(instance, `UPDATE twitter_account
  SET status = '${status}', code = 'account_locked', reason = 'unlock it' WHERE id = ${id}`);
const change = (id, status) =>
  request(instance, 'PATCH', `/api/v1/accounts/${id}`, { body: { status } });
const cleaned = (reply) => isJson(reply, 200).results.deleted_accounts.map((a) => a.username).sort();
const rows = () => db(instance, 'SELECT * FROM twitter_account ORDER BY id');

test('an account that X has locked stays, unless it is asked for', async () => {
  await lock(ids.ben);
  for (const body of [undefined, { statuses: ['suspended'] }, { include_locked: false }]) {
    assert.ok(!cleaned(await cleanup(body)).includes('ben'));
  }
  const { results } = isJson(await cleanup({ statuses: ['suspended'] }), 200);
  assert.equal(results.skipped, 1);
  assert.deepEqual(cleaned(await cleanup({ statuses: ['suspended'], include_locked: true })), ['ben']);
});

test('a locked account that is paused meanwhile is still known as locked', async () => {
  await lock(ids.ben);
  const paused = isJson(await change(ids.ben, 'inactive'), 200);
  assert.deepEqual([paused.status, paused.code], ['inactive', 'account_locked']);
  assert.deepEqual(cleaned(await cleanup({ statuses: ['inactive'] })), ['dan']);
  const on = isJson(await change(ids.ben, 'active'), 200);
  assert.deepEqual([on.status, on.code, on.reason], ['active', null, null]);
});

test('a dry run tells what would go, and nothing goes', async () => {
  await addTweet(instance, { accountId: ids.cleo, text: 'one' });
  await addTweet(instance, { accountId: ids.cleo, text: 'two' });
  await lock(ids.ben);
  const before = await rows();
  const dry = isJson(await cleanup({ dry_run: true }), 200);
  assert.equal(dry.dry_run, true);
  assert.deepEqual(await rows(), before);
  assert.equal((await db(instance, 'SELECT count(*) AS n FROM tweet'))[0].n, 2);
  const real = isJson(await cleanup({ dry_run: false }), 200);
  assert.deepEqual(dry.results, real.results, 'the same answer');
  assert.ok(!('dry_run' in real));
  assert.equal(real.results.deleted_tweets_total, 2);
});

test('in mock mode only accounts of mock mode go', async () => {
  await db(instance, `UPDATE twitter_account SET mock = 1 WHERE id = ${ids.cleo}`);
  isJson(await request(instance, 'POST', '/api/v1/mock-mode', { body: { enabled: true } }), 200);
  try {
    assert.deepEqual(cleaned(await cleanup({ dry_run: true })), ['cleo']);
    assert.deepEqual(cleaned(await cleanup()), ['cleo']);
    assert.deepEqual((await rows()).map(({ username }) => username), ['anna', 'ben', 'dan']);
  } finally {
    isJson(await request(instance, 'POST', '/api/v1/mock-mode', { body: { enabled: false } }), 200);
  }
  assert.deepEqual(cleaned(await cleanup()), ['ben', 'dan']);
});

test('what is no boolean is refused', async () => {
  await each(['yes', 1, []], async (value) => {
    isError(await cleanup({ dry_run: value }), 400);
    isError(await cleanup({ include_locked: value }), 400);
  });
  assert.equal((await rows()).length, 4);
});
