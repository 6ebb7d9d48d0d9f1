// The deadlines (cgi-servers.md 12, 5): whatever hangs, a program ends before
// the quickest server kills it. Each case waits for its deadline, all at once.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { isError, isJson } from '../support/checks.mjs';
import { Forged, isWhole } from '../support/forged.mjs';

const MOCK = '/api/v1/mock-mode';
const KILLED_AT = 30_000;

let cgi;
before(async () => {
  cgi = new Forged();
  isJson(await cgi.run('stats', '/api/v1/stats'), 200);
});
after(() => cgi.remove());

describe('deadlines', { concurrency: 8 }, () => {
  const late = { method: 'POST', stdin: 'open', env: { CONTENT_LENGTH: '16' }, timeout: KILLED_AT };

  test('a body that never comes', async () => {
    const reply = await cgi.run('mock-mode', MOCK, { ...late });
    isError(isWhole(reply), 400);
    assert.ok(reply.ms > 10_000 && reply.ms < 25_000, `${reply.ms} ms`);
  });

  test('a body that comes a byte a second', async () => {
    const body = async function* slowly() {
      for (const byte of '{"enabled":true '.repeat(2)) {
        yield byte;
        await new Promise((resolve) => { setTimeout(resolve, 1500); });
      }
    };
    isError(isWhole(await cgi.run('mock-mode', MOCK, { ...late, body })), 400);
  });

  test('a body that never comes, of a request that is refused anyway', async () => {
    const reply = await cgi.run('mock-mode', MOCK, { ...late, key: 'wrong' });
    isError(isWhole(reply), 401);
    assert.ok(reply.ms < 25_000, `${reply.ms} ms`);
  });

  test('a signal does not make it wait longer', async () => {
    const reply = await cgi.run('mock-mode', MOCK, {
      ...late,
      command: (list) => ['/usr/bin/setsid', ...list],
      started: (child) => { setTimeout(() => child.kill('SIGWINCH'), 3000); },
    });
    isError(isWhole(reply), 400);
    assert.ok(reply.ms < 20_000, `${reply.ms} ms`);
  });

  test('a client that takes nothing', async () => {
    const slow = new Forged();
    await slow.run('stats', '/api/v1/stats');
    await slow.db(`INSERT INTO twitter_account(id, username, access_token) VALUES(1, 'a', '');
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
      INSERT INTO tweet(twitter_account_id, content)
      SELECT 1, hex(zeroblob(20000)) FROM n`);
    const reply = await slow.run('tweets', '/api/v1/tweets', {
      timeout: KILLED_AT,
      command: (list) => ['/bin/sh', '-c',
        'mkfifo "$FIFO"; exec 3<>"$FIFO"; "$@" >&3; echo "$?"', 'sh', ...list],
      env: { FIFO: join(slow.dir, 'fifo'), PATH: '/usr/bin:/bin' },
    });
    slow.remove();
    assert.equal(reply.signal, null, 'it ended by itself');
    assert.match(reply.raw, /^142\n$/, 'by SIGALRM');
  });

  test('a log that is a pipe nobody reads', async () => {
    const stuck = new Forged();
    await stuck.run('stats', '/api/v1/stats');
    const logs = join(stuck.instanceDir, 'logs');
    mkdirSync(logs, { recursive: true });
    for (const day of [0, 1]) {
      const date = new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10);
      rmSync(join(logs, `error-${date}.log`), { force: true });
      execFileSync('mkfifo', [join(logs, `error-${date}.log`)]);
    }
    const reply = await stuck.run('stats', '/api/v1/stats',
      { env: { ENCRYPTION_KEY: 'broken' }, timeout: KILLED_AT });
    stuck.remove();
    assert.equal(reply.signal, null, 'it ended by itself');
    isError(reply, 500);
    assert.equal(reply.stderr, '');
  });
});
