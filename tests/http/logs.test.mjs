// The logs: a JSON line for each request, each call to X and each error, with
// no secret, readable by nobody else, and never in the way.

import assert from 'node:assert/strict';
import {
  chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { holdsNone, isJson, unique } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { request, startInstance } from '../support/instance.mjs';
import { addGranted, queue } from '../support/link.mjs';

let x;
let instance;
before(async () => {
  x = await startFakeX();
  instance = await startInstance({ fakeX: x });
});
after(async () => {
  await instance?.stop();
  await x?.close();
});

const logs = () => join(instance.instanceDir, 'logs');
const today = () => new Date().toISOString().slice(0, 10);

/** The line of a request, found by its id. */
async function lineOf(kind, method, path, options) {
  const id = unique('request');
  const reply = await request(instance, method, path,
    { ...options, headers: { ...options?.headers, 'X-Request-Id': id } });
  const lines = instance.log(kind).filter((line) => JSON.stringify(line).includes(id));
  return { reply, lines, line: lines[0] };
}

test('a request leaves one line, in the file of its UTC day', async () => {
  const { lines, line } = await lineOf('api', 'GET', '/api/v1/stats');
  assert.equal(lines.length, 1);
  assert.ok(existsSync(join(logs(), `api-${today()}.log`)));
  assert.equal(line.method, 'GET');
  assert.equal(line.path, '/api/v1/stats');
  assert.equal(line.status, 200);
});

test('refused requests leave their line too', async () => {
  const cases = [
    ['GET', '/api/v1/stats', { key: null }, 401], ['GET', '/api/v1/accounts/999999', {}, 404],
    ['PUT', '/api/v1/accounts/1', {}, 405], ['POST', '/api/v1/tweet', { body: '{' }, 400],
  ];
  for (const [method, path, options, status] of cases) {
    const { line } = await lineOf('api', method, path, options);
    assert.equal(line?.status, status, path);
  }
});

test('a call to X leaves a line with account, call and status', async () => {
  const { id } = await addGranted(instance, x, unique('logged'));
  const tweet = await queue(instance, id, unique('logged'));
  const before = instance.log('x').length;
  isJson(await request(instance, 'POST', `/api/v1/tweet/post/${tweet}`), 200);
  const lines = instance.log('x').slice(before);
  assert.equal(lines.length, 1);
  const text = JSON.stringify(lines[0]);
  assert.match(text, /\/2\/tweets|tweet/);
  assert.match(text, /201/);
});

test('an error of ours or of X leaves a line with the request id', async () => {
  const { id, user } = await addGranted(instance, x, unique('erring'));
  const tweet = await queue(instance, id, unique('erring'));
  x.fault({ match: { path: '/2/tweets', user }, problem: 'unavailable' });
  const { lines } = await lineOf('error', 'POST', `/api/v1/tweet/post/${tweet}`);
  assert.ok(lines.length >= 1);
});

test('a key in a query is blanked', async () => {
  const { line } = await lineOf('api', 'GET', `/api/v1/stats?a=1&api_key=${instance.key}&b=2`,
    { key: null });
  assert.equal(line.status, 200);
  for (const wrong of ['wrong-key-in-query', 'WRONG%2Dkey']) {
    await request(instance, 'GET', `/api/v1/stats?api_key=${wrong}`, { key: null });
    holdsNone(instance.logText(), { wrong }, 'a log');
  }
  await request(instance, 'GET', `/api/v1/stats?%61pi_key=${instance.key}`, { key: null });
  await request(instance, 'GET', `/api/v1/nothing?api_key=${instance.key}`, { key: null });
  holdsNone(instance.logText() + instance.serverLog(), { key: instance.key }, 'a log');
});

test('what a request says cannot forge a line', async () => {
  await request(instance, 'GET', '/api/v1/accounts/%0a%7B%22forged%22:1%7D');
  await request(instance, 'GET', '/api/v1/stats?x=%0a"}{', { headers: { 'User-Agent': 'a"\\b' } });
  for (const kind of ['api', 'error', 'x']) {
    for (const line of instance.log(kind)) assert.ok(!('forged' in line));
  }
});

test('no stranger can read what lies in the folder', () => {
  const mode = (path) => statSync(path).mode & 0o777;
  assert.equal(mode(instance.instanceDir), 0o700);
  assert.equal(mode(logs()), 0o700);
  const files = readdirSync(logs()).map((name) => join(logs(), name));
  for (const file of [instance.dbPath, ...files]) assert.equal(mode(file), 0o600, file);
});

test('lines of many requests at once are whole', async () => {
  const before = instance.log('api').length;
  await Promise.all(Array.from({ length: 30 }, (_, i) =>
    request(instance, 'GET', `/api/v1/stats?n=${i}`)));
  assert.equal(instance.log('api').length, before + 30);
});

test('old files are removed, young ones and strange ones kept', async () => {
  const put = (name, days) => {
    const file = join(logs(), name);
    writeFileSync(file, '{}\n');
    const then = new Date(Date.now() - days * 86_400_000);
    utimesSync(file, then, then);
    return file;
  };
  const day = (days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const old = ['api', 'x', 'error'].map((kind) => put(`${kind}-${day(20)}.log`, 20));
  const young = put(`api-${day(13)}.log`, 13);
  const strange = put('notes.txt', 100);
  // A day's first line removes the old ones: today's files must be gone.
  for (const name of readdirSync(logs())) {
    if (name.includes(today())) rmSync(join(logs(), name));
  }
  await request(instance, 'GET', '/api/v1/stats');
  await request(instance, 'POST', '/api/v1/tick');
  for (const file of old) assert.ok(!existsSync(file), file);
  assert.ok(existsSync(young));
  assert.ok(existsSync(strange));
});

test('a log that cannot be written fails no request', async () => {
  const blocked = await startInstance();
  try {
    const folder = join(blocked.instanceDir, 'logs');
    await request(blocked, 'GET', '/api/v1/stats');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'not a folder');
    isJson(await request(blocked, 'GET', '/api/v1/stats'), 200);
    rmSync(folder);
    mkdirSync(folder);
    for (const kind of ['api', 'x', 'error']) mkdirSync(join(folder, `${kind}-${today()}.log`));
    chmodSync(folder, 0o500);
    isJson(await request(blocked, 'GET', '/api/v1/stats'), 200);
    chmodSync(folder, 0o700);
  } finally {
    await blocked.stop();
  }
});
