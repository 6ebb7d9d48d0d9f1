// Every row of every route table, off the source: refuses without a key, says
// which methods there are, and refuses each wrong kind of each parameter.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { each, isError, namesFaults } from '../support/checks.mjs';
import { Forged, isWhole } from '../support/forged.mjs';
import { root } from '../support/paths.mjs';
import { allowed, ROUTES } from '../support/routes.mjs';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT'];
const OPEN = ['/api/v1/health', '/api/v1/openapi.json', '/auth/callback', '/auth/mock',
  '/api/v1/auth/callback', '/api/v1/setup'];
const JSON_PLEASE = { Accept: 'application/json' };

let cgi;
before(() => { cgi = new Forged(); });
after(() => cgi.remove());

const ask = async ({ program, path, method }, how) =>
  isWhole(await cgi.run(program, path, { method, headers: JSON_PLEASE, ...how }));
const named = ({ method, pattern }) => `${method} ${pattern}`;
const rows = async () => {
  const [{ n }] = await cgi.db(`SELECT (SELECT count(*) FROM tweet)
    + (SELECT count(*) FROM twitter_account) + (SELECT count(*) FROM oauth_state) AS n`);
  return n;
};

test('the tables were read whole', () => {
  const count = (word) => readdirSync(join(root, 'cgi-bin'))
    .filter((name) => name.endsWith('.c'))
    .map((name) => readFileSync(join(root, 'cgi-bin', name), 'utf8'))
    .reduce((sum, text) => sum + [...text.matchAll(word)].length, 0);
  assert.equal(ROUTES.length, count(/^\tROUTE(?!_NEIGHBOUR)/gm));
  assert.ok(ROUTES.length >= 30);
  const used = ROUTES.flatMap(({ params }) => params);
  assert.ok(used.length >= count(/_IN\(/g));
});

describe('without a good key', () => {
  for (const route of ROUTES) {
    test(`${named(route)} ${route.open ? 'asks for none' : 'is refused'}`, async () => {
      assert.equal(route.open, OPEN.includes(route.path), 'open as the contract has it');
      for (const how of [{ key: null }, { key: 'wrong' }, { key: '' }]) {
        const reply = await ask(route, { ...how, body: '{"nonsense' });
        if (route.open) assert.notEqual(reply.status, 401);
        else isError(reply, 401, 'invalid_api_key');
      }
    });
  }
});

describe('methods', () => {
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const { program } = ROUTES.find((route) => route.path === path);
    test(`${path} allows what its rows do`, async () => {
      const options = await ask({ program, path, method: 'OPTIONS' }, { key: null });
      assert.equal(options.status, 204);
      assert.deepEqual(options.headers.allow.split(', ').sort(), allowed(path));
      for (const method of METHODS.filter((name) => !allowed(path).includes(name))) {
        const reply = await ask({ program, path, method });
        assert.equal(reply.status, 405, method);
        assert.deepEqual(reply.headers.allow.split(', ').sort(), allowed(path), method);
        if (method !== 'HEAD') isError(reply, 405, 'method_not_allowed', method);
      }
    });
  }
});

// What each kind refuses, in JSON and, as text, in a query.
const WRONG = {
  INT: [['x', '', 1.5, true, [], {}, [1], '1.0', '1e1', ' 1', 1e300], ['x', '1.5', '1e1', '+1', ' ']],
  TEXT: [[1, true, [], {}, ['x']], ['%ff', '%00']],
  BOOL: [[0, 1, 'true', '', [], {}], ['yes', '']],
  TIME: [[0, true, '', 'tomorrow', '2026-01-31', '2026-02-30T00:00:00Z', '2026-01-31T09:00:00', []],
    ['tomorrow', '2026-01-31']],
  WORD: [[1, true, [], {}, 'nonsense', ''], ['nonsense', 'non,sense']],
  WORDS: [['x', 1, true, {}, [1], ['nonsense'], [null], [[]]], []],
  SOME_WORDS: [['x', 1, {}, [1], ['nonsense'], [], [null], [[]]], []],
  IDS: [[1, '1', {}, [], [0], [-1], [1.5], ['x'], [null]], []],
};

describe('parameters of the wrong kind', () => {
  for (const route of ROUTES) {
    for (const param of route.params) {
      test(`${named(route)}: ${param.name} (${param.kind}, ${param.from})`, async () => {
        assert.ok(WRONG[param.kind], `no wrong values for ${param.kind}`);
        const [inBody, inQuery] = WRONG[param.kind];
        const takesBody = route.method !== 'GET' && param.from !== 'QUERY';
        const pointer = `/${param.name}`;
        if (takesBody) {
          await each(inBody, async (value) =>
            namesFaults(await ask(route, { json: { [param.name]: value } }), pointer));
        }
        if (param.from !== 'BODY') {
          const encoded = (text) => (text.startsWith('%') ? text : encodeURIComponent(text));
          await each(inQuery.filter(Boolean), async (value) => {
            const query = `${param.name}=${encoded(value)}`;
            namesFaults(await ask(route, { query }), pointer);
          });
          const twice = `${param.name}=1&${param.name}=1`;
          namesFaults(await ask(route, { query: twice }), pointer);
        }
        if (param.required) {
          await each([{}, { [param.name]: null }], async (json) =>
            namesFaults(await ask(route, { json }), pointer));
        }
      });
    }
  }

  test('are all named in one answer, and nothing has changed', async () => {
    const before1 = await rows();
    for (const route of ROUTES.filter(({ method }) => method !== 'GET')) {
      const params = route.params.filter(({ from }) => from !== 'QUERY');
      const json = Object.fromEntries(params.map(({ name, kind }) => [name, WRONG[kind][0].at(-2)]));
      const pointers = params.map(({ name }) => `/${name}`);
      if (pointers.length) namesFaults(await ask(route, { json }), ...pointers);
    }
    assert.equal(await rows(), before1);
  });
});

test('a body that is no object is refused wherever one is read', async () => {
  for (const route of ROUTES.filter(({ method }) => method !== 'GET')) {
    await each(['[]', '"x"', '1', 'null', '{', '{}x', '{"a":1,"a":2}', '{"a":"\\u0000"}', '\u{feff}', '\u{feff}[]', '\u{feff}\u{feff}{}'],
      async (body) => isError(await ask(route, { body }), 400, 'invalid_json', named(route)));
  }
});

test('an id that is no number from 1 is not found', async () => {
  for (const route of ROUTES.filter(({ pattern }) => pattern.includes('{id}'))) {
    await each(['0', '-1', 'x', '1.0', '1e1', '%31', '9223372036854775808', '{id}'], async (id) => {
      const path = route.pattern.replace('{id}', id);
      // another row may have that word, but none of these
      isError(await ask({ ...route, path }), 404, 'not_found', named(route));
    });
  }
});
