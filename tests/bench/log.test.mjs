// SQLite's log: a process that finds no other there reads it whole before it
// does anything, so it must stay short however many have written.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { addAccount } from '../support/link.mjs';
import { newFolder, removeFolder, settingsFor } from '../support/settings.mjs';

const WRITES = 150;
const MOST = 1024 * 1024;

const dir = newFolder();
const settings = settingsFor(dir);
const dbPath = join(settings.INSTANCE_DIR, 'twitter_manager.db');

before(async () => {
  await runCgi('stats', { env: cgiEnv(settings, { path: '/api/v1/stats' }) });
  await addAccount({ dbPath, encryptionKey: settings.ENCRYPTION_KEY }, { username: 'writer' });
});

after(() => removeFolder(dir));

test('the log stays short when requests come one after another', async (t) => {
  let longest = 0;
  for (let i = 0; i < WRITES; i += 1) {
    const body = JSON.stringify({ account_id: 1, text: `number ${i}` });
    const reply = await runCgi('tweets', {
      env: cgiEnv(settings, { method: 'POST', path: '/api/v1/tweet', body }), body,
    });
    assert.equal(reply.status, 201, reply.body);
    longest = Math.max(longest, statSync(`${dbPath}-wal`).size);
  }
  t.diagnostic(`${longest.toLocaleString('en')} bytes at most`);
  assert.ok(longest < MOST, `${longest} bytes after ${WRITES} writes`);
});
