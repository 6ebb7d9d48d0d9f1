// A database that Python's sqlite3 made, with tokens of Python's cryptography,
// opens, lists and posts; and Python can read what we write into it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { isJson } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { db, request, startInstance } from '../support/instance.mjs';

const SCRIPT = fileURLToPath(new URL('../support/foreign_database.py', import.meta.url));

let x;
let user;
let instance;

const python = (...args) =>
  execFileSync('/usr/bin/python3', ['-I', SCRIPT, ...args], { encoding: 'utf8' });

before(async () => {
  x = await startFakeX();
  user = x.addUser({ username: 'foreign' });
  const grant = x.grant(user);
  instance = await startInstance({
    fakeX: x,
    prepare: ({ dbPath, instanceDir, encryptionKey }) => {
      mkdirSync(instanceDir, { recursive: true });
      python(dbPath, encryptionKey, grant.access_token, grant.refresh_token);
    },
  });
});
after(async () => {
  await instance?.stop();
  await x?.close();
});

test('its accounts and tweets are listed and counted', async () => {
  const { accounts, total } = isJson(await request(instance, 'GET', '/api/v1/accounts'), 200);
  assert.deepEqual([total, accounts[0].username, accounts[0].status], [1, 'foreign', 'active']);
  const list = isJson(await request(instance, 'GET', '/api/v1/tweets'), 200);
  assert.equal(list.total, 3);
  assert.deepEqual(list.tweets.map((t) => t.status).sort(), ['failed', 'pending', 'posted']);
  const { json } = await request(instance, 'GET', '/api/v1/stats');
  assert.deepEqual(json.tweets, { total: 3, pending: 1, posted: 1, failed: 1 });
});

test('its keys open it', async () => {
  const reply = await request(instance, 'GET', '/api/v1/stats', { key: 'key-of-the-other-program' });
  assert.equal(reply.status, 200);
});

test('its pending tweet is posted with its tokens', async () => {
  const json = isJson(await request(instance, 'POST', '/api/v1/tweets/post-pending'), 200);
  assert.deepEqual([json.total, json.posted], [1, 1]);
  assert.equal(x.posted('waiting')[0].userId, user.id);
  assert.equal(x.arrivals('never') + x.arrivals('long gone'), 0);
});

test('its tokens are refreshed, and Python reads the new ones', async () => {
  x.expire(user);
  const made = await request(instance, 'POST', '/api/v1/tweet',
    { body: { text: 'after a refresh', account_id: 1 } });
  isJson(await request(instance, 'POST', `/api/v1/tweet/post/${made.json.tweet_id}`), 200);
  const [access, refresh] = python(instance.dbPath, instance.encryptionKey, '', '', 'unseal')
    .trim().split('\n');
  assert.equal(x.state.access.get(access).userId, user.id);
  assert.equal(x.state.refresh.get(refresh).spent, false);
});

test('its rows are kept as they were', async () => {
  const rows = await db(instance,
    "SELECT content, twitter_id, posted_at FROM tweet WHERE content = 'long gone'");
  assert.deepEqual(rows, [{
    content: 'long gone', twitter_id: '1400000000000000000', posted_at: '2021-06-01 12:00:00',
  }]);
});
