// What a program makes of the variables of a request (cgi-servers.md 12, 6 to
// 8, 11, 12, 14 and 15).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { each, isError, isJson, namesFaults } from '../support/checks.mjs';
import { Forged, isWhole } from '../support/forged.mjs';

const STATS = '/api/v1/stats';
const TWEETS = '/api/v1/tweets';
const MOCK = '/api/v1/mock-mode';

let cgi;
let key;
before(() => { cgi = new Forged(); ({ key } = cgi); });
after(() => cgi.remove());

const stats = async (how) => isWhole(await cgi.run('stats', STATS, how));
const withoutKey = (env, how) => stats({ key: null, env, ...how });
const passes = async (reply) => isJson(await reply, 200);
const isRefused = async (reply) => {
  const json = isError(await reply, 401, 'invalid_api_key');
  assert.equal(json.error, 'Invalid API key');
  assert.ok((await reply).headers['www-authenticate']);
};

describe('6: a name twice in the environment', () => {
  const twice = ['CONTENT_LENGTH', 'HTTP_X_API_KEY', 'HTTP_AUTHORIZATION', 'HTTP_COOKIE', 'HTTP_HOST'];

  test('of a header that decides something is refused', async () => {
    await each(twice, async (name) => {
      const value = { CONTENT_LENGTH: '0', HTTP_X_API_KEY: key }[name] ?? `Bearer ${key}`;
      const list = [...cgi.list(STATS).filter((entry) => !entry.startsWith(`${name}=`)),
        `${name}=${value}`, `${name}=${value}`];
      isError(await stats({ list }), 400, 'bad_request', name);
    });
  });

  test('one of them wrong or empty, first or last', async () => {
    await each([`HTTP_X_API_KEY=${key}x`, 'HTTP_X_API_KEY='], async (other) => {
      const list = cgi.list(STATS);
      isError(await stats({ list: [...list, other] }), 400);
      isError(await stats({ list: [other, ...list] }), 400);
    });
  });

  test('of a header that decides nothing is not', async () => {
    await each(['HTTP_ACCEPT=a', 'HTTP_X=y', 'QUERY_STRING='], async (entry) => {
      await passes(stats({ list: [...cgi.list(STATS), entry, entry] }));
    });
  });

  test('entries that are none are passed over', async () => {
    const strange = ['', '=', '=x', 'NONSENSE', 'HTTP_X_API_KEY', `HTTP_X_API_KEYS=${key}`];
    await passes(stats({ list: [...strange, ...cgi.list(STATS), ...strange] }));
  });
});

describe('6: an API key', () => {
  test('with a comma, blanks or control bytes is none', async () => {
    const odd = [`${key}, ${key}`, `${key},${key}`, `${key},`, `${key} ${key}`, `x ${key}`,
      `${key}\tx`, `${key}\nx`, `${key}\r\n ${key}`, `${key}\x01`, `${key}\x7f`, `${key}é`,
      `"${key}"`, 'x'.repeat(513), 'x'.repeat(100_000)];
    await each(odd, (value) => isRefused(withoutKey({ HTTP_X_API_KEY: value })));
    await each(odd.slice(0, 10), (value) =>
      isRefused(withoutKey({ HTTP_AUTHORIZATION: `Bearer ${value}` })));
  });

  test('is trimmed of blanks and tabs', async () => {
    await each([` ${key}`, `${key}  `, `\t ${key} \t`], (value) =>
      passes(withoutKey({ HTTP_X_API_KEY: value })));
  });

  test('that is empty is absent', async () => {
    await each(['', ' ', ' \t '], async (value) => {
      await passes(withoutKey({ HTTP_X_API_KEY: value, HTTP_AUTHORIZATION: `Bearer ${key}` }));
      await isRefused(withoutKey({ HTTP_X_API_KEY: value }));
    });
  });
});

