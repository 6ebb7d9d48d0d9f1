// The database is made by whichever program comes first, however many come.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { isJson } from '../support/checks.mjs';
import { db, request, startInstance } from '../support/instance.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';

const PATHS = ['/api/v1/stats', '/api/v1/accounts', '/api/v1/tweets', '/api/v1/mock-mode',
  '/api/v1/auth/twitter'];

const fifty = (call) => Promise.all(Array.from({ length: 50 }, (_, i) => call(i)));

const askAll = async (instance) => {
  for (const end of ['', '-wal', '-shm', '-journal']) {
    rmSync(instance.dbPath + end, { force: true });
  }
  const replies = await fifty((i) => request(instance, 'GET', PATHS[i % PATHS.length]));
  replies.forEach((reply, i) => isJson(reply, 200, PATHS[i % PATHS.length]));
  assert.deepEqual(await db(instance, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  assert.equal((await db(instance, 'SELECT * FROM api_key')).length, 1);
  assert.equal((await db(instance, 'SELECT * FROM oauth_state')).length, 10);
};

// Several times: who comes first, and who reads while it writes, is chance.
test('50 first requests at once under a server all succeed', async () => {
  const instance = await startInstance();
  try {
    for (let i = 0; i < 8; i++) await askAll(instance);
  } finally {
    await instance.stop();
  }
});

test('50 first programs at once on no folder at all succeed', async () => {
  const dir = newFolder();
  try {
    const env = cgiEnv(settingsFor(dir), { path: '/api/v1/stats' });
    const replies = await fifty(() => runCgi('stats', { env }));
    for (const reply of replies) assert.equal(reply.status, 200, reply.raw);
  } finally {
    removeFolder(dir);
  }
});
