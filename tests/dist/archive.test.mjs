// What `make dist` makes runs where nothing is but a web server.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { isJson, until } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { send } from '../support/http.mjs';
import { db, freePort } from '../support/instance.mjs';
import { followRecipe } from '../support/servers/common.mjs';
import { root } from '../support/paths.mjs';
import { newApiKey, newFernetKey, newFolder, removeFolder } from '../support/settings.mjs';
import { Client, archive, areStatic, keyIn, names, unpack, writeEnv } from './archive.mjs';

const BUSYBOX = '/bin/busybox';
const asRoot = process.getuid() === 0;
let dir;

before(() => { dir = newFolder(); archive(); });
after(() => removeFolder(dir));

const run = (file, args, options = {}) =>
  execFileSync(file, args, { encoding: 'utf8', env: {}, ...options });

test('nothing of a person’s own is in it, and everything is in one folder', () => {
  const all = names();
  assert.ok(all.length > 50);
  assert.deepEqual(all.filter((name) => /^(\.env|instance|\/)|\.\.|\.db$|\.log$/.test(name)), []);
  for (const name of ['index.html', 'docs/index.html', 'docs/swagger-ui-bundle.js', 'INSTALL', '.htaccess',
    'private/.htaccess', 'private/env.example', 'private/man/twitter-manager.1', 'private/bin/twitter-manager',
    'api/v1/tick', 'auth/callback']) {
    assert.ok(all.includes(name), name);
  }
});

test('its programs need nothing of the host: no loader, no library', () => {
  const top = join(dir, 'needs');
  unpack(top);
  areStatic(top);
});

test('the notices of all that its programs hold are in it', () => {
  const recipes = readdirSync(join(root, 'conf/libraries'));
  const notices = names().filter((name) => name.startsWith('private/licenses/') && !name.endsWith('/'))
    .map((name) => name.split('/').at(-1));
  assert.deepEqual(notices.sort(), [...recipes, 'ca-certificates', 'musl'].sort());
});

test('a program needs nothing beside it', () => {
  const top = join(dir, 'torn');
  unpack(top);
  mkdirSync(join(dir, 'elsewhere'));
  copyFileSync(join(top, 'api/v1/health'), join(dir, 'elsewhere/health'));
  const reply = run(join(dir, 'elsewhere/health'), [], {
    env: { REQUEST_METHOD: 'GET', SCRIPT_NAME: '/api/v1/health' },
  });
  assert.match(reply, /^Status: 200 /);
});

test('the tool works from any folder, finds its .env above private/, and makes one there', () => {
  const top = join(dir, 'tool');
  unpack(top);
  const tool = join(top, 'private/bin/twitter-manager');
  run(tool, ['init'], { cwd: '/' });
  assert.equal(statSync(join(top, '.env')).mode & 0o777, 0o600);
  const key = keyIn(top);
  const reply = run(join(top, 'api/v1/test'), [], {
    cwd: '/', env: { REQUEST_METHOD: 'GET', SCRIPT_NAME: '/api/v1/test', HTTP_X_API_KEY: key },
  });
  assert.match(reply, /^Status: 200 /);
  assert.ok(existsSync(join(top, 'instance/twitter_manager.db')));
  JSON.parse(run(tool, ['tick', '--json'], { cwd: '/' }));
});

