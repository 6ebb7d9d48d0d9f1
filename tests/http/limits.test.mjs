// How often a caller may call: per key, and per address without a right key.

import assert from 'node:assert/strict';
import {
  appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync,
} from 'node:fs';
import { after, afterEach, before, test } from 'node:test';

import { each, isError, isJson } from '../support/checks.mjs';
import { rawRequest, request, startInstance } from '../support/instance.mjs';
import { forgetLimits, limitsFile } from '../support/limits.mjs';
import { begin } from '../support/link.mjs';

const RATE = 20; // so 2 at once, and another every 3 s
const BURST = RATE / 10;
const TEST = '/api/v1/test';
const OPENAPI = '/api/v1/openapi.json';
const HEALTH = '/api/v1/health';
const CLIENTS = 8;

let instance;
before(async () => {
  instance = await startInstance({ env: { RATE_LIMIT_PER_MINUTE: String(RATE) } });
});
after(() => instance?.stop());
afterEach(() => {
  rmSync(limitsFile(instance), { force: true, recursive: true });
});

const get = (path, how) => request(instance, 'GET', path, how);
const begins = () => forgetLimits(instance);

/** The numbers of the headers; null: there are none. */
function rateOf({ headers }) {
  if (!headers.ratelimit && !headers['ratelimit-policy']) return null;
  const [, left, seconds] = /^"default";r=(\d+);t=(\d+)$/.exec(headers.ratelimit) ?? [];
  const [, quota] = /^"default";q=(\d+);w=60$/.exec(headers['ratelimit-policy']) ?? [];
  assert.ok(left && quota, JSON.stringify(headers));
  return { left: Number(left), seconds: Number(seconds), quota: Number(quota) };
}

function isTooMuch(reply, what) {
  const json = isError(reply, 429, 'too_many_requests', what);
  const wait = Number(reply.headers['retry-after']);
  assert.ok(wait >= 1 && wait <= 60, `Retry-After: ${wait}`);
  assert.equal(json.retryable, true);
  assert.ok(json.retry_at, what);
  return wait;
}

/** Calls until one is refused; gives how many were not, and the refusal. */
async function until429(ask, most = 10 * BURST) {
  for (let n = 0; n < most; n += 1) {
    const reply = await ask();
    if (reply.status === 429) return { allowed: n, refusal: reply };
  }
  throw new Error(`${most} calls were allowed`);
}

test('every reply to a call with a right key says what is left', async () => {
  await each([['GET', TEST, 200], ['HEAD', TEST, 200], ['GET', '/api/v1/accounts/9', 404],
    ['GET', '/api/v1/tweets?page=x', 400], ['POST', '/api/v1/tweet', 400],
    ['POST', '/api/v1/tweet/post/9', 404]], async ([method, path, status]) => {
    begins();
    const reply = await request(instance, method, path, { body: method === 'POST' ? {} : undefined });
    assert.equal(reply.status, status);
    assert.deepEqual(rateOf(reply), { left: BURST - 1, seconds: 60 / RATE, quota: RATE });
  });
});

test('a reply of which nothing has changed says it, too', async () => {
  const { headers: { etag } } = await get('/api/v1/accounts');
  const reply = await get('/api/v1/accounts', { headers: { 'If-None-Match': etag } });
  assert.equal(reply.status, 304);
  assert.equal(rateOf(reply).quota, RATE);
});

test('replies to calls without a right key say nothing of a rate', async () => {
  await each([[OPENAPI, null], [HEALTH, null], [TEST, null], [TEST, 'a-wrong-key'],
    ['/api/v1/nothing', undefined]], async ([path, key]) => {
    assert.equal(rateOf(await get(path, { key })), null);
  });
});

test('a key that calls too often is told when to come again, and then may', async () => {
  begins();
  const { allowed, refusal } = await until429(() => get(TEST));
  assert.ok(allowed >= BURST, String(allowed));
  assert.equal(rateOf(refusal).left, 0);
  const wait = isTooMuch(refusal);
  await new Promise((resolve) => { setTimeout(resolve, wait * 1000); });
  isJson(await get(TEST), 200);
});

test('a call that is too much changes nothing, and is refused before its scopes are looked at', async () => {
  const { key } = isJson(await request(instance, 'POST', '/api/v1/keys',
    { body: { name: 'reads', scopes: ['read'] } }), 201);
  begins();
  await until429(() => get(TEST, { key }));
  isTooMuch(await request(instance, 'POST', '/api/v1/keys', { key, body: { name: 'no' } }));
});

test('one key uses up nothing of another, nor of its address', async () => {
  const { key } = isJson(await request(instance, 'POST', '/api/v1/keys',
    { body: { name: 'other', scopes: ['read'] } }), 201);
  begins();
  await until429(() => get(TEST));
  isJson(await get(TEST, { key }), 200);
  assert.equal((await get(OPENAPI, { key: null })).status, 200);
});

test('calls without a key, with a wrong one and to open paths count for the address', async () => {
  await each([[OPENAPI, null, 200], [TEST, null, 401], [TEST, 'a-wrong-key', 401]],
    async ([path, key, status]) => {
      begins();
      const { allowed, refusal } = await until429(async () => {
        const reply = await get(path, { key });
        assert.ok([status, 429].includes(reply.status), String(reply.status));
        return reply;
      });
      assert.ok(allowed >= BURST, String(allowed));
      isTooMuch(refusal);
      isTooMuch(await get(OPENAPI, { key: null }));
      isJson(await get(TEST), 200); // a right key always passes
    });
});

