// A key in the query, for callers that can send no header: it works, no log of
// ours holds it, and once a day the error log says that other logs do.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { Bare } from '../support/bare.mjs';
import { holdsNone, isError, isJson } from '../support/checks.mjs';

let bare;
beforeEach(async () => {
  bare = new Bare();
  isJson(await bare.get('/api/v1/stats'), 200);
});
afterEach(() => bare.remove());

const logText = (kind = '') => {
  const folder = join(bare.instanceDir, 'logs');
  return readdirSync(folder).filter((name) => name.startsWith(kind))
    .map((name) => readFileSync(join(folder, name), 'utf8')).join('');
};
const warnings = () => logText('error-').split('\n').filter((line) => /in the query/.test(line))
  .map((line) => JSON.parse(line));
const ask = (query, how) => bare.request('GET', '/api/v1/stats', { key: null, query, ...how });

test('is warned of once a day, in one line that names its id and not the key', async () => {
  for (let i = 0; i < 3; i += 1) isJson(await ask(`api_key=${bare.key}`), 200);
  isJson(await ask(`a=b&%61pi_key=${bare.key}`, { headers: { 'X-Request-Id': 'other' } }), 200);
  assert.equal(warnings().length, 1);
  assert.match(warnings()[0].cause, /the API key 1 came in the query .*X-API-Key/);
  holdsNone(logText(), { key: bare.key });
});

test('is warned of again on the next day', async () => {
  isJson(await ask(`api_key=${bare.key}`), 200);
  await bare.db("UPDATE kv SET value = date(value, '-1 day') WHERE name LIKE 'key_in_query%'");
  for (let i = 0; i < 2; i += 1) isJson(await ask(`api_key=${bare.key}`), 200);
  assert.equal(warnings().length, 2);
});

test('is warned of for each key', async () => {
  const { key } = isJson(await bare.post('/api/v1/keys', { name: 'cron', scopes: ['read'] }), 201);
  for (const each of [key, bare.key, key]) isJson(await ask(`api_key=${each}`), 200);
  assert.deepEqual(warnings().map(({ cause }) => /key (\d+)/.exec(cause)[1]), ['2', '1']);
  holdsNone(logText(), { key, own: bare.key });
});

test('is warned of once by twelve requests at the same time', async () => {
  await Promise.all(Array.from({ length: 12 }, () => ask(`api_key=${bare.key}`)));
  assert.equal(warnings().length, 1);
});

test('is no matter where it is wrong, or where a header counts', async () => {
  isError(await ask('api_key=wrong-key-that-opens-nothing'), 401);
  isError(await ask(`api_key=${bare.key}&api_key=${bare.key}`), 401);
  isJson(await ask('api_key=wrong-key-that-opens-nothing', { key: bare.key }), 200);
  isJson(await ask('', { key: bare.key }), 200);
  assert.equal(warnings().length, 0);
  assert.deepEqual(await bare.db("SELECT * FROM kv WHERE name LIKE 'key_in_query%'"), []);
  holdsNone(logText(), { wrong: 'wrong-key-that-opens-nothing' });
});

test('works although the warning cannot be noted', async () => {
  await bare.db('CREATE TRIGGER full BEFORE INSERT ON kv BEGIN SELECT RAISE(ABORT, \'full\'); END');
  isJson(await ask(`api_key=${bare.key}`), 200);
  assert.equal(warnings().length, 0);
});