describe('in a chroot that holds only busybox and the archive', { skip: !asRoot && 'chroot wants root' }, () => {
  let x; let jail; let server; let client;
  const output = [];

  before(async () => {
    const port = await freePort();
    x = await startFakeX();
    jail = join(dir, 'jail');
    mkdirSync(join(jail, 'bin'), { recursive: true });
    copyFileSync(BUSYBOX, join(jail, 'bin/busybox'));
    const top = join(jail, 'tm');
    unpack(top);
    followRecipe('busybox.conf', top);
    const key = newApiKey();
    client = new Client(`http://127.0.0.1:${port}`, '/cgi-bin', key);
    const callback = `${client.url}/cgi-bin/auth/callback`;
    x.registerRedirect(callback);
    writeEnv(join(top, '.env'), {
      API_KEY: key, ENCRYPTION_KEY: newFernetKey(), TWITTER_CALLBACK_URL: callback, MOCK_MODE: 0,
      TWITTER_CLIENT_ID: x.clientId, TWITTER_CLIENT_SECRET: x.clientSecret ?? '',
      TWITTER_API_URL: x.url, TWITTER_AUTHORIZE_URL: x.authorizeUrl,
    });
    server = spawn('/usr/sbin/chroot', [jail, '/bin/busybox', 'httpd', '-f', '-p', `127.0.0.1:${port}`,
      '-h', '/tm/site', '-c', '/tm/private/conf/busybox.conf'],
      { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (bytes) => output.push(bytes));
    await until(() => send(client.url, 'GET', '/').then(({ status }) => status === 200, () => false), 'httpd');
  });
  after(async () => {
    const ended = server && new Promise((resolve) => { server.once('exit', resolve); });
    server?.kill('SIGTERM');
    await ended;
    await x?.close();
  });

  test('it serves the dashboard', async () => {
    const page = await send(client.url, 'GET', '/');
    assert.match(page.text, /Twitter Manager/);
    assert.equal((await send(client.url, 'GET', '/js/main.js')).status, 200);
    assert.equal((await client.get('health')).status, 'healthy');
  });

  test('it links an account', async () => {
    const { auth_url: authUrl } = await client.get('auth/twitter');
    const reply = await client.follow(await x.consent(authUrl, x.addUser({ username: 'jailed' })));
    assert.equal(isJson(reply, 200).username, 'jailed');
  });

  test('it posts, once', async () => {
    const { tweet_id: id } = await client.post('tweet', { account_id: 1, text: 'From a jail' }, 201);
    const { twitter_id: posted } = await client.post(`tweet/post/${id}`);
    assert.equal(x.posted('From a jail')[0].id, posted);
    assert.equal(x.arrivals('From a jail'), 1);
    await client.post('tweet', { account_id: 1, text: 'From a jail, too' }, 201);
    assert.equal((await client.post('tweets/post-pending')).posted, 1);
    assert.equal(x.arrivals('From a jail, too'), 1);
  });

  test('it said nothing on the server’s stderr', () => {
    assert.equal(Buffer.concat(output).toString(), '');
  });
});

test('an empty folder as the root of the system is enough', { skip: !asRoot && 'chroot wants root' }, () => {
  const jail = join(dir, 'empty');
  unpack(jail);
  const inside = (program, args = [], env = {}) => run('/usr/sbin/chroot', [jail, program, ...args], { env });
  inside('/private/bin/twitter-manager', ['init']);
  const key = keyIn(jail);
  for (const path of ['health', 'stats', 'tweets', 'accounts', 'monitoring', 'auth/twitter']) {
    const program = path.split('/')[0];
    const reply = inside(`/api/v1/${program}`, [], {
      REQUEST_METHOD: 'GET', SCRIPT_NAME: `/api/v1/${program}`, HTTP_X_API_KEY: key,
      ...(program !== path && { PATH_INFO: path.slice(program.length) }),
    });
    assert.match(reply, /^Status: 200 /, path);
  }
  assert.ok(existsSync(join(jail, 'instance/twitter_manager.db')));
  JSON.parse(inside('/private/bin/twitter-manager', ['tick', '--json']));
});

describe('on a kernel as old as Linux 3.10', () => {
  // What came later, and a C library or OpenSSL may try.
  const later = ['getrandom', 'memfd_create', 'membarrier', 'copy_file_range', 'preadv2', 'pwritev2', 'statx', 'rseq',
    'renameat2', 'execveat', 'clone3', 'close_range', 'openat2', 'faccessat2', 'epoll_pwait2', 'userfaultfd'];
  const refused = ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${later}:error=ENOSYS`];
  let top; let x; let key;
  // Not synchronously: X answers out of this process.
  const start = async (program, args, env, body = '') => {
    const child = spawn('/usr/bin/strace', [...refused, join(top, program), ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(body);
    return (await child.stdout.toArray()).join('');
  };
  const request = async (method, path, { query = '', body = '' } = {}) => {
    const [program] = /^\/(api\/v1\/[\w-]+|auth\/callback)/.exec(path);
    const reply = await start(program.slice(1), [], {
      REQUEST_METHOD: method, SCRIPT_NAME: program, PATH_INFO: path.slice(program.length), QUERY_STRING: query,
      HTTP_X_API_KEY: key, HTTP_ACCEPT: 'application/json', CONTENT_TYPE: 'application/json',
      CONTENT_LENGTH: `${Buffer.byteLength(body)}`,
    }, body);
    assert.match(reply, /^Status: 20[01] /, `${path}: ${reply}`);
    return JSON.parse(reply.split('\r\n\r\n')[1]);
  };

  before(async () => {
    top = join(dir, 'old');
    unpack(top);
    x = await startFakeX();
    key = newApiKey();
    const callback = 'http://127.0.0.1/auth/callback';
    x.registerRedirect(callback);
    writeEnv(join(top, '.env'), {
      API_KEY: key, ENCRYPTION_KEY: newFernetKey(), TWITTER_CALLBACK_URL: callback, MOCK_MODE: 0,
      TWITTER_CLIENT_ID: x.clientId, TWITTER_CLIENT_SECRET: x.clientSecret ?? '',
      TWITTER_API_URL: x.url.replace('127.0.0.1', 'localhost'), TWITTER_AUTHORIZE_URL: x.authorizeUrl,
    });
  });
  after(() => x?.close());

  test('every program answers', async () => {
    for (const path of ['health', 'stats', 'tweets', 'accounts', 'monitoring', 'mock-mode']) {
      await request('GET', `/api/v1/${path}`);
    }
    JSON.parse(await start('private/bin/twitter-manager', ['tick', '--json'], {}));
  });

  test('an account is linked, and a tweet posted', async () => {
    const text = 'From an old kernel';
    const { auth_url: authUrl } = await request('GET', '/api/v1/auth/twitter');
    const back = new URL(await x.consent(authUrl, x.addUser({ username: 'old_kernel' })));
    const linked = await request('GET', '/auth/callback', { query: back.search.slice(1) });
    assert.equal(linked.username, 'old_kernel');
    const { tweet_id: id } = await request('POST', '/api/v1/tweet', { body: JSON.stringify({ account_id: 1, text }) });
    const posted = await request('POST', `/api/v1/tweet/post/${id}`);
    assert.equal(posted.twitter_id, x.posted(text)[0].id);
  });
});

describe('an upgrade', () => {
  const request = (top, key, path = 'accounts') => {
    const reply = run(join(top, 'api/v1', path), [], {
      env: { REQUEST_METHOD: 'GET', SCRIPT_NAME: `/api/v1/${path}`, HTTP_X_API_KEY: key },
    });
    return { status: Number(/^Status: (\d+)/.exec(reply)[1]), json: JSON.parse(reply.split('\r\n\r\n')[1]) };
  };
  let top; let key; let file;

  before(() => {
    top = join(dir, 'upgraded');
    unpack(top);
    key = newApiKey();
    writeEnv(join(top, '.env'), { API_KEY: key, ENCRYPTION_KEY: newFernetKey(), MOCK_MODE: 1 });
    file = join(top, 'instance/twitter_manager.db');
  });

  test('is unpacking over it: settings and data stay', async () => {
    assert.equal(request(top, key).status, 200);
    await db(file, 'INSERT INTO twitter_account (username, access_token) VALUES (\'kept\', \'\')');
    unpack(top);
    const { status, json } = request(top, key);
    assert.equal(status, 200);
    assert.deepEqual(json.accounts.map(({ username }) => username), ['kept']);
  });

  test('from an archive with its own loader leaves files that doctor names and offers to remove', () => {
    mkdirSync(join(top, 'private/programs'));
    for (const name of ['programs/tweets', 'lib/libc.so.6', 'lib/ld-linux-x86-64.so.2']) {
      writeFileSync(join(top, 'private', name), 'old');
    }
    const programs = () => {
      const { stdout } = spawnSync(join(top, 'private/bin/twitter-manager'), ['doctor', '--json'],
        { encoding: 'utf8', env: {} });
      return JSON.parse(stdout).checks.find(({ check }) => check === 'programs');
    };
    const { status, hint } = programs();
    assert.equal(status, 'warn');
    assert.match(hint, /rm -r .*private\/programs .*private\/lib\/\*\.so\*/);
    run('sh', ['-c', hint.trim()], { env: process.env });
    assert.equal(programs().status, 'ok');
    assert.deepEqual(readdirSync(join(top, 'private/lib')), ['ca-certificates.crt']);
    assert.equal(request(top, key).status, 200);
  });

  test('brings an older database up to date by itself', async () => {
    removeFolder(join(top, 'instance'));
    mkdirSync(join(top, 'instance'));
    await db(file, `CREATE TABLE api_key (id INTEGER PRIMARY KEY AUTOINCREMENT, key_hash TEXT UNIQUE NOT NULL,
        created_at DATETIME DEFAULT CURRENT_TIMESTAMP, is_active BOOLEAN DEFAULT 1);
      CREATE TABLE twitter_account (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT UNIQUE NOT NULL,
        access_token TEXT NOT NULL, access_token_secret TEXT, refresh_token TEXT, status TEXT DEFAULT 'active',
        created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME);
      CREATE TABLE tweet (id INTEGER PRIMARY KEY AUTOINCREMENT,
        twitter_account_id INTEGER NOT NULL REFERENCES twitter_account(id), content TEXT NOT NULL,
        status TEXT DEFAULT 'pending', twitter_id TEXT, created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
        posted_at DATETIME);
      CREATE TABLE oauth_state (state TEXT PRIMARY KEY, code_verifier TEXT NOT NULL, created_at DATETIME NOT NULL);
      INSERT INTO twitter_account (username, access_token) VALUES ('old_one', '');
      INSERT INTO tweet (twitter_account_id, content) VALUES (1, 'from before')`);
    const { status, json } = request(top, key, 'tweets');
    assert.equal(status, 200);
    assert.deepEqual(json.tweets.map(({ text }) => text), ['from before']);
  });

  test('is not undone by an older program: it refuses the newer database, in words', async () => {
    const [{ user_version: version }] = await db(file, 'PRAGMA user_version');
    await db(file, `PRAGMA user_version = ${version + 1}`);
    const bytes = readFileSync(file);
    const { status, json } = request(top, key, 'tweets');
    assert.equal(status, 500);
    assert.equal(json.code, 'database_newer');
    assert.match(json.error, /version \d+, this program supports \d+/);
    assert.deepEqual(readFileSync(file), bytes, 'nothing was written');
  });
});

test('private/ may lie above the document root, and then all that is private does', () => {
  const home = join(dir, 'home');
  const top = join(home, 'public_html/tweets');
  unpack(top);
  renameSync(join(top, 'private'), join(home, 'private'));
  run(join(home, 'private/bin/twitter-manager'), ['init'], { cwd: '/' });
  const key = keyIn(home);
  const ask = (program, path, method) => run(join(top, 'api/v1', program), [], {
    env: { REQUEST_METHOD: method, SCRIPT_NAME: `/tweets/api/v1/${program}`, PATH_INFO: path, HTTP_X_API_KEY: key,
      CONTENT_LENGTH: '0' },
  });
  assert.match(ask('stats', '', 'GET'), /^Status: 200 /);
  assert.match(ask('tweets', '/post-pending', 'POST'), /^Status: 200 /);
  assert.ok(existsSync(join(home, 'instance/twitter_manager.db')));
  assert.deepEqual(readdirSync(join(home, 'public_html')), ['tweets']);
  assert.ok(!readdirSync(top).some((name) => ['.env', 'instance', 'private'].includes(name)));
});

test('the instance folder may lie elsewhere', () => {
  const top = join(dir, 'apart');
  unpack(top);
  const key = newApiKey();
  writeEnv(join(top, '.env'), {
    API_KEY: key, ENCRYPTION_KEY: newFernetKey(), INSTANCE_DIR: join(dir, 'data of apart'),
  });
  const reply = run(join(top, 'api/v1/stats'), [], {
    env: { REQUEST_METHOD: 'GET', SCRIPT_NAME: '/api/v1/stats', HTTP_X_API_KEY: key },
  });
  assert.match(reply, /^Status: 200 /);
  assert.ok(existsSync(join(dir, 'data of apart/twitter_manager.db')));
  assert.ok(!existsSync(join(top, 'instance')));
});