test('unknown paths and methods stay what they are, and count', async () => {
  begins();
  for (let n = 0; n < 2 * BURST; n += 1) {
    isError(await get('/api/v1/nothing', { key: null }), 404);
    isError(await request(instance, 'PUT', TEST, { key: null }), 405);
  }
  isTooMuch(await get(OPENAPI, { key: null }));
});

test('health, OPTIONS and a callback with a known state are outside of it', async () => {
  const { state } = await begin(instance);
  begins();
  await until429(() => get(OPENAPI, { key: null }));
  isJson(await get(HEALTH, { key: null }), 200);
  assert.equal((await request(instance, 'OPTIONS', TEST, { key: null })).status, 204);
  const unknown = '/api/v1/auth/callback?code=one&state=unknown';
  isTooMuch(await get(unknown, { key: null }));
  isJson(await get(`/api/v1/auth/callback?code=one&state=${state}`, { key: null }), 200);
});

test('a page that is too much is a page', async () => {
  begins();
  await until429(() => get(OPENAPI, { key: null }));
  const reply = await get('/auth/callback?state=unknown', { key: null, headers: { Accept: 'text/html' } });
  assert.equal(reply.status, 429);
  assert.match(reply.headers['content-type'], /^text\/html/);
  assert.ok(reply.headers['retry-after']);
});

// ---- many at once -------------------------------------------------------------

/** Calls from several clients at once for so long; gives all replies and the time it took. */
async function storm(seconds, ask) {
  const start = process.hrtime.bigint();
  const took = () => Number(process.hrtime.bigint() - start) / 1e9;
  const replies = [];
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (took() < seconds) replies.push(await ask());
  }));
  return { replies, took: took() };
}

test('of eight clients at once no more pass than burst and rate allow', async () => {
  const other = await startInstance({ env: { RATE_LIMIT_PER_MINUTE: '60' } });
  try {
    forgetLimits(other);
    const { replies, took } = await storm(3, () => request(other, 'GET', TEST));
    const passed = replies.filter(({ status }) => status === 200).length;
    const refused = replies.filter(({ status }) => status === 429).length;
    assert.equal(passed + refused, replies.length);
    assert.ok(passed >= 6, `${passed} passed`);
    assert.ok(passed <= (6 + took) * 1.01 + 1, `${passed} passed in ${took} s`);
    assert.ok(refused > 0, 'too few calls to show anything');
  } finally {
    await other.stop();
  }
});

test('a file that is cut again and again takes no reply away', async () => {
  let cuts = 0;
  const sizes = [0, 100, 4096, 10_000];
  const timer = setInterval(() => {
    try {
      truncateSync(limitsFile(instance), sizes[cuts % sizes.length]);
      cuts += 1;
    } catch { /* it is not there yet */ }
  }, 2);
  try {
    const { replies } = await storm(2, () => get(TEST));
    for (const reply of replies) {
      if (reply.status === 429) isTooMuch(reply);
      else isJson(reply, 200);
    }
  } finally {
    clearInterval(timer);
  }
  assert.ok(cuts > 20, `${cuts} cuts`);
});

test('whatever is in the place of the file, nobody is locked out', async () => {
  const file = limitsFile(instance);
  const makes = [() => writeFileSync(file, Buffer.alloc(300_000, 0xff)),
    () => writeFileSync(file, 'another version'), () => mkdirSync(file),
    () => appendFileSync(file, Buffer.alloc(100))];
  await each(makes, async (make) => {
    rmSync(file, { force: true, recursive: true });
    make();
    for (let n = 0; n < BURST; n += 1) isJson(await get(TEST), 200);
    assert.equal((await get(OPENAPI, { key: null })).status, 200);
  });
});

// ---- settings -----------------------------------------------------------------

test('by default it is 6,000 a minute', async () => {
  const other = await startInstance();
  try {
    assert.equal(rateOf(await request(other, 'GET', TEST)).quota, 6000);
  } finally {
    await other.stop();
  }
});

test('with 0 nobody is limited and nothing is said', async () => {
  const other = await startInstance({ env: { RATE_LIMIT_PER_MINUTE: '0' } });
  try {
    for (let n = 0; n < 20; n += 1) {
      assert.equal(rateOf(await request(other, 'GET', TEST)), null);
      assert.equal((await request(other, 'GET', OPENAPI, { key: null })).status, 200);
    }
  } finally {
    await other.stop();
  }
});

test('a header of a client changes nothing where no proxy is named', async () => {
  begins();
  let n = 0;
  await until429(() => get(OPENAPI, { key: null, headers: { 'X-Forwarded-For': `192.0.2.${n += 1}` } }));
  const { status } = await rawRequest(instance, `GET ${OPENAPI} HTTP/1.1\r\nHost: a\r\n`
    + 'Connection: close\r\nX_Forwarded_For: 192.0.2.99\r\n\r\n');
  assert.equal(status, 429);
});
