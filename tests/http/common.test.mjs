// What the contract says of every call: keys, errors, methods, paths, headers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { CALLS, closedCalls, methodsByPath } from '../support/calls.mjs';
import { each, hasCommonHeaders, isError, isJson } from '../support/checks.mjs';
import { rawRequest, request, startInstance } from '../support/instance.mjs';

const ACCOUNTS = '/api/v1/accounts';

let instance;
before(async () => { instance = await startInstance(); });
after(() => instance?.stop());

const get = (path, options) => request(instance, 'GET', path, options);
const getWith = (headers, path = ACCOUNTS) => get(path, { key: null, headers });

// Keys

function isKeyRefused(reply, what) {
  const json = isError(reply, 401, undefined, what);
  assert.equal(json.error, 'Invalid API key');
  assert.equal(json.retryable, false);
  assert.ok(reply.headers['www-authenticate'], `${what}: WWW-Authenticate`);
}

test('every closed call refuses a missing and a wrong key', async () => {
  await each(closedCalls, async ({ method, path, body }) => {
    isKeyRefused(await request(instance, method, path, { body, key: null }), 'no key');
    isKeyRefused(await request(instance, method, path, { body, key: 'wrong' }), 'wrong key');
  });
});

test('open calls ask for no key', async () => {
  await each(CALLS.filter((call) => call.open), async ({ method, path, body }) => {
    const reply = await request(instance, method, path, { body, key: null });
    assert.notEqual(reply.status, 401);
  });
});

test('the key is taken from X-API-Key, from Bearer and from the query', async () => {
  isJson(await getWith({ 'X-API-Key': instance.key }), 200);
  isJson(await getWith({ Authorization: `Bearer ${instance.key}` }), 200);
  isJson(await get(`${ACCOUNTS}?api_key=${instance.key}`, { key: null }), 200);
});

test('the query is a fallback only', async () => {
  isKeyRefused(await getWith({ 'X-API-Key': 'wrong' }, `${ACCOUNTS}?api_key=${instance.key}`));
});

test('no likeness of the key is enough', async () => {
  const { key } = instance;
  const wrongs = ['', key.slice(0, -1), `${key}x`, key.toUpperCase() + key.toLowerCase(),
    `${key},${key}`, `${key}, wrong`, '*', '%', "' OR 1=1 --"];
  await each(wrongs, async (wrong) => isKeyRefused(await getWith({ 'X-API-Key': wrong })));
  await each(['Basic', 'Token', ''], async (scheme) =>
    isKeyRefused(await getWith({ Authorization: `${scheme} ${key}`.trim() })));
});

test('the hash of the key is not a key', async () => {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256').update(instance.key).digest('hex');
  isKeyRefused(await getWith({ 'X-API-Key': hash }));
});

test('two keys in one request are refused, in whatever spelling', async () => {
  const lines = (...headers) => rawRequest(instance,
    `GET ${ACCOUNTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers.join('\r\n')}\r\n\r\n`);
  for (const pair of [
    [`X-API-Key: ${instance.key}`, 'X-API-Key: wrong'],
    ['X-API-Key: wrong', `X-API-Key: ${instance.key}`],
    ['X-API-Key: wrong', `X_API_KEY: ${instance.key}`],
  ]) {
    const { status } = await lines(...pair);
    assert.ok([400, 401].includes(status), `${pair.map((p) => p.split(':')[0])}: ${status}`);
  }
});

// Errors

test('every error has words, a stable code, retryable and the request id', async () => {
  const cases = [
    [404, await get(`${ACCOUNTS}/nothing`)],
    [404, await get(`${ACCOUNTS}/999999`)],
    [405, await request(instance, 'PUT', `${ACCOUNTS}/1`)],
    [401, await get(ACCOUNTS, { key: null })],
    [400, await get(`${ACCOUNTS}?status=nonsense`)],
    [400, await request(instance, 'POST', '/api/v1/tweet', { body: '{' })],
  ];
  for (const [status, reply] of cases) isError(reply, status, undefined, String(status));
});

test('an id that cannot be one is not found', async () => {
  const ids = ['0', '-1', 'abc', '1.5', '1x', 'x1', '+1', '0x1', '1e3', '%20', 'null',
    '9223372036854775808', '99999999999999999999999999'];
  await each(ids, async (id) => {
    isError(await get(`${ACCOUNTS}/${id}`), 404);
    isError(await get(`/api/v1/tweets/${id}`), 404);
    isError(await request(instance, 'DELETE', `${ACCOUNTS}/${id}`), 404);
    isError(await request(instance, 'DELETE', `/api/v1/tweets/${id}`), 404);
    isError(await request(instance, 'POST', `/api/v1/tweet/post/${id}`), 404);
  });
});

