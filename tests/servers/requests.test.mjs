// What has gone wrong between programs and one server or another: each of these
// was seen to fail somewhere.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { each, hasMembers, isError, isJson } from '../support/checks.mjs';
import { rawRequest, request, startInstance } from '../support/instance.mjs';
import { linkMock, queue } from '../support/link.mjs';
import { server } from '../support/servers/index.mjs';

const ACCOUNTS = '/api/v1/accounts';

let instance;
let account;
before(async () => {
  instance = await startInstance();
  account = (await linkMock(instance, 'served')).json.account_id;
});
after(() => instance?.stop());

const call = (method, path, options) => request(instance, method, path, options);
const raw = (line, headers = [], body = '') => rawRequest(instance,
  `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n${body}`);
const withKey = () => [`X-API-Key: ${instance.key}`];

test('a refusal arrives though its body was not wanted', async () => {
  for (const size of [1_000, 100_000, 1_000_000]) {
    const options = { key: 'wrong', body: 'x'.repeat(size) };
    isError(await call('POST', '/api/v1/tweet', options), 401);
  }
});

test('every method reaches the programs', async () => {
  const path = `${ACCOUNTS}/${account}`;
  isJson(await call('GET', path), 200);
  isJson(await call('PATCH', path, { body: { status: 'active' } }), 200);
  isError(await call('PUT', path, { body: {} }), 405);
  isError(await call('POST', path, { body: {} }), 405);
  assert.equal((await call('OPTIONS', path)).status, 204);
  const { json } = await linkMock(instance, 'goes');
  isJson(await call('DELETE', `${ACCOUNTS}/${json.account_id}`), 200);
});

test('HEAD has no body', async () => {
  for (const path of ['/api/v1/health', ACCOUNTS]) {
    const reply = await raw(`HEAD ${path}`, withKey());
    assert.equal(reply.status, 200, reply.raw);
    assert.equal(reply.text, '');
  }
});

test('publish answers what is below tweet and tweets', async () => {
  const id = await queue(instance, account, 'handed over');
  const sent = isJson(await call('POST', `/api/v1/tweet/post/${id}`), 200);
  assert.match(sent.twitter_id, /^mock_/);
  hasMembers(isJson(await call('POST', '/api/v1/tweets/post-pending'), 200), 'total', 'posted');
  isError(await call('POST', '/api/v1/tweets/bulk', { body: {} }), 400);
  hasMembers(isJson(await call('GET', '/api/v1/tick'), 200), 'remaining');
});

test('a body in chunks is read, or refused for want of a length', async () => {
  const body = JSON.stringify({ account_id: account, text: 'in chunks' });
  const size = Buffer.byteLength(body).toString(16);
  const reply = await raw('POST /api/v1/tweet', [...withKey(), 'Content-Type: application/json',
    'Transfer-Encoding: chunked'], `${size}\r\n${body}\r\n0\r\n\r\n`);
  assert.ok([201, 411].includes(reply.status), reply.raw);
});

test('odd bytes in a path or a query are no fault of ours', async () => {
  await each(['%2F', '%00', '%0a', '%ff', '..', '%2e%2e', '%252F', '%3F', '%23', '%25', ';', '%5c'],
    async (part) => {
      for (const path of [`${ACCOUNTS}/${part}`, `${ACCOUNTS}?status=${part}`, `/api/${part}`]) {
        const { status } = await raw(`GET ${path}`, withKey());
        assert.ok(status >= 200 && status < 500, `${path}: ${status}`);
      }
    });
});

test('no likeness of a key counts as one', async () => {
  await each([['X-API-Key: wrong', 'X_API_KEY: wrong'], ['X_API_KEY: wrong'], ['X-API-Key: '],
    [`X-API-Key: ${instance.key}x`], [`X-API-Key: ${instance.key}, ${instance.key}`]],
  async (headers) => {
    const { status } = await raw(`GET ${ACCOUNTS}`, headers);
    assert.ok([400, 401].includes(status), String(status));
  });
});

test('the key arrives in each of its ways', async () => {
  const { key } = instance;
  isJson(await call('GET', ACCOUNTS, { key: null, headers: { 'X-API-Key': key } }), 200);
  isJson(await call('GET', ACCOUNTS, { key: null, headers: { Authorization: `Bearer ${key}` } }), 200);
  isJson(await call('GET', `${ACCOUNTS}?api_key=${key}`, { key: null }), 200);
});

test('a query is never taken for options', async () => {
  for (const query of ['--help', '-d+x', '--version']) {
    hasMembers(isJson(await call('GET', `${ACCOUNTS}?${query}`), 200), 'accounts');
  }
});

test('twelve at once are all answered', async () => {
  const replies = await Promise.all(Array.from({ length: 12 }, () => call('GET', ACCOUNTS)));
  for (const reply of replies) isJson(reply, 200);
});

test('programs write nothing to stderr', async () => {
  const before = instance.serverLog();
  isJson(await call('GET', `${ACCOUNTS}/${account}`), 200);
  isJson(await call('POST', '/api/v1/tweets/post-pending', { body: {} }), 200);
  isError(await call('GET', `${ACCOUNTS}/999999`), 404);
  isError(await call('GET', ACCOUNTS, { key: 'wrong' }), 401);
  assert.equal(instance.serverLog(), before);
});

test('an unknown path below /api/ is our 404', async () => {
  for (const path of ['/api', '/api/v1/nothing', '/api/v1/nothing/7?x', '/api/v2/accounts']) {
    isError(await call('GET', path, { key: null }), 404, undefined, path);
  }
});

test('files have their types', async () => {
  await each([['/', 'text/html'], ['/index.html', 'text/html'], ['/docs/', 'text/html'],
    ['/css/base.css', 'text/css'], ['/js/api.js', 'text/javascript|application/javascript'],
    ['/icon.svg', 'image/svg\\+xml']], async ([path, type]) => {
    const { status, headers } = await call('GET', path, { key: null });
    assert.equal(status, 200);
    assert.match(headers['content-type'], new RegExp(`^(?:${type})\\b`));
  });
});

const POLICY = /default-src 'none'.*script-src 'self'/;

test('pages let nothing in from elsewhere, whatever headers the server sets', async () => {
  await each(['/', '/docs/'], async (path) => {
    const { text } = await call('GET', path, { key: null });
    const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
    assert.match(policy ?? '', POLICY);
    assert.match(text, /<meta name="referrer" content="no-referrer">/);
  });
});

test('files carry headers that keep others out', { skip: server.noHeaders }, async () => {
  await each(['/', '/js/api.js', '/css/base.css', '/docs/'], async (path) => {
    const { headers } = await call('GET', path, { key: null });
    assert.match(headers['content-security-policy'] ?? '', POLICY);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cache-control'], 'no-cache');
  });
});

test('what a program says of itself stays as it is', async () => {
  const { headers } = await call('GET', '/api/v1/openapi.json', { key: null });
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.match(headers['content-type'], /^application\/json/);
});