describe('7: where the key is looked for', () => {
  const wrong = 'Bearer wrong';
  const bearer = () => `Bearer ${key}`;

  test('each place does', async () => {
    await passes(withoutKey({ HTTP_X_API_KEY: key }));
    await passes(withoutKey({ HTTP_AUTHORIZATION: bearer() }));
    await passes(withoutKey({ HTTP_AUTHORIZATION: `bearer   ${key}` }));
    await passes(withoutKey({ REDIRECT_HTTP_AUTHORIZATION: bearer() }));
    await passes(withoutKey({}, { query: `api_key=${key}` }));
    await passes(withoutKey({}, { query: `page=1&api_key=${encodeURIComponent(key)}&x` }));
  });

  test('the first that holds one decides', async () => {
    await isRefused(withoutKey({ HTTP_X_API_KEY: 'wrong', HTTP_AUTHORIZATION: bearer() }));
    await passes(withoutKey({ HTTP_X_API_KEY: key, HTTP_AUTHORIZATION: wrong }));
    await isRefused(withoutKey({
      HTTP_AUTHORIZATION: wrong, REDIRECT_HTTP_AUTHORIZATION: bearer(),
    }));
    await isRefused(withoutKey({ REDIRECT_HTTP_AUTHORIZATION: wrong },
      { query: `api_key=${key}` }));
    await passes(withoutKey({ HTTP_AUTHORIZATION: 'Basic dTpw' }, { query: `api_key=${key}` }));
  });

  test('no other place does', async () => {
    await each([
      { REMOTE_USER: 'admin' },
      { REMOTE_USER: key, AUTH_TYPE: 'Bearer' },
      { REMOTE_USER: 'admin', AUTH_TYPE: 'Basic', HTTP_AUTHORIZATION: 'Basic YWRtaW46' },
      { HTTP_AUTHORIZATION: key },
      { HTTP_AUTHORIZATION: `Basic ${key}` },
      { HTTP_AUTHORIZATION: `Bearer${key}` },
      { HTTP_COOKIE: `X-API-Key=${key}; api_key=${key}` },
      { 'HTTP_X.API.KEY': key },
      { HTTP_API_KEY: key },
      { X_API_KEY: key },
      { HTTP_X_FORWARDED_FOR: '127.0.0.1', REMOTE_ADDR: '127.0.0.1' },
    ], (env) => isRefused(withoutKey(env)));
    await each([`API_KEY=${key}`, `x-api-key=${key}`, `api_key=${key}&api_key=${key}`,
      'api_key=', 'api_key', `api_key=%00${key}`], (query) =>
      isRefused(withoutKey({}, { query })));
  });

  test('and a key in the body is not looked at', async () => {
    await isRefused(cgi.post('mock-mode', MOCK, { api_key: key, enabled: true }, { key: null }));
  });
});

describe('8: where the request comes from', () => {
  test('nothing hangs on REMOTE_ADDR', async () => {
    await each([null, '', '::1', 'nonsense', '-1'], async (address) => {
      await passes(stats({ env: { REMOTE_ADDR: address, REMOTE_PORT: '-5' } }));
    });
  });
});

describe('11: the type of a body', () => {
  const set = (env) => cgi.run('mock-mode', MOCK,
    { method: 'POST', body: '{"enabled":true}', env });

  test('is CONTENT_TYPE, else HTTP_CONTENT_TYPE, else JSON', async () => {
    await each([
      { CONTENT_TYPE: 'application/json' },
      { CONTENT_TYPE: 'application/json', HTTP_CONTENT_TYPE: 'text/plain' },
      { CONTENT_TYPE: null, HTTP_CONTENT_TYPE: 'application/json' },
      { CONTENT_TYPE: '', HTTP_CONTENT_TYPE: 'application/json' },
      { CONTENT_TYPE: null },
      { CONTENT_TYPE: '' },
      { CONTENT_TYPE: 'Application/JSON; charset=utf-8' },
      { CONTENT_TYPE: ' application/json ;charset="utf-8"' },
      { CONTENT_TYPE: 'text/json' },
      { CONTENT_TYPE: 'application/vnd.x+json' },
    ], async (env) => { isJson(isWhole(await set(env)), 200); });
    await each([
      { CONTENT_TYPE: 'text/plain' },
      { CONTENT_TYPE: 'text/plain', HTTP_CONTENT_TYPE: 'application/json' },
      { CONTENT_TYPE: null, HTTP_CONTENT_TYPE: 'text/plain' },
      { CONTENT_TYPE: 'application/x-www-form-urlencoded' },
      { CONTENT_TYPE: 'multipart/form-data; boundary=x' },
      { CONTENT_TYPE: 'application/jsonx' },
      { CONTENT_TYPE: 'x-application/json' },
      { CONTENT_TYPE: 'application/json, text/plain' },
      { CONTENT_TYPE: 'json' },
      { CONTENT_TYPE: '+json' },
    ], async (env) => { isError(isWhole(await set(env)), 415, 'unsupported_media_type'); });
  });

  test('is noise where there is no body', async () => {
    await passes(stats({ env: { CONTENT_TYPE: 'text/plain' } }));
    isError(isWhole(await cgi.run('mock-mode', MOCK,
      { method: 'POST', env: { CONTENT_TYPE: 'text/plain' } })), 400, 'invalid_input');
  });
});

