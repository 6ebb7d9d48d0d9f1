// Nothing private can be fetched: not by its name, not by any other spelling of
// it. Whatever a path names is really there, with a mark in it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { rawRequest, request, startInstance } from '../support/instance.mjs';
import { linkMock } from '../support/link.mjs';
import { serverName } from '../support/servers/index.mjs';

const MARK = 'mark-of-what-is-private';

/** What people and programs leave in such folders. */
const DECOYS = [
  // settings, and what editors and copies make of them
  ...['.env.bak', '.env~', '.env.swp', '.env.old', '.env.orig', '.env.save', '.env.local', '.env.tmp',
    '.env.dist', '.env.1', '.env.production', '.env.zip', '#.env#', '.#.env', '..env.swp', '.env.swo',
    '.env copy', 'env', 'env.txt~', '.envrc', '.ENV', 'Copy of .env', 'private/env.example'],
  // databases and dumps
  ...['twitter_manager.db', 'twitter_manager.db.bak', 'twitter_manager.db~', 'twitter_manager.sqlite',
    'dump.sql', 'dump.sql.gz', 'backup.sql', 'backup.tar.gz', 'backup.zip', 'backup.tgz', 'db.sqlite3',
    'database.db', 'data.db-journal', 'site.tar', 'twitter_manager.db-wal', 'twitter_manager.db-shm'],
  ...['instance/twitter_manager.db.bak', 'instance/twitter_manager.db-journal', 'instance/backup.json',
    'instance/backup.html', 'instance/index.html', 'instance/tmp/upload.txt', 'instance/locks/app.lock',
    'instance/logs/api-2026-01-01.log', 'instance/logs/error-2026-01-01.log', 'instance/logs/x.txt',
    'instance/logs/index.html', 'instance/notes.txt', 'instance/.env'],
  // version control, tools, systems
  ...['.git/config', '.git/HEAD', '.git/index', '.git/logs/HEAD', '.git/index.html', '.gitignore',
    '.svn/entries', '.svn/wc.db', '.hg/hgrc', '.bzr/branch.conf', '.DS_Store', '.htpasswd',
    '.bash_history', '.ssh/id_rsa', '.ssh/authorized_keys', '.aws/credentials', '.npmrc',
    '.netrc', '.vscode/sftp.json', '.idea/workspace.xml', '.well-known/../.env.bak',
    '.ci/run', '.docker/config.json', '.user.ini'],
  // logs and leftovers
  ...['access.log', 'error.log', 'debug.log', 'server.log.1', 'error_log', 'core', 'core.1234',
    'nohup.out', 'Makefile', 'id_rsa', 'index.html~', 'index.html.bak', 'index.html.orig',
    '.index.html.swp', 'config.php.bak', 'config.yml', 'config.ini', 'settings.py', 'wp-config.php',
    'docker-compose.yml', 'main.c', 'tweets.c', 'INSTALL.bak', 'web.config', 'phpinfo.php'],
  // the archive's own
  ...['private/programs/accounts', 'private/lib/libc.so.6', 'private/bin/twitter-manager',
    'private/conf/nginx.conf', 'private/man/twitter-manager.1', 'private/index.html',
    'private/run/secret.json', 'private/notes.txt', 'private/x/y/z.html'],
  // beside the programs
  ...['api/v1/accounts.bak', 'api/v1/.accounts.swp', 'api/v1/accounts~', 'api/v1/.env', 'api/.env',
    'auth/.env', 'auth/callback.bak', 'api/v1/stats.c', 'api/v1/notes.txt'],
];

const REAL = ['.env', 'instance/twitter_manager.db', 'instance/twitter_manager.db-wal',
  'instance/twitter_manager.db-shm', '.htaccess', 'api/.htaccess', 'private/.htaccess', 'server.log',
  'instance/', 'private/', '.git/', 'instance', 'private', '.git', 'instance/logs/', 'api/', 'auth/',
  'api/v1/'];

const encodeAll = (text) => [...Buffer.from(text)]
  .map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const encodePath = (path) => path.split('/').map(encodeURIComponent).join('/');

