// Settings and storage that cannot work: a complete JSON error that names what
// is wrong, from the bare programs, with nothing made by mistake.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { each } from '../support/checks.mjs';
import { db } from '../support/instance.mjs';
import { addAccount } from '../support/link.mjs';
import { newFernetKey, newFolder, removeFolder, settingsFor } from '../support/settings.mjs';

let dir;
beforeEach(() => { dir = newFolder(); });
afterEach(() => removeFolder(dir));

const database = () => join(dir, 'instance', 'twitter_manager.db');
const settings = (env) => settingsFor(dir, { env });

function run(program, path, how = {}, env = {}, cwd = dir) {
  return runCgi(program, {
    env: cgiEnv(settings({ API_KEY: 'the-key', ENCRYPTION_KEY: KEY, ...env }), { path, ...how }),
    body: how.body, cwd,
  });
}

const KEY = newFernetKey();
const stats = (env) => run('stats', '/api/v1/stats', {}, env);

function isFault(reply, statuses, what = '') {
  assert.ok([statuses].flat().includes(reply.status), `${what}: ${reply.raw}`);
  assert.equal(reply.signal, null, what);
  assert.equal(typeof reply.json?.error, 'string', `${what}: ${reply.raw}`);
  assert.match(reply.json.code, /^[a-z][a-z0-9_]*$/);
  assert.equal(reply.stderr, '', what);
  return reply.json;
}

test('good settings work, so that the others fail for their own reason', async () => {
  assert.equal((await stats()).status, 200);
});

test('no settings at all are a clear fault', async () => {
  const json = isFault(await stats({ API_KEY: null, ENCRYPTION_KEY: null }), 500);
  assert.equal(json.code, 'config_missing');
  assert.match(json.error + (json.hint ?? ''), /API_KEY|ENCRYPTION_KEY|init/);
});

test('each missing key is named', async () => {
  for (const name of ['API_KEY', 'ENCRYPTION_KEY']) {
    const json = isFault(await stats({ [name]: null }), 500, name);
    assert.equal(json.code, 'config_missing');
    assert.ok((json.error + (json.hint ?? '')).includes(name), json.error);
  }
});

test('a malformed ENCRYPTION_KEY is named, and not shown', async () => {
  const wrongs = ['short', `${KEY}x`, KEY.slice(0, -4), '!'.repeat(44), `${KEY},broken`,
    'a'.repeat(44)];
  await each(wrongs, async (wrong) => {
    const json = isFault(await stats({ ENCRYPTION_KEY: wrong }), 500);
    assert.ok((json.error + (json.hint ?? '')).includes('ENCRYPTION_KEY'), json.error);
    assert.ok(!JSON.stringify(json).includes(wrong));
  });
});

test('a setting that cannot be understood is named', async () => {
  await each([['MOCK_MODE', 'maybe'], ['MOCK_MODE', '2'], ['TWITTER_API_URL', 'not a url'],
    ['TWITTER_API_URL', 'file:///etc/passwd'], ['LOG_RETENTION_DAYS', 'x']],
  async ([name, value]) => {
    const json = isFault(await stats({ [name]: value }), 500);
    assert.ok((json.error + (json.hint ?? '')).includes(name), json.error);
  });
});

test('Windows paths are refused with the name of the setting', async () => {
  await each(['C:\\data', 'c:/data', '\\\\server\\share', 'C:'], async (path) => {
    const json = isFault(await stats({ INSTANCE_DIR: path }), 500);
    assert.ok((json.error + (json.hint ?? '')).includes('INSTANCE_DIR'), json.error);
  });
  assert.deepEqual(readdirSync(dir).filter((name) => /^c:|\\/i.test(name)), []);
});

test('blanks, back slashes and other scripts in a path work', async () => {
  await each(['with blanks', 'back\\slash', 'ünï 漢字', "quote'd", 'a%20b', 'file:x?mode=ro#y'],
    async (name) => {
      const path = join(dir, name);
      const reply = await stats({ INSTANCE_DIR: path });
      assert.equal(reply.status, 200, reply.raw);
      assert.ok(existsSync(join(path, 'twitter_manager.db')));
    });
});

