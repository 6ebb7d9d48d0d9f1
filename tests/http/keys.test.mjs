// API keys: what each may be used for, call by call, until when, and who may
// make and end them.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { each, isJson, namesFaults } from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { addAccount, addTweet } from '../support/link.mjs';
import { operations } from '../support/openapi.mjs';

const SCOPES = ['read', 'write', 'publish', 'tick', 'admin'];

// Every call that needs a key, by the scope it needs; bulk is asked by action below.
const NEEDS = {
  read: ['GET /health/libraries', 'GET /test', 'GET /mock-mode', 'GET /accounts', 'GET /accounts/{id}',
    'GET /tweets', 'GET /tweets/{id}', 'GET /stats', 'GET /stats/daily', 'GET /rate-limits',
    'GET /monitoring', 'GET /monitoring/alerts'],
  write: ['POST /tweet', 'PATCH /tweets/{id}', 'DELETE /tweets/{id}', 'POST /tweets/cleanup',
    'POST /tweets/retry', 'PATCH /monitoring/alerts/{id}'],
  publish: ['POST /tweet/post/{id}', 'POST /tweets/post-pending', 'POST /tweets/{id}/release',
    'POST /tweets/{id}/resolve'],
  tick: ['GET /tick', 'POST /tick'],
  admin: ['POST /mock-mode', 'GET /auth/twitter', 'PATCH /accounts/{id}', 'DELETE /accounts/{id}',
    'POST /accounts/cleanup', 'GET /keys', 'POST /keys', 'GET /keys/{id}', 'PATCH /keys/{id}',
    'DELETE /keys/{id}'],
};

let instance;
let account;
const keys = {}; // by scope

const call = (method, path, { key = instance.key, json } = {}) =>
  request(instance, method, `/api/v1${path}`, { headers: { 'X-API-Key': key }, body: json });
async function make(fields) {
  const reply = await call('POST', '/keys', { json: fields });
  const made = isJson(reply, 201);
  assert.ok(reply.headers.location.endsWith(`/api/v1/keys/${made.id}`));
  return made;
}
const tweet = (key, fields) =>
  call('POST', '/tweet', { key, json: { account_id: account, text: `text ${Math.random()}`, ...fields } });

function lacks(reply, scope, label) {
  assert.equal(isJson(reply, 403, label).code, 'scope_missing', label);
  assert.equal(reply.json.required_scope, scope, label);
}

before(async () => {
  instance = await startInstance();
  account = await addAccount(instance, { username: 'one' });
  for (const scope of SCOPES) keys[scope] = (await make({ name: `For ${scope}`, scopes: [scope] })).key;
});
after(() => instance?.stop());

test('the table of this test has every call that needs a key', () => {
  const keyed = operations.filter(({ operation }) => operation.security?.length)
    .map(({ name }) => name.replace('/api/v1', ''));
  assert.deepEqual([...Object.values(NEEDS).flat(), 'POST /tweets/bulk'].sort(), keyed.sort());
});

test('the description names the scope of each call', () => {
  for (const { name, operation } of operations) {
    const scopes = new Set(operation.security.flatMap((way) => Object.values(way)).flat());
    const wanted = Object.entries(NEEDS).filter(([, names]) => names.includes(name.replace('/api/v1', '')));
    if (name.endsWith('/bulk')) assert.deepEqual([...scopes], ['write', 'publish']);
    else assert.deepEqual([...scopes], wanted.map(([scope]) => scope), name);
  }
});

for (const [scope, names] of Object.entries(NEEDS)) {
  test(`calls for ${scope} are open to keys with it and with admin, and to no others`, () =>
    each(names.flatMap((name) => SCOPES.map((held) => [name, held])), async ([name, held]) => {
      const [method, path] = name.split(' ');
      const json = method === 'GET' || method === 'DELETE' ? undefined : {};
      const reply = await call(method, path.replace('{id}', '999999'), { key: keys[held], json });
      if (held === scope || held === 'admin') assert.ok(![401, 403].includes(reply.status), `${reply.status}`);
      else lacks(reply, scope);
    }));
}

test('a key with several scopes may do what each of them allows', async () => {
  const { key, scopes } = await make({ name: 'Two', scopes: ['tick', 'read'] });
  assert.deepEqual(scopes, ['read', 'tick']);
  isJson(await call('GET', '/stats', { key }), 200);
  isJson(await call('GET', '/tick', { key }), 200);
  lacks(await tweet(key), 'write');
});

