// The first run under a server: an instance with no keys leads to the setup page,
// and is a usual one when that has been walked.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { holdsNone, isError, isJson } from '../support/checks.mjs';
import { request, startInstance } from '../support/instance.mjs';
import { textOf } from '../support/site.mjs';

const SETUP = '/api/v1/setup';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

let instance;
let file;

beforeEach(async () => {
  instance = await startInstance({
    env: { API_KEY: null, ENCRYPTION_KEY: null },
    prepare: ({ dir }) => {
      file = join(dir, '.env');
      if (!existsSync(file)) writeFileSync(file, '# no keys yet\n');
    },
  });
});
afterEach(() => instance?.stop());

const ask = (method, path, options) => request(instance, method, path, { key: null, ...options });
const cookieOf = ({ headers }) => headers['set-cookie'][0].split(';')[0];
const make = (cookie, body = 'checked=yes') =>
  ask('POST', SETUP, { body, headers: { ...FORM, ...(cookie ? { Cookie: cookie } : {}) } });

test('a call says that keys are missing, and where they are made', async () => {
  for (const path of ['/api/v1/test', '/api/v1/stats']) {
    const { hint } = isError(await ask('GET', path), 500, 'config_missing');
    assert.match(hint, /\/api\/v1\/setup/);
    assert.match(hint, /twitter-manager init/);
  }
  assert.equal((await ask('GET', '/api/v1/health')).status, 200);
});

test('whoever can put a file there gets keys, once, and they work at once', async () => {
  const page = await ask('GET', SETUP);
  assert.equal(page.status, 200, page.text);
  const cookie = cookieOf(page);
  assert.equal((await make(cookie)).status, 403);
  const proof = join(textOf(page.text, 'folder'), textOf(page.text, 'proof'));
  writeFileSync(proof, '');
  assert.equal((await make(null)).status, 403, 'not without the cookie');
  const replies = await Promise.all([make(cookie), make(cookie), make(cookie)]);
  const [made, ...more] = replies.filter(({ status }) => status === 200);
  assert.ok(made && more.length === 0, replies.map(({ status }) => status).join());
  const key = textOf(made.text, 'key');
  isJson(await ask('GET', '/api/v1/test', { key }), 200);
  isJson(await ask('GET', '/api/v1/stats', { key }), 200);
  isError(await ask('GET', '/api/v1/stats'), 401);
  assert.equal(existsSync(proof), false);
  assert.match(made.headers['cache-control'], /no-store/);
  for (const reply of [await ask('GET', SETUP), await make(cookie)]) assert.equal(reply.status, 404);
  const saved = readFileSync(file, 'utf8');
  assert.ok(saved.includes(`API_KEY=${key}\n`));
  const secrets = { key, encryption: /ENCRYPTION_KEY=(.*)/.exec(saved)[1], ticket: cookie.split('=')[1] };
  holdsNone(instance.logText() + instance.serverLog(), secrets, 'a log');
  assert.deepEqual(readdirSync(instance.instanceDir).filter((name) => name.includes('probe')), []);
});

test('a form goes nowhere else', async () => {
  isError(await ask('POST', '/api/v1/auth/callback', { body: 'code=x', headers: FORM }), 415);
});
