// lighttpd.test.mjs - conf/lighttpd.conf: which program gets which request, and
// what becomes of it on the way there.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { send, sendRaw } from '../support/http.mjs';
import { freePort } from '../support/instance.mjs';
import { makeStub, serve, told } from './stub.mjs';

let stub;
let server;
let url;

before(async () => {
  stub = makeStub();
  writeFileSync(join(stub.build, 'www', '.secret'), 'x');
  const port = String(await freePort());
  url = `http://127.0.0.1:${port}`;
  server = serve(stub, { API_KEY: 'k', PORT: port });
  while (!server.output.includes('server started')) {
    assert.equal(server.code, null, server.output);
    await new Promise((done) => { setTimeout(done, 20); });
  }
});
after(async () => {
  await server.stop();
  stub.remove();
});

const ask = async (method, path, options) => told((await send(url, method, path, options)).text);

// path: program, SCRIPT_NAME, PATH_INFO
const routes = {
  '/api/v1/health': ['health', '/api', '/v1/health'],
  '/api/v1/test': ['health', '/api', '/v1/test'],
  '/api': ['health', '/api', undefined],
  '/api/': ['health', '/api', '/'],
  '/api/v1/nothing/7': ['health', '/api', '/v1/nothing/7'],
  '/api/v1/.git/config': ['health', '/api', '/v1/.git/config'],
  '/api/v1/tweetsX': ['health', '/api', '/v1/tweetsX'],
  '/api/v1/accountsX/7': ['health', '/api', '/v1/accountsX/7'],
  '/api/v1/tickX': ['health', '/api', '/v1/tickX'],
  '/api/v1/tweets%00': ['health', '/api', '/v1/tweets_'],
  '/api/v1/tweets/%ff': ['health', '/api', '/'],
  '/api/v1/accounts/%C3%A9': ['health', '/api', '/'],
  '/api/v1/setup': ['setup', '/api/v1/setup', undefined],
  '/api/v1/auth/twitter': ['auth', '/api/v1/auth', '/twitter'],
  '/api/v1/auth/callback': ['auth', '/api/v1/auth', '/callback'],
  '/auth/callback': ['auth', '/auth/callback', undefined],
  '/auth/mock': ['auth', '/auth/mock', undefined],
  '/api/v1/accounts': ['accounts', '/api/v1/accounts', undefined],
  '/api/v1/accounts/': ['accounts', '/api/v1/accounts', '/'],
  '/api/v1/accounts/7': ['accounts', '/api/v1/accounts', '/7'],
  '//api///v1//accounts//7': ['accounts', '/api/v1/accounts', '/7'],
  '/api/v1/tweets/../accounts/7': ['accounts', '/api/v1/accounts', '/7'],
  '/api/v1/accounts/7%2F8': ['accounts', '/api/v1/accounts', '/7/8'],
  '/api/v1/accounts/7%252F8': ['accounts', '/api/v1/accounts', '/7%2F8'],
  '/api/v1/accounts/%zz': ['accounts', '/api/v1/accounts', '/%zz'],
  '/api/v1/accounts/7%3Fa': ['accounts', '/api/v1/accounts', '/7?a'],
  '/api/v1/tweet': ['tweets', '/api/v1/tweet', undefined],
  '/api/v1/tweets': ['tweets', '/api/v1/tweets', undefined],
  '/api/v1/tweets/7': ['tweets', '/api/v1/tweets', '/7'],
  '/api/v1/tweets/cleanup': ['tweets', '/api/v1/tweets', '/cleanup'],
  '/api/v1/tweets/post-pendingX': ['tweets', '/api/v1/tweets', '/post-pendingX'],
  '/api/v1/tweet/postX': ['tweets', '/api/v1/tweet', '/postX'],
  '/api/v1/tweet/post/7': ['publish', '/api/v1/tweet/post', '/7'],
  '/api/v1/tweets/post-pending': ['publish', '/api/v1/tweets/post-pending', undefined],
  '/api/v1/tick': ['publish', '/api/v1/tick', undefined],
  '/api/v1/stats': ['stats', '/api/v1/stats', undefined],
  '/api/v1/mock-mode': ['mock-mode', '/api/v1/mock-mode', undefined],
};

for (const [path, [program, script, info]] of Object.entries(routes)) {
  test(`${path} goes to ${program}`, async () => {
    const got = await ask('GET', path);
    assert.deepEqual([got.PROGRAM, got.SCRIPT_NAME, got.PATH_INFO], [program, script, info]);
  });
}