describe('12: methods', () => {
  const ask = async (method, how) => isWhole(await cgi.run('accounts', '/api/v1/accounts', {
    method, ...how,
  }));

  test('that are known and not served are 405, with Allow', async () => {
    await each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT'], async (method) => {
      const reply = await ask(method);
      isError(reply, 405, 'method_not_allowed');
      assert.deepEqual(reply.headers.allow.split(', ').sort(), ['GET', 'HEAD', 'OPTIONS']);
    });
  });

  test('that are not known are 501, and case counts', async () => {
    await each(['PROPFIND', 'get', 'Get', 'GETX', 'G', 'BREW', 'GET POST', '*', 'GET\n', 'é'],
      async (method) => isError(await ask(method), 501, 'not_implemented'));
  });

  test('OPTIONS is 204 with Allow, without a key and whatever else is wrong', async () => {
    await each([{}, { key: null }, { key: 'wrong' }, { env: { API_KEY: null } },
      { env: { PORT: 'nonsense' } }, { env: { INSTANCE_DIR: '/proc/none' } }], async (how) => {
      const reply = await ask('OPTIONS', how);
      assert.equal(reply.status, 204);
      assert.equal(reply.body, '');
      assert.deepEqual(reply.headers.allow.split(', ').sort(), ['GET', 'HEAD', 'OPTIONS']);
    });
    isError(await cgi.run('accounts', '/api/v1/accounts/none', { method: 'OPTIONS' }), 404);
  });

  test('HEAD says what GET says, without the body', async () => {
    await each([{}, { key: 'wrong' }], async (how) => {
      const [get, head] = [await ask('GET', how), await ask('HEAD', how)];
      assert.equal(head.status, get.status);
      assert.equal(head.body, '');
      const lasting = ({ headers }) => ({ ...headers, 'x-request-id': '' });
      assert.deepEqual(lasting(head), lasting(get));
      assert.ok(Number(head.headers['content-length']) > 10);
    });
  });
});

describe('14: the query', () => {
  const list = async (query) => isWhole(await cgi.run('tweets', TWEETS, { query }));

  test('is decoded once, and what is not declared is ignored', async () => {
    await each([null, '', '?', '&', '&&', '=', 'x', 'x=%zz', 'x=%00', '%zz=1', 'page=1', 'page=%31',
      '%70age=1', 'status=pending', 'status=', 'page', 'x=a?b=c', 'x=1&x=2', 'PAGE=x',
      `x=${'y'.repeat(60_000)}`], async (query) => passes(list(query)));
  });

  test('that is broken where it counts is refused', async () => {
    await each(['page=%00', 'page=1%00', 'page=%', 'page=%3', 'page=%zz', 'page=%ff', 'page=+1',
      'page=1+', 'page=%2B1', 'page=1?x=y', 'page=1&page=1', 'page=0', 'page=-1', 'page=1.0',
      'page=%2531'], async (query) => namesFaults(await list(query), '/page'));
    await each(['status=nonsense', 'status=PENDING', 'status=pending+', 'status=pending%2Cfailed'],
      async (query) => namesFaults(await list(query), '/status'));
  });

  test('that is not there at all is an empty one', async () => {
    await passes(stats({ env: { QUERY_STRING: null } }));
  });
});

describe('15: addresses are built from the settings', () => {
  test('and never from what a client or server says', async () => {
    const live = new Forged({
      mock: false, env: { TWITTER_CLIENT_ID: 'id', PORT: '8123', MOCK_MODE: '0' },
    });
    try {
      await each([
        {},
        { HTTPS: 'on' }, { HTTPS: '1' }, { HTTPS: 'off' }, { HTTPS: '' },
        { REQUEST_SCHEME: 'https' },
        { HTTP_HOST: 'evil.test', SERVER_NAME: 'evil.test', SERVER_PORT: '666' },
        { HTTP_X_FORWARDED_HOST: 'evil.test', HTTP_X_FORWARDED_PROTO: 'https' },
        { SERVER_NAME: null, SERVER_PORT: null, HTTP_HOST: null, SERVER_PROTOCOL: null },
        { GATEWAY_INTERFACE: null, REQUEST_URI: null },
        { REQUEST_URI: 'http://evil.test/api/v1/stats?x' },
      ], async (env) => {
        const reply = await live.run('auth', '/api/v1/auth/twitter', { env });
        const { auth_url: address } = isJson(isWhole(reply), 200);
        assert.equal(new URL(address).searchParams.get('redirect_uri'),
          'http://localhost:8123/auth/callback');
      });
    } finally { live.remove(); }
  });
});
