// What a program answers (cgi-servers.md 12, 16 to 21): whole, in one write,
// after the commit, and with nothing else anywhere.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { each, hasCommonHeaders, isError, isJson } from '../support/checks.mjs';
import { Forged, isWhole } from '../support/forged.mjs';
import { build } from '../support/paths.mjs';

const MOCK = '/api/v1/mock-mode';
const TWEET = '/api/v1/tweet';

let cgi;
before(async () => {
  cgi = new Forged({ env: { TWITTER_CLIENT_ID: 'app' } }); // mock mode may be off
  isJson(await cgi.run('stats', '/api/v1/stats'), 200);
  await cgi.db("INSERT INTO twitter_account(id, username, access_token) VALUES(1, 'a', '')");
});
after(() => cgi.remove());

const REQUESTS = [
  ['health', '/api/v1/health', {}],
  ['health', '/api/v1/none', {}],
  ['accounts', '/api/v1/accounts', {}],
  ['accounts', '/api/v1/accounts', { method: 'HEAD' }],
  ['accounts', '/api/v1/accounts', { method: 'OPTIONS' }],
  ['accounts', '/api/v1/accounts', { method: 'PUT' }],
  ['accounts', '/api/v1/accounts', { method: 'BREW' }],
  ['accounts', '/api/v1/accounts', { key: 'wrong' }],
  ['accounts', '/api/v1/accounts', { key: 'wrong', method: 'HEAD' }],
  ['tweets', TWEET, { method: 'POST', json: { text: 'é 😀', account_id: 1 } }],
  ['tweets', TWEET, { method: 'POST', json: { text: 'x'.repeat(300), account_id: 1 } }],
  ['tweets', TWEET, { method: 'POST', body: '{' }],
  ['tweets', '/api/v1/tweets', {}],
  ['publish', '/api/v1/tweets/post-pending', { method: 'POST' }],
  ['auth', '/api/v1/auth/twitter', {}],
  ['auth', '/auth/callback', {}],
  ['auth', '/auth/callback', { env: { HTTP_ACCEPT: 'application/json' } }],
  ['auth', '/auth/mock', { query: 'state=x' }],
  ['stats', '/api/v1/stats', { env: { ENCRYPTION_KEY: 'broken' } }],
  ['stats', '/api/v1/stats', { env: { API_KEY: null } }],
];

test('16: every answer is whole and in its form', async () => {
  await each(REQUESTS, async ([program, path, how]) => {
    const reply = isWhole(await cgi.run(program, path, how));
    assert.ok(reply.raw.startsWith('Status: '));
    assert.ok(reply.status >= 200 && reply.status < 600);
    hasCommonHeaders(reply);
    assert.match(reply.headers['content-type'], /^(application\/json|text\/html); charset=utf-8$/);
    assert.doesNotMatch(reply.headers.status, /\b(Status|undefined)\b/);
  });
});

