// What is written by hand of the API and what the programs' tables have are the
// same calls, the same parameters, the same codes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { withTable } from '../support/api-table.mjs';
import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { dashboardModule } from '../support/dashboard-module.mjs';
import { description, operations } from '../support/openapi.mjs';
import { build, root } from '../support/paths.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';

const hand = JSON.parse(readFileSync(join(root, 'cgi-bin', 'openapi', 'openapi.json'), 'utf8'));
const tables = readFileSync(join(build, 'obj', 'routes.json'), 'utf8')
  .split('\n').filter(Boolean).flatMap((line) => JSON.parse(line));

const {
  codesWithWords, codeWords, tweetState, tweetStates,
} = await import(await dashboardModule('www/js', 'words.js'));

const nameOf = ({ method, path }) => `${method.toUpperCase()} ${path}`;
const sorted = (list) => [...new Set(list)].sort();

const written = Object.entries(hand.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })));

test('each call in a table is written of, and each that is written of is in a table', () => {
  assert.deepEqual(sorted(written.map(nameOf)), sorted(tables.map(nameOf)));
  assert.deepEqual(sorted(operations.map(nameOf)), sorted(tables.map(nameOf)));
  assert.equal(tables.length, sorted(tables.map(nameOf)).length, 'two rows for one call');
});

test('each parameter in a table has words, and there are words on no other', () => {
  for (const route of tables) {
    const { operation = {} } = written.find((one) => nameOf(one) === nameOf(route)) ?? {};
    const names = [...route.query, ...route.body].map(({ name }) => name);
    if (route.path.includes('{id}')) names.push('id');
    const words = operation.parameters ?? {};
    assert.deepEqual(sorted(Object.keys(words)), sorted(names), nameOf(route));
    for (const [name, { description: said }] of Object.entries(words)) {
      assert.ok(said, `${nameOf(route)} ${name}`);
    }
  }
});

test('each code has words, and there are words on no other', () => {
  const { 'x-codes': codes, enum: names, description: all } = description.components.schemas.ErrorCode;
  assert.ok(all);
  assert.deepEqual(sorted(Object.keys(codes)), sorted(names));
  for (const name of names) assert.ok(codes[name].description, name);
});

test('what the dashboard says of a code, the API says of it', () => {
  const codes = description.components.schemas.ErrorCode['x-codes'];
  for (const name of codesWithWords) {
    assert.equal(codeWords(name).replaceAll('’', "'"), codes[name]?.description, name);
  }
});

test('the description is served to anybody, as it was built', async () => {
  const dir = newFolder();
  try {
    const settings = settingsFor(dir);
    const reply = await runCgi('health', {
      env: cgiEnv(settings, { path: '/api/v1/openapi.json', script: '/api', key: null }),
    });
    assert.equal(reply.status, 200);
    assert.match(reply.headers['content-type'], /^application\/json/);
    assert.deepEqual(reply.json, description);
  } finally {
    removeFolder(dir);
  }
});

test('each state has the same label in the dashboard and on the page of states', () => {
  const { enum: names, 'x-labels': labels } = description.components.schemas.TweetState;
  const page = readFileSync(join(root, 'conf/TWEETS.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name, label]) => [name, label]);
  assert.deepEqual(sorted(Object.keys(labels)), sorted(names));
  assert.deepEqual(Object.fromEntries(rows), labels);
  assert.deepEqual(Object.fromEntries(tweetStates.map((name) => [name, tweetState(name).label])), labels);
});

test('the page of calls has the table that the description gives', () => {
  const page = readFileSync(join(root, 'conf/API.md'), 'utf8');
  for (const { path } of operations) assert.ok(page.includes(path), path);
  assert.equal(page, withTable(page), 'run node tests/support/api-table.mjs');
});