/** Other ways to write a path; the first is the plain one. */
function spellings(path) {
  const plain = encodePath(path);
  const [first, ...rest] = plain.split('/');
  const upper = plain.replace(/[a-z]/, (letter) => letter.toUpperCase());
  return [`/${plain}`, `//${plain}`, `/./${plain}`, `/css/../${plain}`, `/css/%2e%2e/${plain}`,
    `/css/..%2f${plain}`, `/css/%252e%252e%252f${plain}`, `/%2e/${plain}`, `/${encodeAll(path)}`,
    `/${encodeAll(path).replaceAll('%', '%25')}`, `/${plain.replaceAll('/', '%2f')}`,
    `/${plain.replaceAll('/', '%5c')}`, `/${first}/${['.', ...rest].join('/')}`, `/${plain}/`,
    `/${plain}.`, `/${plain}%20`, `/${plain}%00`, `/${plain}%00.html`, `/${plain}%00.css`, `/${plain};.css`,
    `/${plain}?`, `/${plain}?x=/index.html`, `/${plain}%3f.css`, `/${plain}%23.css`, `/${plain}/x.css`,
    `/${plain}/index.html`, `/${upper}`, `/index.html/${plain}`, `/docs/../${plain}`, `/docs//../${plain}`,
    `/css/base.css/../../${plain}`, `/api/v1/health/../../../${plain}`, `/api/v1/../../${plain}`,
    `/api/v1/%2e%2e/%2e%2e/${plain}`, `/auth/callback/../../${plain}`, `/cgi-bin/../${plain}`,
    `/cgi-bin/%2e%2e/%2e%2e/${plain}`, `/css/..;/${plain}`, `/css/..%c0%af${plain}`, `/.%2e/${plain}`,
    `/site/${plain}`, `/site/../${plain}`, `/css/..%5c${plain}`, `/../${plain}`, `/css/.../${plain}`];
}

let instance;
let holder;

before(async () => {
  instance = await startInstance();
  await linkMock(instance, 'private');
  for (const name of DECOYS) {
    const file = join(instance.dir, name);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, `${MARK}\n`, { mode: 0o644 });
  }
  // Who keeps it open keeps its -wal and -shm there.
  holder = spawn('sqlite3', [instance.dbPath], { stdio: ['pipe', 'pipe', 'ignore'] });
  holder.stdin.write("UPDATE twitter_account SET username = username; SELECT 'open';\n");
  await new Promise((resolve) => { holder.stdout.once('data', resolve); });
});
after(async () => {
  holder?.kill();
  await instance?.stop();
});

/** What stands in files that are private, whatever its name. */
function secrets() {
  return [MARK, 'SQLite format 3', instance.key, instance.encryptionKey, 'Require all',
    'oauth_state', 'ENCRYPTION_KEY'];
}

async function leaks(path) {
  const reply = await rawRequest(instance,
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`).catch(() => null);
  return reply === null ? [] : secrets().filter((secret) => reply.text.includes(secret));
}

/** Asks for all, several at a time; what leaked. */
async function leaking(paths) {
  const found = [];
  const waiting = [...paths];
  const worker = async () => {
    while (waiting.length) {
      const path = waiting.shift();
      const what = await leaks(path);
      if (what.length) found.push(`${path}: ${what}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return found;
}

test('what is public is served, so that the rest fails for its own reason', async () => {
  const reply = await request(instance, 'GET', '/css/base.css', { key: null });
  assert.equal(reply.status, 200);
  const [from] = ['css/base.css', 'site/css/base.css'].map((name) => join(instance.dir, name))
    .filter(existsSync);
  if (from) assert.equal(reply.text, readFileSync(from, 'utf8'));
});

test('the database is there, with its -wal and -shm', () => {
  for (const end of ['', '-wal', '-shm']) assert.ok(existsSync(instance.dbPath + end), end);
});

test('no private path gives what it names', async (t) => {
  const paths = [...REAL, ...DECOYS].map((name) => `/${encodePath(name)}`);
  t.diagnostic(`${paths.length} private paths under ${serverName()}`);
  assert.deepEqual(await leaking(paths), []);
});

test('no other spelling of a private path does', async (t) => {
  const names = [...REAL, '.env~', '.env.bak', '.git/config', 'dump.sql', 'instance/notes.txt',
    'private/notes.txt', 'private/index.html', 'index.html~', 'api/v1/accounts.bak'];
  const paths = new Set(names.flatMap((name) => spellings(name).slice(1)));
  t.diagnostic(`${paths.size} spellings under ${serverName()}`);
  assert.ok(paths.size > 200);
  assert.deepEqual(await leaking(paths), []);
});

test('no folder is listed', async () => {
  for (const path of ['/css/', '/js/', '/api/', '/api/v1/', '/auth/', '/instance/', '/private/', '/.git/']) {
    const { status, text } = await request(instance, 'GET', path, { key: null });
    assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
    assert.doesNotMatch(text, /base\.css|api\.js|accounts|twitter_manager/, path);
  }
});
