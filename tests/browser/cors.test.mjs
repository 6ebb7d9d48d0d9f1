// A page of another origin that calls the API, in a real browser: what it may
// read where CORS_ORIGINS names it, and that it reads nothing where not.

import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';

import { db, startInstance } from '../support/instance.mjs';
import { startChromium } from './chromium.mjs';

let [chromium, instance, named, other] = [];

/** A site of one empty page: { origin, close }. */
async function startSite() {
  const server = http.createServer((_, reply) => {
    reply.writeHead(200, { 'Content-Type': 'text/html' });
    reply.end('<!doctype html><title>elsewhere</title><link rel="icon" href="data:,">');
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const close = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

before(async () => {
  [named, other] = [await startSite(), await startSite()];
  instance = await startInstance({ env: { CORS_ORIGINS: `https://a.example, ${named.origin}` } });
  await db(instance, "INSERT INTO twitter_account(id, username, access_token) VALUES(1, 'a', '')");
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await instance?.stop();
  for (const site of [named, other]) await site?.close();
});

/** Calls as a page of a site; gives what each call came to: a reply, or `refused`. */
async function callsFrom(t, site, calls) {
  const { page, close } = await chromium.open();
  t.after(close);
  await page.goto(site.origin);
  return page.evaluate(async ({ url, all }) => {
    const results = [];
    for (const [path, { method = 'GET', key, headers = {}, body, credentials = 'omit' }] of all) {
      const sent = { ...(key ? { 'X-API-Key': key } : {}), ...headers };
      if (body) sent['Content-Type'] = 'application/json';
      try {
        const reply = await fetch(`${url}${path}`, {
          method, headers: sent, body: body && JSON.stringify(body), credentials,
        });
        results.push({
          status: reply.status, json: await reply.json().catch(() => null),
          headers: Object.fromEntries(reply.headers),
        });
      } catch { results.push('refused'); }
    }
    return results;
  }, { url: instance.url, all: calls });
}

test('a page of a named origin reads, writes, and reads errors', async (t) => {
  const { key } = instance;
  const [list, made, changed, again, wrong, nothing, broken] = await callsFrom(t, named, [
    ['/api/v1/tweets', { key }],
    ['/api/v1/tweet', { method: 'POST', key, headers: { 'Idempotency-Key': 'a' },
      body: { account_id: 1, text: 'from elsewhere' } }],
    ['/api/v1/tweets/1', { method: 'PATCH', headers: { Authorization: `Bearer ${key}` },
      body: { text: 'changed' } }],
    ['/api/v1/tweets', { key, headers: { 'X-Request-Id': 'mine' } }],
    ['/api/v1/tweets', { key: 'wrong' }],
    ['/api/v1/tweets/999', { key }],
    ['/api/v1/tweet', { method: 'POST', key, body: { account_id: 1 } }],
  ]);
  assert.equal(list.status, 200);
  assert.ok(list.headers.etag, 'ETag can be read');
  assert.equal(made.status, 201);
  assert.match(made.headers.location, /\/tweets\/1$/);
  assert.equal(changed.status, 200);
  assert.equal(again.json.tweets[0].text, 'changed');
  assert.equal(again.headers['x-request-id'], 'mine');
  assert.equal(wrong.status, 401);
  assert.equal(wrong.json.code, 'invalid_api_key');
  assert.equal(nothing.status, 404);
  assert.equal(broken.status, 400);
});

test("a named page cannot have the browser's cookies sent along", async (t) => {
  const [reply] = await callsFrom(t, named,
    [['/api/v1/tweets', { key: instance.key, credentials: 'include' }]]);
  assert.equal(reply, 'refused');
});

test('a page of any other origin reads nothing and changes nothing', async (t) => {
  const { key } = instance;
  const count = () => db(instance, 'SELECT count(*) AS n FROM tweet');
  const earlier = await count();
  const results = await callsFrom(t, other, [
    ['/api/v1/tweets', { key }],
    ['/api/v1/health', {}],
    [`/api/v1/tweets?api_key=${key}`, {}],
    ['/api/v1/tweet', { method: 'POST', key, body: { account_id: 1, text: 'not mine' } }],
    ['/api/v1/tweets/1', { method: 'DELETE', key }],
  ]);
  assert.deepEqual(results, results.map(() => 'refused'));
  assert.deepEqual(await count(), earlier);
});