test('unknown paths below /api/ are our 404', async () => {
  await each(['/api', '/api/', '/api/v1', '/api/v2/accounts', '/api/v1/account',
    '/api/v1/accountsx', '/api/v1/accounts/1/2', '/api/v1/Accounts', '/api/v1/tweet/post',
    '/api/v1/tweet/post/1/2', '/api/v1/auth', '/api/v1/health/1', '/api/v1/stats/1',
    '/api/v1/mock-mode/1', '/api/v1/tweets/1/2', '/api/v1/health.c', '/api/v1/accounts.cgi'],
  async (path) => {
    isError(await get(path), 404);
    isError(await get(path, { key: null }), 404);
  });
});

test('a method that a path does not know is 405 with Allow', async () => {
  await each(Object.entries(methodsByPath), async ([path, methods]) => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST', 'GET']) {
      if (methods.includes(method)) continue;
      // These two share their path with /tweets/{id} and /accounts/{id}.
      if (/cleanup$|post-pending$|bulk$|retry$/.test(path)) continue;
      const reply = await request(instance, method, path);
      isError(reply, 405, undefined, method);
      const allow = reply.headers.allow.split(/,\s*/);
      for (const known of methods) assert.ok(allow.includes(known), `${method}: ${allow}`);
    }
  });
});

test('an unknown method is 501', async () => {
  const reply = await rawRequest(instance, `BREW ${ACCOUNTS} HTTP/1.1\r\nHost: a\r\n`
    + `X-API-Key: ${instance.key}\r\nConnection: close\r\n\r\n`);
  // A server may refuse the word itself before a program runs.
  assert.ok([501, 400].includes(reply.status), reply.head);
});

test('path and method are judged before the key', async () => {
  isError(await get(`${ACCOUNTS}/nothing`, { key: null }), 404);
  isError(await request(instance, 'PUT', `${ACCOUNTS}/1`, { key: null }), 405);
});

const post = (options) => request(instance, 'POST', '/api/v1/tweet', options);
const typed = (type) => ({ headers: { 'Content-Type': type } });

test('the key is judged before the body', async () => {
  isError(await post({ key: null, body: '{' }), 401);
  isError(await post({ key: null, body: 'x'.repeat(70_000) }), 401);
  isError(await post({ key: null, body: 'x', ...typed('text/plain') }), 401);
});

test('the size of a body is judged before its type, its type before its sense', async () => {
  isError(await post({ body: 'x'.repeat(65_537), ...typed('text/plain') }), 413);
  isError(await post({ body: '{', ...typed('text/plain') }), 415);
  isError(await post({ body: '{', ...typed('application/json') }), 400);
});

test('the sense of a body is judged before what it names', async () => {
  isError(await post({ body: { text: '', account_id: 999_999 } }), 400);
  isError(await post({ body: { text: 'fine', account_id: 999_999 } }), 404);
});

test('a body that is not JSON by its type is 415', async () => {
  const body = '{"text":"x","account_id":1}';
  await each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
    'application/xml', 'application/jsonx'], async (type) =>
    isError(await post({ body, ...typed(type) }), 415));
});

test('a body of type JSON, or of no type, is read', async () => {
  const body = '{"enabled":true}';
  await each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', null],
    async (type) => {
      const headers = type ? { 'Content-Type': type } : {};
      isJson(await request(instance, 'POST', '/api/v1/mock-mode', { body, headers }), 200);
    });
});

test('a body over 64 KiB is 413, one of just 64 KiB is read', async () => {
  const padded = (size) => {
    const frame = '{"enabled":true,"pad":""}';
    return frame.replace('""', `"${'x'.repeat(size - frame.length)}"`);
  };
  const mode = (size) => request(instance, 'POST', '/api/v1/mock-mode',
    { body: padded(size), headers: { 'Content-Type': 'application/json' } });
  isJson(await mode(65_536), 200);
  isError(await mode(65_537), 413);
  isError(await mode(10_000_000), 413);
});

test('a body in chunks is read or refused for want of a length', async () => {
  const chunk = '{"enabled":true}';
  const reply = await rawRequest(instance, 'POST /api/v1/mock-mode HTTP/1.1\r\nHost: a\r\n'
    + `X-API-Key: ${instance.key}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`
    + `${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`);
  assert.ok([200, 411].includes(reply.status), reply.raw);
});

