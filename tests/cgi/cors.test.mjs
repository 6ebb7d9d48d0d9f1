// Pages of other origins: nobody's may call the API but those of the origins
// that CORS_ORIGINS names, and never with a browser's cookies.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { each, isError, isJson } from '../support/checks.mjs';
import { Forged, isWhole } from '../support/forged.mjs';

const APP = 'https://app.example.org';
const DEV = 'http://localhost:3000';
const KEPT_OUT = ['https://app.example.org.evil.example', 'https://app.example.orgx', 'null',
  'https://app.example.or', 'http://app.example.org', 'https://app.example.org:8443',
  'https://app.example.org/', 'https://APP.example.org', `${APP}, ${APP}`, `${APP} `,
  'http://localhost:30001', 'https://x.app.example.org', '*', 'https://'];
const TWEET = '/api/v1/tweet';

let cgi;
let closed;
before(async () => {
  cgi = new Forged({ env: { CORS_ORIGINS: ` ${APP} , ${DEV}` } });
  closed = new Forged();
  for (const one of [cgi, closed]) isJson(await one.run('stats', '/api/v1/stats'), 200);
});
after(() => [cgi, closed].forEach((one) => one?.remove()));

const from = (origin, how = {}) => ({ ...how, headers: { ...how.headers, Origin: origin } });
const corsOf = ({ headers }) => Object.keys(headers)
  .filter((name) => name.startsWith('access-control-')).sort();
const list = (text) => text.split(', ');

/** A reply that a page of `origin` may read, and only that. */
function isShared(reply, origin) {
  isWhole(reply);
  assert.deepEqual(corsOf(reply), ['access-control-allow-origin', 'access-control-expose-headers']);
  assert.equal(reply.headers['access-control-allow-origin'], origin);
  assert.equal(reply.headers.vary, 'Origin');
}

/** The headers that a page is told of a preflight. */
const preflight = (program, path, origin = APP, method = 'POST') => cgi.run(program, path, {
  method: 'OPTIONS', key: null,
  headers: {
    Origin: origin, 'Access-Control-Request-Method': method,
    'Access-Control-Request-Headers': 'x-api-key,content-type',
  },
});

test('a page of a named origin may read replies, and what their headers say', async () => {
  for (const origin of [APP, DEV]) {
    const reply = await cgi.run('accounts', '/api/v1/accounts', from(origin));
    isShared(reply, origin);
    const exposed = list(reply.headers['access-control-expose-headers']);
    for (const name of ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'ETag',
      'Location', 'Link', 'Idempotent-Replayed', 'Allow', 'WWW-Authenticate']) {
      assert.ok(exposed.includes(name), name);
    }
  }
});

test('no other origin gets a word of it, nor one that looks like it', async () => {
  await each(KEPT_OUT, async (origin) => {
    for (const reply of [await cgi.run('accounts', '/api/v1/accounts', from(origin)),
      await preflight('accounts', '/api/v1/accounts', origin)]) {
      isWhole(reply);
      assert.deepEqual(corsOf(reply), []);
      assert.equal(reply.headers.vary, 'Origin');
    }
  });
});

test('without the setting nobody gets any, and caches are told nothing', async () => {
  for (const how of [from(APP), from(APP, { method: 'OPTIONS', key: null }), {}]) {
    const reply = isWhole(await closed.run('accounts', '/api/v1/accounts', how));
    assert.deepEqual(corsOf(reply), []);
    assert.equal(reply.headers.vary, undefined);
  }
});

test('while it is set, caches keep the replies to different origins apart', async () => {
  const reply = isWhole(await cgi.run('accounts', '/api/v1/accounts'));
  assert.equal(reply.headers.vary, 'Origin');
  assert.deepEqual(corsOf(reply), []);
});

test('a preflight names the methods of the path, and what may be sent', async () => {
  await each([['tweets', TWEET, ['POST']], ['accounts', '/api/v1/accounts', ['GET']],
    ['tweets', '/api/v1/tweets/7', ['GET', 'PATCH', 'DELETE']], ['health', '/api/v1/health', ['GET']],
    ['tweets', '/api/v1/tweets/post-pending', ['POST']]], async ([program, path, methods]) => {
    const reply = isWhole(await preflight(program, path));
    assert.equal(reply.status, 204);
    assert.equal(reply.headers['access-control-allow-origin'], APP);
    assert.equal(reply.headers['access-control-allow-methods'], reply.headers.allow);
    const named = list(reply.headers.allow).filter((name) => !['HEAD', 'OPTIONS'].includes(name));
    assert.deepEqual(named.sort(), [...methods].sort());
    assert.deepEqual(list(reply.headers['access-control-allow-headers']), ['X-API-Key',
      'Authorization', 'Content-Type', 'Idempotency-Key', 'If-None-Match', 'X-Request-Id']);
    assert.match(reply.headers['access-control-max-age'], /^[1-9]\d{1,3}$/);
  });
});

