// key.test.mjs - `twitter-manager key`: making, listing and ending API keys.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Place } from '../support/place.mjs';

let place;
beforeEach(async () => { place = await new Place().begin(); });
afterEach(() => place.remove());

const said = async (...args) => {
  const { code, out, err } = await place.tool(['key', ...args]);
  assert.deepEqual([code, err], [0, ''], args.join(' '));
  return out;
};
const create = async (...args) => JSON.parse(await said('create', '--name', 'Cron', '--json', ...args));

test('create prints the key, which is stored as its hash', async () => {
  const out = await said('create', '--name=Cron', '--scopes=tick');
  const [, key] = /^(tm_\S{43})\nThis is shown once: keep it\.\n$/.exec(out);
  const [row] = await place.db('SELECT name, scopes, key_hash FROM api_key WHERE name IS NOT NULL');
  assert.deepEqual([row.name, row.scopes], ['Cron', 'tick']);
  assert.ok(/^[0-9a-f]{64}$/.test(row.key_hash) && row.key_hash !== key);
});

test('create --json prints what the API answers', async () => {
  const json = await create('--scopes', 'write, read', '--expires', '2099-12-31');
  assert.deepEqual(Object.keys(json), ['id', 'name', 'scopes', 'account_ids', 'created_at', 'expires_at',
    'last_used_on', 'is_active', 'key']);
  assert.deepEqual([json.scopes, json.expires_at, json.is_active],
    [['read', 'write'], '2099-12-31T23:59:59Z', true]);
});

test('list names every key, with what it may be used for', async () => {
  const { id } = await create('--scopes', 'tick,publish');
  assert.match(await said('list'), new RegExp(`^${id} +works +publish,tick +used never +Cron$`, 'm'));
  const { keys } = JSON.parse(await said('list', '--json'));
  assert.equal(keys.find((key) => key.id === id).name, 'Cron');
});

test('revoke ends a key', async () => {
  const { id } = await create('--scopes', 'read');
  assert.equal(await said('revoke', String(id)), `Key ${id} is revoked.\n`);
  assert.match(await said('list'), new RegExp(`^${id} +ended`, 'm'));
});

test('what cannot be meant is refused, and changes nothing', async () => {
  for (const args of [['create'], ['create', '--name', 'x'], ['create', '--scopes', 'read'],
    ['create', '--name', 'x', '--scopes', 'all'], ['create', '--name', 'x', '--scopes', ''],
    ['create', '--name', 'x', '--scopes', 'read', '--expires', '2020-01-01'],
    ['create', '--name', 'x', '--scopes', 'read', '--expires', 'soon'],
    ['revoke'], ['revoke', 'x'], ['revoke', '99'], ['revoke', '1', '2'], ['list', 'x'], ['make'], []]) {
    const { code, out, err } = await place.tool(['key', ...args]);
    assert.ok(code !== 0 && out === '' && err !== '', args.join(' '));
  }
  const made = await place.db('SELECT count(*) AS n FROM api_key WHERE name IS NOT NULL').catch(() => [{ n: 0 }]);
  assert.equal(made[0].n, 0);
});