test('a right missing comes before what is wrong with the body, and after a wrong path or key', async () => {
  lacks(await request(instance, 'POST', '/api/v1/tweet', {
    headers: { 'X-API-Key': keys.read, 'Content-Type': 'application/json' }, body: '{' }), 'write');
  isJson(await call('GET', '/nothing', { key: keys.tick }), 404);
  isJson(await call('PUT', '/tweets', { key: keys.tick }), 405);
  isJson(await call('GET', '/stats', { key: `${keys.read}x` }), 401);
});

test('a time needs publish, once the body is right', async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  lacks(await tweet(keys.write, { scheduled_at: soon }), 'publish');
  lacks(await tweet(keys.write, { scheduled_at: soon, draft: true }), 'publish');
  namesFaults(await tweet(keys.write, { scheduled_at: soon, text: '' }), '/text');
  namesFaults(await tweet(keys.write, { scheduled_at: '2020-01-01T00:00:00Z' }), '/scheduled_at');
  const { tweet_id: id } = isJson(await tweet(keys.write, {}), 201);
  lacks(await call('PATCH', `/tweets/${id}`, { key: keys.write, json: { scheduled_at: soon } }), 'publish');
  isJson(await call('PATCH', `/tweets/${id}`, { key: keys.write, json: { scheduled_at: null } }), 200);
  const { key } = await make({ name: 'Both', scopes: ['write', 'publish'] });
  isJson(await call('PATCH', `/tweets/${id}`, { key, json: { scheduled_at: soon } }), 200);
});

test('finishing a draft that has a time is scheduling it', async () => {
  const scheduled_at = new Date(Date.now() + 3_600_000).toISOString();
  const timed = isJson(await tweet(instance.key, { draft: true, scheduled_at }), 201).tweet_id;
  const plain = isJson(await tweet(keys.write, { draft: true }), 201).tweet_id;
  const finish = (id, json) => call('PATCH', `/tweets/${id}`, { key: keys.write, json: { draft: false, ...json } });
  lacks(await finish(timed), 'publish');
  isJson(await finish(timed, { scheduled_at: null }), 200);
  isJson(await finish(plain), 200);
});

test('in bulk, what is posted or released needs publish, the rest write', async () => {
  const bulk = async (key, action) => call('POST', '/tweets/bulk', {
    key, json: { ids: [await addTweet(instance, { accountId: account, text: `bulk ${action} ${key}` })], action },
  });
  for (const action of ['post', 'release']) {
    lacks(await bulk(keys.write, action), 'publish', action);
    isJson(await bulk(keys.publish, action), 200, action);
  }
  for (const action of ['delete', 'retry']) {
    lacks(await bulk(keys.publish, action), 'write', action);
    isJson(await bulk(keys.write, action), 200, action);
  }
  lacks(await bulk(keys.read, 'delete'), 'write');
});

test('a key is shown once, and nothing kept holds it', async () => {
  const { key, ...rest } = await make({ name: 'Secret', scopes: ['read'] });
  isJson(await call('GET', `/stats?api_key=${key}`), 200);
  assert.deepEqual(isJson(await call('GET', `/keys/${rest.id}`), 200).name, 'Secret');
  assert.ok(!(await call('GET', '/keys')).text.includes(key));
  for (const folder of [instance.instanceDir, join(instance.instanceDir, 'logs')]) {
    for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())) {
      assert.ok(!readFileSync(join(folder, name)).includes(key), name);
    }
  }
});

test('the day on which a key was used last is kept, and written once', async () => {
  const { id, key, last_used_on: before } = await make({ name: 'Used', scopes: ['read'] });
  assert.equal(before, null);
  const today = new Date().toISOString().slice(0, 10);
  isJson(await call('GET', '/test', { key }), 200);
  assert.ok([today, new Date().toISOString().slice(0, 10)]
    .includes(isJson(await call('GET', `/keys/${id}`), 200).last_used_on));
  await db(instance, `CREATE TRIGGER no_more BEFORE UPDATE ON api_key BEGIN SELECT raise(FAIL, 'again'); END`);
  isJson(await call('GET', '/test', { key }), 200);
  await db(instance, 'DROP TRIGGER no_more');
});

test('a key that has ended is refused', async () => {
  const { id, key } = await make({
    name: 'Short', scopes: ['read'], expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  });
  isJson(await call('GET', '/test', { key }), 200);
  await db(instance, `UPDATE api_key SET expires_at = datetime('now', '-1 second') WHERE id = ${id}`);
  isJson(await call('GET', '/test', { key }), 401);
  assert.equal(isJson(await call('GET', `/keys/${id}`), 200).is_active, false);
  isJson(await call('PATCH', `/keys/${id}`, { json: { expires_at: null } }), 200);
  isJson(await call('GET', '/test', { key }), 200);
});