test('settings are read from the file that is named, over which the environment wins', async () => {
  const file = join(dir, '.env');
  writeFileSync(file, `# settings\r\nexport API_KEY="from-the-file"\r\nENCRYPTION_KEY='${KEY}'\r\n`
    + 'INSTANCE_DIR=relative # a remark\r\nMOCK_MODE=on\r\n');
  const none = { API_KEY: null, ENCRYPTION_KEY: null, INSTANCE_DIR: null, MOCK_MODE: null };
  const reply = await run('stats', '/api/v1/stats', { key: 'from-the-file' }, none, '/');
  assert.equal(reply.status, 200, reply.raw);
  assert.ok(existsSync(join(dir, 'relative', 'twitter_manager.db')));
  const over = await run('stats', '/api/v1/stats', { key: 'from-the-file' },
    { ...none, API_KEY: 'from-the-environment' });
  assert.equal(over.status, 401, over.raw);
});

test('what is no database is refused and left as it is', async () => {
  mkdirSync(join(dir, 'instance'));
  const junk = 'this is not a database, but something of the same name. '.repeat(100);
  writeFileSync(database(), junk);
  isFault(await stats(), [500, 503]);
  assert.equal(readFileSync(database(), 'utf8'), junk);
});

test('a damaged database is a clear fault', async () => {
  await stats();
  await db(database(), 'PRAGMA wal_checkpoint(TRUNCATE)');
  const bytes = readFileSync(database());
  bytes.fill(0x5a, 100, bytes.length);
  writeFileSync(database(), bytes);
  for (const end of ['-wal', '-shm']) rmSync(database() + end, { force: true });
  isFault(await stats(), [500, 503]);
});

test('a database of a newer version is refused in words', async () => {
  await stats();
  // However the version is kept, a later one is refused.
  await db(database(), 'PRAGMA user_version = 1000000');
  const json = isFault(await stats(), [500, 503]);
  assert.match(json.error + (json.hint ?? ''), /newer|version/i);
});

test('a folder in place of the database, and a file in place of the folder', async () => {
  mkdirSync(database(), { recursive: true });
  isFault(await stats(), [500, 503]);
  rmSync(join(dir, 'instance'), { recursive: true });
  writeFileSync(join(dir, 'instance'), 'a file');
  isFault(await stats(), [500, 503]);
  isFault(await stats({ INSTANCE_DIR: '/proc/nowhere' }), [500, 503]);
});

function lock(sql) {
  const child = spawn('sqlite3', [database()], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.write(`${sql};\nSELECT 'held';\n`);
  return new Promise((resolve) => { child.stdout.once('data', () => resolve(child)); });
}

const tweet = () => run('tweets', '/api/v1/tweet',
  { method: 'POST', body: '{"text":"x","account_id":1}' });

test('a database locked for a moment is waited for', async () => {
  await stats();
  await addAccount({ dbPath: database(), encryptionKey: KEY }, { username: 'a' });
  const holder = await lock('BEGIN IMMEDIATE');
  setTimeout(() => holder.kill(), 700);
  const reply = await tweet();
  assert.equal(reply.status, 201, reply.raw);
});

test('a database locked for good is a fault that is worth another try', async () => {
  await stats();
  await addAccount({ dbPath: database(), encryptionKey: KEY }, { username: 'a' });
  const holder = await lock('BEGIN IMMEDIATE');
  try {
    const reply = await tweet();
    const json = isFault(reply, [500, 503]);
    assert.equal(json.retryable, true);
    assert.ok(reply.ms < 25_000);
    assert.deepEqual(await db(database(), 'SELECT * FROM tweet'), []);
  } finally {
    holder.kill();
  }
});

test('health tells nothing of the settings it lacks, and never crashes', async () => {
  const reply = await run('health', '/api/v1/health', { key: null },
    { API_KEY: null, ENCRYPTION_KEY: null });
  assert.ok([200, 500, 503].includes(reply.status), reply.raw);
  assert.equal(reply.signal, null);
});