for (const query of ['a=b?c=d', 'x=%00%0a%ff&y=%2D+%20', 'a=%zz&&=', '']) {
  test(`the query ${JSON.stringify(query)} arrives as it was sent`, async () => {
    const got = await ask('GET', `/api/v1/accounts/7?${query}`);
    assert.equal(got.QUERY_STRING, query);
    assert.equal(got.PATH_INFO, '/7');
  });
}

for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE']) {
  test(`${method} reaches the program`, async () => {
    const reply = await send(url, method, '/api/v1/accounts');
    assert.equal(reply.status, 200);
    if (method !== 'HEAD') assert.equal(told(reply.text).REQUEST_METHOD, method);
  });
}

test('GET with a body reaches the program', async () => {
  assert.equal((await ask('GET', '/api/v1/accounts', { body: 'xyz' })).BODY, '3');
});

test('a body of 10 MB reaches the program, one of 20 MB does not', async () => {
  const got = await ask('POST', '/api/v1/tweet', { body: Buffer.alloc(10e6) });
  assert.equal(got.BODY, '10000000');
  const { status } = await sendRaw(url,
    'POST /api/v1/tweet HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n');
  assert.equal(status, 413);
});

test('a chunked body arrives with its length', async () => {
  const { text } = await sendRaw(url, 'POST /api/v1/tweet HTTP/1.1\r\nHost: x\r\n'
    + 'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
  assert.match(text, /CONTENT_LENGTH=3\0/);
});

test('twelve requests are served at a time', async () => {
  const start = Date.now();
  await Promise.all(Array.from({ length: 12 }, () => ask('GET', '/api/v1/stats?slow')));
  assert.ok(Date.now() - start < 3000, `${Date.now() - start} ms`);
});

test('the front page has strict headers and its types', async () => {
  const { status, headers, text } = await send(url, 'GET', '/');
  assert.equal(status, 200);
  assert.match(headers['content-type'], /^text\/html; charset=utf-8$/);
  assert.match(headers['content-security-policy'], /^default-src 'none'/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.doesNotMatch(text, /<script(?![^>]* src=")|<style|\sstyle=|\son[a-z]+=/);
  for (const [, file] of text.matchAll(/(?:href|src)="([^"/:]+\.[a-z]+)"/g)) {
    const part = await send(url, 'GET', `/${file}`);
    assert.equal(part.status, 200, file);
    assert.match(part.headers['content-type'], /^(text\/css|image\/svg|text\/javascript)/);
  }
});

test('the API reference may have pictures inside its style sheet, and no more', async () => {
  const policy = async (path) => (await send(url, 'GET', path)).headers['content-security-policy']
    .split('; ').sort();
  const [front, docs] = [await policy('/'), await policy('/docs/')];
  assert.deepEqual(docs.filter((rule) => !front.includes(rule)), ["img-src 'self' data:"]);
});

test('programs get no headers meant for files', async () => {
  const { headers } = await send(url, 'GET', '/api/v1/stats');
  assert.equal(headers['content-security-policy'], undefined);
  assert.equal(headers['cache-control'], undefined);
});

for (const [path, wanted] of Object.entries({
  '/.secret': 403, '/.env': 403, '/.git/config': 403, '/%2egit': 403, '/style.css~': 403,
  '/nothing': 404, '/apiX': 404, '/auth/other': 404, '/auth/callbackX': 404,
  '/cgi-bin/health': 404, '/../.env': 403, '/%2e%2e/cgi-bin/health': 404, '/x/%ff': 404,
})) {
  test(`${path} is ${wanted}`, async () => {
    assert.equal((await send(url, 'GET', path)).status, wanted);
  });
}

test('the access log has the path, and neither query nor headers', async () => {
  await send(url, 'GET', '/api/v1/stats?api_key=in-the-query', {
    headers: { 'X-API-Key': 'in-a-header', Referer: 'http://x/?in-the-referer', Host: 'in-host' },
  });
  await server.stop(); // writes out what is buffered
  const log = readFileSync(join(stub.dir, 'instance', 'logs', 'access.log'), 'utf8');
  assert.match(log, /"GET \/api\/v1\/stats HTTP\/1\.1" 200/);
  assert.doesNotMatch(log, /in-the|in-a|in-host/);
});
