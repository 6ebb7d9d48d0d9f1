// Writers wait in the order in which they came, and not for ever.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';

import { isError, isJson, until } from '../support/checks.mjs';
import { Bare } from '../support/bare.mjs';

let bare; let file;
beforeEach(async () => {
  bare = new Bare();
  file = `${bare.dbPath}-turn`;
  await bare.get('/api/v1/stats');
  await bare.db(`INSERT INTO twitter_account(username, access_token, mock) VALUES('a', '', 1)`);
});
afterEach(() => bare.remove());

const create = (text) => bare.post('/api/v1/tweet', { account_id: 1, text });

/** Locks the file as a writer does, until `release` is called. */
async function hold() {
  const child = spawn('flock', ['--no-fork', file, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  await new Promise((resolve) => { child.stdout.once('data', resolve); });
  return { pid: child.pid, release: () => { child.stdin.end(); return ended; } };
}

/** How many wait for the file. */
function waiting() {
  const { ino } = statSync(file);
  return readFileSync('/proc/locks', 'utf8').split('\n')
    .filter((line) => line.includes('-> FLOCK') && line.includes(`:${ino} `)).length;
}

test('who came first writes first', async () => {
  const { release } = await hold();
  const order = ['one', 'two', 'three', 'four', 'five', 'six'];
  const replies = [];
  for (const [i, text] of order.entries()) {
    replies.push(create(text));
    await until(() => waiting() === i + 1, `${text} to wait`);
  }
  await release();
  for (const reply of await Promise.all(replies)) isJson(reply, 201);
  const rows = await bare.db('SELECT content FROM tweet ORDER BY id');
  assert.deepEqual(rows.map(({ content }) => content), order);
});

test('readers wait for nobody', async () => {
  const { release } = await hold();
  isJson(await bare.get('/api/v1/accounts'), 200);
  isJson(await bare.get('/api/v1/stats'), 200);
  await release();
});

test('whose turn does not come within ten seconds is told to try again', async () => {
  const { release } = await hold();
  const started = Date.now();
  const reply = await create('too long');
  const seconds = (Date.now() - started) / 1000;
  await release();
  isError(reply, 500, 'database_busy');
  assert.equal(reply.json.retryable, true);
  assert.ok(seconds >= 10 && seconds < 14, `${seconds} s`);
  isJson(await create('again'), 201);
  assert.equal((await bare.db('SELECT count(*) AS n FROM tweet'))[0].n, 1);
});

test('a writer that is killed in its turn keeps nobody waiting', async () => {
  const { pid } = await hold();
  const reply = create('after the dead');
  await until(() => waiting() === 1, 'it to wait');
  process.kill(pid, 'SIGKILL');
  isJson(await reply, 201);
});

test('where the file cannot be had, writers wait as SQLite does', async () => {
  rmSync(file, { force: true });
  mkdirSync(file);
  const replies = await Promise.all(['a', 'b', 'c', 'd'].map(create));
  for (const reply of replies) isJson(reply, 201);
});