test('unknown query parameters and unknown members are ignored', async () => {
  isJson(await get(`${ACCOUNTS}?colour=red&x[]=1&=&&a`), 200);
  isJson(await request(instance, 'POST', '/api/v1/mock-mode',
    { body: { enabled: true, colour: 'red' } }), 200);
});

// HEAD and OPTIONS

test('HEAD works where GET does, with no body', async () => {
  for (const path of ['/api/v1/health', ACCOUNTS, '/api/v1/stats', '/api/v1/tweets']) {
    const [head, full] = [await request(instance, 'HEAD', path), await get(path)];
    assert.equal(head.status, full.status, path);
    assert.equal(head.text, '');
    assert.equal(head.headers['content-type'], full.headers['content-type']);
    hasCommonHeaders(head, path);
  }
  assert.equal((await request(instance, 'HEAD', ACCOUNTS, { key: null })).status, 401);
  assert.equal((await request(instance, 'HEAD', `${ACCOUNTS}/999999`)).status, 404);
});

test('OPTIONS is 204 with Allow, without a key', async () => {
  await each(Object.entries(methodsByPath), async ([path, methods]) => {
    const reply = await request(instance, 'OPTIONS', path, { key: null });
    assert.equal(reply.status, 204, reply.text);
    assert.equal(reply.text, '');
    const allow = reply.headers.allow.split(/,\s*/);
    for (const method of methods) assert.ok(allow.includes(method), `${method}: ${allow}`);
    if (methods.includes('GET')) assert.ok(allow.includes('HEAD'), String(allow));
    hasCommonHeaders(reply, path);
  });
});

// Headers

test('a request has an id: its own if sane, else a new one', async () => {
  const idOf = async (given) => (await get('/api/v1/health',
    { headers: given === undefined ? {} : { 'X-Request-Id': given } })).headers['x-request-id'];
  assert.equal(await idOf('abc-123_DEF.4'), 'abc-123_DEF.4');
  await each(['a b', '<script>', '"', 'x'.repeat(1000), 'a,b;c', 'é'], async (wrong) => {
    const id = await idOf(wrong);
    assert.ok(id && id !== wrong, id);
    assert.match(id, /^[\w.:-]+$/);
  });
  assert.notEqual(await idOf(), await idOf());
});

// Paths

test('doubled slashes count as one', async () => {
  for (const path of ['/api//v1/accounts', '/api/v1//accounts', '//api/v1/accounts']) {
    isJson(await get(path), 200, path);
  }
  isError(await get('/api/v1/accounts//999999'), 404, 'account_not_found');
});

test('a trailing slash is ignored', async () => {
  for (const path of ['/api/v1/accounts/', '/api/v1/accounts//']) {
    isJson(await get(path), 200, path);
  }
  isError(await get('/api/v1/accounts/999999/'), 404, 'account_not_found');
});

test('broken and hiding percent-encoding does no harm', async () => {
  const parts = ['%', '%2', '%zz', '%00', '%0a', '%0d%0aX: y', '%ff', '%c0%af', '%2e%2e',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd', '1%2F2', '1%00', '%25%32%46', '%F0%9F%98%80'];
  await each(parts, async (part) => {
    for (const path of [`/api/v1/accounts/${part}`, `/api/v1/tweets/${part}`]) {
      const { status } = await rawRequest(instance, `GET ${path.replaceAll(' ', '%20')} HTTP/1.1\r\n`
        + `Host: a\r\nX-API-Key: ${instance.key}\r\nConnection: close\r\n\r\n`);
      assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
    }
  });
});

test('an encoded slash at the end counts as the slash it is or is refused', async () => {
  // Servers decode the path before a program sees it.
  const { status } = await get('/api/v1/accounts/%2F');
  assert.ok([200, 400, 404].includes(status), String(status));
});

test('an encoded letter is that letter', async () => {
  isJson(await get('/api/v1/%61ccounts'), 200);
});

test('words after a question mark are never options of a program', async () => {
  await each(['--help', '-d+x', '-h', '--version'], async (words) =>
    isJson(await get(`${ACCOUNTS}?${words}`), 200));
});

test('a broken query is refused or ignored, never a fault of ours', async () => {
  await each(['status=%', 'status=%zz', 'status=%00', 'status=%ff', 'page=%31%00', 'a'.repeat(5000)],
    async (query) => {
      const { status } = await get(`${ACCOUNTS}?${query}`);
      assert.ok(status === 200 || (status >= 400 && status < 500), `${query.slice(0, 20)}: ${status}`);
    });
  isError(await get(`${ACCOUNTS}?status=%00`), 400);
});
