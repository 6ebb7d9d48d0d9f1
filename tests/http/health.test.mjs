// Health and the check of the key.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { hasMembers, isError, isJson, isTime } from '../support/checks.mjs';
import { request, startInstance } from '../support/instance.mjs';
import { isStatic } from '../support/paths.mjs';

let instance;
before(async () => { instance = await startInstance(); });
after(() => instance?.stop());

test('health is told to anyone', async () => {
  const json = isJson(await request(instance, 'GET', '/api/v1/health', { key: null }), 200);
  assert.equal(json.status, 'healthy');
  isTime(json.timestamp);
  assert.equal(typeof json.version, 'string');
});

test('the time of health is now', async () => {
  const { json } = await request(instance, 'GET', '/api/v1/health');
  assert.ok(Math.abs(Date.parse(json.timestamp) - Date.now()) < 60_000);
});

test('a wrong key does not spoil health', async () => {
  isJson(await request(instance, 'GET', '/api/v1/health', { key: 'wrong' }), 200);
});

test('the libraries in the programs are told to who has the key', async () => {
  const path = '/api/v1/health/libraries';
  const json = isJson(await request(instance, 'GET', path), 200);
  assert.equal(json.version, (await request(instance, 'GET', '/api/v1/health')).json.version);
  for (const { name, version } of json.libraries) assert.match(version, /^\d/, name);
  for (const name of ['cjson', 'curl', 'openssl', 'sqlite3', 'utf8proc']) {
    assert.ok(json.libraries.some((each) => each.name === name), name);
  }
  assert.match(`${json.libraries_day}`, isStatic ? /^\d{4}-\d\d-\d\d$/ : /^null$/);
  assert.equal(json.libraries_old, json.libraries_day !== null
    && Date.now() - Date.parse(json.libraries_day) > 91 * 86_400_000);
  isError(await request(instance, 'GET', path, { key: null }), 401);
});

test('test succeeds with the key and only with it', async () => {
  const json = isJson(await request(instance, 'GET', '/api/v1/test'), 200);
  hasMembers(json, 'status', 'message');
  assert.equal(json.status, 'success');
  isError(await request(instance, 'GET', '/api/v1/test', { key: null }), 401);
});
