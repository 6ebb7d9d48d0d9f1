// Health and the check of the key.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { hasMembers, isError, isJson, isTime } from '../support/checks.mjs';
import { request, startInstance } from '../support/instance.mjs';

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

test('test succeeds with the key and only with it', async () => {
  const json = isJson(await request(instance, 'GET', '/api/v1/test'), 200);
  hasMembers(json, 'status', 'message');
  assert.equal(json.status, 'success');
  isError(await request(instance, 'GET', '/api/v1/test', { key: null }), 401);
});