test('errors can be read as well, whatever they are', async () => {
  const sick = new Forged({ env: { CORS_ORIGINS: APP, INSTANCE_DIR: '/proc/none' } });
  try {
    await each([
      [await cgi.run('accounts', '/api/v1/accounts', from(APP, { key: null })), 401],
      [await cgi.run('accounts', '/api/v1/accounts', from(APP, { key: 'wrong' })), 401],
      [await cgi.run('accounts', '/api/v1/accounts/9', from(APP)), 404],
      [await cgi.run('health', '/api/v1/nothing', from(APP)), 404],
      [await cgi.run('accounts', '/api/v1/accounts', from(APP, { method: 'PUT' })), 405],
      [await cgi.post('tweets', TWEET, { text: '' }, from(APP)), 400],
      [await cgi.run('tweets', TWEET, from(APP, { method: 'POST', body: '{' })), 400],
      [await cgi.run('tweets', TWEET, from(APP, { method: 'BREW' })), 501],
      [await sick.run('stats', '/api/v1/stats', from(APP)), 500],
    ], ([reply, status]) => {
      isError(reply, status);
      isShared(reply, APP);
    });
  } finally { sick.remove(); }
});

test('the last words of a program that is out of time can be read, too', async () => {
  const reply = await cgi.run('tweets', TWEET, {
    ...from(APP, { method: 'POST', env: { CONTENT_LENGTH: '10' } }),
    stdin: 'open',
    command: (command) => ['timeout', '--signal=ALRM', '1', ...command],
  });
  assert.equal(reply.json?.code, 'out_of_time', reply.raw);
  assert.equal(reply.headers['access-control-allow-origin'], APP);
  assert.equal(reply.headers.vary, 'Origin');
});

test('pages for people are no part of it', async () => {
  await each([['auth', '/auth/callback'], ['auth', '/auth/mock'], ['setup', '/api/v1/setup']],
    async ([program, path]) => {
      for (const how of [{ key: null }, { key: null, method: 'OPTIONS' }, { key: null, method: 'PUT' },
        { key: null, headers: { Accept: 'application/json' } }]) {
        const reply = isWhole(await cgi.run(program, path, from(APP, how)));
        assert.deepEqual(corsOf(reply), [], `${path} ${how.method}`);
        assert.equal(reply.headers.vary, undefined);
      }
    });
});

test('a reply that is repeated goes to whoever asks now', async () => {
  await cgi.db("INSERT INTO twitter_account(id, username, access_token) VALUES(1, 'a', '')");
  const create = (origin) => cgi.post('tweets', TWEET, { account_id: 1, text: 'once' },
    from(origin, { headers: { 'Idempotency-Key': 'one' } }));
  assert.equal((await create('https://evil.example')).status, 201);
  for (const origin of [APP, DEV]) {
    const reply = await create(origin);
    assert.equal(reply.headers['idempotent-replayed'], 'true');
    isShared(reply, origin);
  }
});

test('what no browser sends as an origin is refused as a setting', async () => {
  await each(['*', `${APP}/`, 'app.example.org', 'https://', 'HTTPS://app.example.org', `${APP},`,
    'https://App.example.org', 'https://app.example.org:443', 'http://localhost:80', `${APP} ${DEV}`,
    'https://app.example.org/x', 'https://u@app.example.org', 'null', 'https://a:0', 'https://a:65536',
    `${APP}, *`, 'https://*.example.org', 'https://a:08080', `https://${'a'.repeat(300)}`],
  async (setting) => {
    const reply = await closed.run('stats', '/api/v1/stats', { env: { CORS_ORIGINS: setting } });
    const { code, error } = isError(reply, 500);
    assert.equal(code, 'config_invalid');
    assert.match(error, /CORS_ORIGINS/);
    assert.deepEqual(corsOf(reply), []);
  });
  await each(['http://[::1]:3000', 'chrome-extension://abcdef', 'https://a.b-c.d:8443'],
    async (setting) => {
      const reply = await closed.run('stats', '/api/v1/stats',
        from(setting, { env: { CORS_ORIGINS: setting } }));
      assert.equal(reply.headers['access-control-allow-origin'], setting);
    });
});