test('16: it is written in one go, after all else is on disk', async () => {
  const trace = join(cgi.dir, 'trace');
  await each(REQUESTS, async ([program, path, how]) => {
    rmSync(trace, { force: true });
    await cgi.run(program, path, {
      ...how,
      env: { ...how.env, ASAN_OPTIONS: 'detect_leaks=0' },
      command: (list) => ['strace', '-e',
        'trace=write,writev,pwrite64,fsync,fdatasync,exit_group', '-o', trace, ...list],
    });
    const calls = readFileSync(trace, 'utf8').split('\n').filter((line) => /^\w+\(/.test(line));
    const answers = calls.filter((line) => /^writev?\(1,/.test(line));
    assert.equal(answers.length, 1, answers.join('\n'));
    const after1 = calls.slice(calls.indexOf(answers[0]) + 1)
      .filter((line) => !line.startsWith('exit_group'));
    assert.deepEqual(after1, [], 'nothing is written behind it');
    assert.ok(!calls.some((line) => /^writev?\([02],/.test(line)), 'nothing goes to 0 or 2');
  });
});

test('20: what was asked for is synced before the first byte', async () => {
  const trace = join(cgi.dir, 'trace');
  await cgi.post('tweets', TWEET, { text: 'synced', account_id: 1 }, {
    env: { ASAN_OPTIONS: 'detect_leaks=0' },
    command: (list) => ['strace', '-y', '-e', 'trace=write,writev,fsync,fdatasync', '-o', trace, ...list],
  });
  const calls = readFileSync(trace, 'utf8').split('\n');
  const answer = calls.findIndex((line) => /^writev?\(1</.test(line));
  const synced = calls.findIndex((line) => /^f(data)?sync\(.*twitter_manager\.db/.test(line));
  assert.ok(synced >= 0 && synced < answer, `synced ${synced}, answered ${answer}`);
});

test('17: a new row is named in the body too, and redirects are not sent by accident', async () => {
  const reply = await cgi.post('tweets', TWEET, { text: 'new', account_id: 1 });
  const json = isJson(isWhole(reply), 201);
  assert.equal(reply.headers.location, `/api/v1/tweets/${json.tweet_id}`);
  await each(REQUESTS, async ([program, path, how]) => {
    const other = await cgi.run(program, path, how);
    if (other.status !== 201) assert.equal(other.headers.location, undefined);
  });
});

describe('the request id', () => {
  test('is the caller\'s where it is sane', async () => {
    await each(['a', 'A-1_b.2', 'x'.repeat(64), '123e4567-e89b-12d3-a456-426614174000'], async (id) => {
      const reply = isWhole(await cgi.run('accounts', '/api/v1/accounts/9',
        { headers: { 'X-Request-Id': id } }));
      assert.equal(reply.headers['x-request-id'], id);
      assert.equal(isError(reply, 404).request_id, id);
      assert.ok(cgi.log('api').some((line) => line.request_id === id), 'and in the log');
    });
  });

  test('is ours where it is not', async () => {
    await each(['', 'x'.repeat(65), 'a b', 'a,b', 'a\r\nX-Evil: 1', 'a\nb', '<script>', 'é', '"', '/'],
      async (id) => {
        const reply = isWhole(await cgi.run('health', '/api/v1/health', { env: { HTTP_X_REQUEST_ID: id } }));
        assert.match(reply.headers['x-request-id'], /^[\w-]{16}$/);
        assert.equal(reply.headers['x-evil'], undefined);
      });
  });

  test('differs from request to request', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () =>
      cgi.run('health', '/api/v1/health').then(({ headers }) => headers['x-request-id'])));
    assert.equal(new Set(ids).size, 10);
  });
});

describe('18: an end in the middle', () => {
  // What a server can pass on: headers that end, and JSON behind them.
  function isLastWords({ raw, json, status, stderr, signal }) {
    assert.deepEqual({ status, stderr, signal }, { status: 500, stderr: '', signal: null });
    assert.match(raw, /^Status: 500 Internal Server Error\r\nContent-Type: application\/json/);
    assert.ok(['internal_error', 'database_error', 'system_error'].includes(json.code), raw);
    assert.equal(typeof json.error, 'string');
    assert.equal(typeof json.retryable, 'boolean');
    return json;
  }

  test('an answer that grows too large is a whole 500', async () => {
    const large = new Forged();
    try {
      await large.run('stats', '/api/v1/stats');
      await large.db(`INSERT INTO twitter_account(id, username, access_token) VALUES(1, 'a', '');
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
        INSERT INTO tweet(twitter_account_id, content) SELECT 1, hex(zeroblob(1000000)) FROM n`);
      const reply = await large.run('tweets', '/api/v1/tweets', { headers: { 'X-Request-Id': 'big' } });
      assert.equal(isLastWords(reply).request_id, 'big');
      assert.equal(reply.exitCode, 70);
      const [line] = large.log('error').filter(({ request_id: id }) => id === 'big');
      assert.match(line.cause, /more than/);
    } finally { large.remove(); }
  });

  // A sanitizer takes terabytes of addresses, so only other builds can be so short.
  const sanitized = readFileSync(join(build, 'cgi-bin', 'stats')).includes('__asan_init');
  test('memory that runs out anywhere is a whole answer', { skip: sanitized }, async () => {
    const outcomes = new Map();
    for (let kib = 400; kib < 16_000; kib += 200) {
      const reply = await cgi.run('accounts', '/api/v1/accounts', {
        env: { PATH: '/usr/bin:/bin' },
        command: (list) => ['prlimit', `--as=${kib * 1024}`, ...list],
      });
      const loaded = reply.exitCode !== 127 && !(reply.signal && reply.raw === '');
      if (loaded && reply.status === 200) isWhole(reply);
      else if (loaded) isLastWords(reply);
      outcomes.set(loaded ? reply.status : null, kib);
    }
    assert.ok(outcomes.has(500) && outcomes.has(200), JSON.stringify([...outcomes]));
  });
});

describe('19: standard error and the logs', () => {
  test('a fault is told in the log and to the caller, not on standard error', async () => {
    const broken = new Forged();
    try {
      await broken.run('stats', '/api/v1/stats');
      writeFileSync(broken.dbPath, 'this is no database at all, whatever it is');
      rmSync(`${broken.dbPath}-wal`, { force: true });
      rmSync(`${broken.dbPath}-shm`, { force: true });
      const reply = isWhole(await broken.run('stats', '/api/v1/stats'));
      const { request_id: id } = isError(reply, 500, 'database_error');
      const lines = broken.log('error').filter((line) => line.request_id === id);
      assert.equal(lines.length, 1);
      assert.match(lines[0].cause, /database/);
    } finally { broken.remove(); }
  });

  test('a folder that cannot be written is a whole 500 as well', async () => {
    await each(['/proc/none', '/dev/null/x', '/dev/full'], async (folder) => {
      const reply = isWhole(await cgi.run('stats', '/api/v1/stats', { env: { INSTANCE_DIR: folder } }));
      isError(reply, 500);
    });
  });
});

describe('a client that is gone', () => {
  test('does not undo what was asked for', async () => {
    await each([true, false], async (enabled) => {
      const { exitCode, signal, stderr } = await cgi.post('mock-mode', MOCK, { enabled }, {
        started: (child, output) => output.destroy(),
      });
      assert.deepEqual({ exitCode, signal, stderr }, { exitCode: 0, signal: null, stderr: '' });
      assert.equal(isJson(await cgi.run('mock-mode', MOCK), 200).mock_mode, enabled);
    });
  });

  test('nor does a standard output that is closed or full', async () => {
    await each([[true, '>&-'], [false, '>/dev/full']], async ([enabled, where]) => {
      const { exitCode, signal, stderr } = await cgi.post('mock-mode', MOCK, { enabled }, {
        command: (list) => ['/bin/sh', '-c', `exec "$@" ${where}`, 'sh', ...list],
      });
      assert.deepEqual({ exitCode, signal, stderr }, { exitCode: 0, signal: null, stderr: '' });
      assert.equal(isJson(await cgi.run('mock-mode', MOCK), 200).mock_mode, enabled);
    });
  });
});