test('what is changed holds at once', async () => {
  const { id, key } = await make({ name: 'Changing', scopes: ['read'] });
  lacks(await call('GET', '/tick', { key }), 'tick');
  const changed = isJson(await call('PATCH', `/keys/${id}`, { json: { name: 'Cron', scopes: ['tick'] } }), 200);
  assert.deepEqual([changed.name, changed.scopes, changed.key], ['Cron', ['tick'], undefined]);
  isJson(await call('GET', '/tick', { key }), 200);
  lacks(await call('GET', '/stats', { key }), 'read');
});

test('a revoked key stays revoked and in the list', async () => {
  const { id, key } = await make({ name: 'Gone', scopes: ['read'] });
  for (let i = 0; i < 2; i += 1) isJson(await call('DELETE', `/keys/${id}`), 200);
  isJson(await call('GET', '/test', { key }), 401);
  isJson(await call('PATCH', `/keys/${id}`, { json: { scopes: ['admin'] } }), 200);
  isJson(await call('GET', '/test', { key }), 401);
  const { keys: list } = isJson(await call('GET', '/keys'), 200);
  assert.equal(list.find((one) => one.id === id).is_active, false);
});

test('the list is read page by page, newest first', async () => {
  const ids = [];
  let cursor = '';
  do {
    const page = isJson(await call('GET', `/keys?limit=3${cursor}`), 200);
    ids.push(...page.keys.map(({ id }) => id));
    cursor = page.next_cursor && `&cursor=${page.next_cursor}`;
  } while (cursor);
  const all = await db(instance, 'SELECT id FROM api_key ORDER BY id DESC');
  assert.deepEqual(ids, all.map(({ id }) => id));
  assert.equal(isJson(await call('GET', '/keys'), 200).total, ids.length);
});

test('what cannot be meant is refused by name', () => each([
  [{ scopes: ['read'] }, '/name'], [{ name: '', scopes: ['read'] }, '/name'],
  [{ name: 'x'.repeat(101), scopes: ['read'] }, '/name'], [{ name: 'x' }, '/scopes'],
  [{ name: 'x', scopes: [] }, '/scopes'], [{ name: 'x', scopes: ['all'] }, '/scopes'],
  [{ name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
  [{ name: 'x', scopes: ['read'], account_ids: [1] }, '/account_ids'],
], async ([json, pointer]) => namesFaults(await call('POST', '/keys', { json }), pointer)));

test('an unknown key is not found', () => each(['GET', 'PATCH', 'DELETE'], async (method) => {
  const reply = await call(method, '/keys/999999', { json: method === 'PATCH' ? { name: 'x' } : undefined });
  assert.equal(isJson(reply, 404).code, 'key_not_found');
}));

test('the last key that may do everything stays', async () => {
  const one = await startInstance();
  const ask = (method, path, key, json) =>
    request(one, method, `/api/v1${path}`, { headers: { 'X-API-Key': key }, body: json });
  const last = (reply) => assert.equal(isJson(reply, 409).code, 'last_admin_key');
  try {
    const { keys: [own] } = isJson(await ask('GET', '/keys', one.key), 200);
    assert.deepEqual(own.scopes, SCOPES);
    last(await ask('DELETE', `/keys/${own.id}`, one.key));
    last(await ask('PATCH', `/keys/${own.id}`, one.key, { scopes: ['read', 'write'] }));
    last(await ask('PATCH', `/keys/${own.id}`, one.key, { expires_at: '2099-01-01T00:00:00Z' }));
    const lasting = { name: 'Mine', scopes: ['admin'] };
    const brief = isJson(await ask('POST', '/keys', one.key,
      { ...lasting, expires_at: '2099-01-01T00:00:00Z' }), 201);
    last(await ask('DELETE', `/keys/${own.id}`, brief.key));
    const mine = isJson(await ask('POST', '/keys', one.key, lasting), 201);
    isJson(await ask('DELETE', `/keys/${own.id}`, mine.key), 200);
    // though the settings name it
    isJson(await ask('GET', '/test', one.key), 401);
    isJson(await ask('GET', '/test', mine.key), 200);
    isJson(await ask('GET', '/test', one.key), 401);
    last(await ask('DELETE', `/keys/${mine.id}`, mine.key));
  } finally {
    await one.stop();
  }
});
