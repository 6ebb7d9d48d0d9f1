// The archive on a shared host: an ordinary user unpacks it below the document
// root of an Apache that runs CGI and heeds .htaccess, and has nothing else.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { isJson, until } from '../support/checks.mjs';
import { send } from '../support/http.mjs';
import { freePort } from '../support/instance.mjs';
import { newFolder, removeFolder } from '../support/settings.mjs';
import { textOf } from '../support/site.mjs';
import { Client, archive, unpack } from './archive.mjs';

const USER = [61001, 61001];
const SERVER = [61002, 61002];
const MODULES = ['mpm_prefork', 'cgi', 'authz_core', 'dir', 'mime', 'rewrite', 'headers', 'setenvif', 'env'];
const asRoot = process.getuid() === 0;

const as = ([uid, gid], command) =>
  ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig=TERM', ...command];

const hostConfig = (dir, port) => `
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
ServerName localhost
ServerRoot ${dir}/run
DefaultRuntimeDir ${dir}/run
PidFile ${dir}/run/apache.pid
Mutex file:${dir}/run
ErrorLog ${dir}/run/error.log
TypesConfig /dev/null
Listen 127.0.0.1:${port}
DocumentRoot ${dir}/public_html
<Directory ${dir}/public_html>
  AllowOverride All
  Require all granted
</Directory>
`;

/** An Apache that runs as `owner`, with the archive at /tweets/. */
class Host {
  static async start(owner) {
    const dir = newFolder();
    const port = await freePort();
    const host = new Host(dir, `http://127.0.0.1:${port}`);
    chmodSync(dir, 0o755);
    for (const [name, [uid, gid]] of [['run', owner], ['public_html', USER]]) {
      mkdirSync(join(dir, name));
      chownSync(join(dir, name), uid, gid);
    }
    unpack(host.top, USER);
    writeFileSync(join(dir, 'host.conf'), hostConfig(dir, port));
    const log = openSync(join(dir, 'output.log'), 'a');
    const [command, ...args] = as(owner, ['apache2', '-DFOREGROUND', '-f', join(dir, 'host.conf')]);
    host.child = spawn(command, args, {
      cwd: '/', stdio: ['ignore', log, log], env: { PATH: `${process.env.PATH}:/usr/sbin` },
    });
    closeSync(log);
    host.ended = new Promise((resolve) => { host.child.once('exit', resolve).once('error', resolve); });
    await until(() => host.get('/').then(() => true, () => false), 'Apache')
      .catch((fault) => { throw new Error(`${fault.message}\n${host.log()}`); });
    return host;
  }

  constructor(dir, url) {
    Object.assign(this, { dir, url, top: join(dir, 'public_html/tweets') });
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
    removeFolder(this.dir);
  }

  log() {
    return ['output.log', 'run/error.log'].map((name) => join(this.dir, name)).filter(existsSync)
      .map((file) => readFileSync(file, 'utf8')).join('');
  }

  get(path, headers = { Accept: 'text/html' }) {
    return send(this.url, 'GET', `/tweets${path}`, { headers });
  }

  /** Walks the setup page as its visitor; the reply of the last step. */
  async setUp() {
    const page = await this.get('/api/v1/setup');
    assert.equal(page.status, 200, page.text);
    const proof = join(textOf(page.text, 'folder'), textOf(page.text, 'proof'));
    writeFileSync(proof, '');
    chownSync(proof, ...USER);
    return send(this.url, 'POST', '/tweets/api/v1/setup', {
      body: new URLSearchParams({ checked: 'yes', callback_url: `${this.url}/tweets/auth/callback` }).toString(),
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded', Cookie: page.headers['set-cookie'][0].split(';')[0],
      },
    });
  }
}

before(() => { archive(); });

describe('where programs run as the user', { skip: !asRoot && 'other users want root' }, () => {
  let host; let client;
  before(async () => { host = await Host.start(USER); });
  after(() => host?.stop());

  test('the dashboard is there, and the API says that it has no keys', async () => {
    assert.match((await host.get('/')).text, /Twitter Manager/);
    assert.equal((await host.get('/js/main.js')).status, 200);
    assert.match((await host.get('/docs/')).text, /swagger/i);
    assert.equal((await host.get('/api/v1/health')).json.status, 'healthy');
    assert.equal((await host.get('/api/v1/test')).json.code, 'config_missing');
  });

  test('the setup page makes keys for whoever can upload a file', async () => {
    const made = await host.setUp();
    assert.equal(made.status, 200, made.text);
    client = new Client(host.url, '/tweets/api/v1', textOf(made.text, 'key'));
    await client.get('test');
    assert.equal((await host.get('/api/v1/setup')).status, 404);
    const { uid, mode } = statSync(join(host.top, '.env'));
    assert.deepEqual([uid, mode & 0o777], [USER[0], 0o600]);
  });

  test('an account is linked', async () => {
    const { auth_url: authUrl, state } = await client.get('auth/twitter');
    assert.ok(authUrl.startsWith(`${host.url}/tweets/auth/mock`), authUrl);
    const consent = await client.follow(authUrl);
    assert.equal(consent.status, 200);
    const address = new URL(`callback?state=${state}&code=on_a_host`, authUrl);
    assert.equal(isJson(await client.follow(address), 200).username, 'on_a_host');
  });

  test('a tweet is posted, and all pending ones are', async () => {
    const ids = [];
    for (const text of ['One', 'Two', 'Three']) {
      ids.push((await client.post('tweet', { account_id: 1, text }, 201)).tweet_id);
    }
    await client.post(`tweet/post/${ids[0]}`);
    assert.equal((await client.post('tweets/post-pending')).posted, 2);
    for (const id of ids) assert.equal((await client.get(`tweets/${id}`)).status, 'posted');
    await client.get('tick');
  });

  test('what is private is not handed out', async () => {
    for (const path of ['.env', 'instance/twitter_manager.db', 'instance/', 'private/', 'private/bin/twitter-manager',
      '.htaccess', 'api/.htaccess', 'private/env.example', 'instance/twitter_manager.db-wal']) {
      assert.ok(existsSync(join(host.top, path)) || path.endsWith('-wal'), path);
      const reply = await host.get(`/${path}`);
      assert.ok(reply.status === 403 || reply.status === 404, `${path}: ${reply.status}`);
    }
  });

  test('the tool works for the user beside it', () => {
    const [command, ...args] = as(USER, [join(host.top, 'private/bin/twitter-manager'), 'tick', '--json']);
    JSON.parse(execFileSync(command, args, { cwd: '/', encoding: 'utf8' }));
  });

  test('doctor finds nothing to mend', () => {
    const [command, ...args] = as(USER, [join(host.top, 'private/bin/twitter-manager'), 'doctor', '--json']);
    const { ok, checks } = JSON.parse(execFileSync(command, args, { cwd: '/', encoding: 'utf8' }));
    assert.ok(ok);
    assert.deepEqual(checks.filter(({ status }) => status === 'fail' || status === 'warn'), []);
    const seen = checks.filter(({ status }) => status === 'ok').map(({ check }) => check);
    for (const check of ['exposed', 'key', 'authorization', 'callback', 'tick', 'schema']) assert.ok(seen.includes(check), check);
  });

  test('Apache had nothing to complain of', () => {
    assert.doesNotMatch(host.log(), /\[(error|warn|cgi:)/);
  });
});

describe('where programs run as the server’s user', { skip: !asRoot && 'other users want root' }, () => {
  let host;
  before(async () => { host = await Host.start(SERVER); });
  after(() => host?.stop());

  test('a folder that they may not write to is named, with what to do', async () => {
    const page = await host.get('/api/v1/setup');
    assert.ok(page.status >= 500, String(page.status));
    assert.ok(page.text.includes(host.top));
    assert.match(page.text, /permission|write/i);
    assert.ok(!existsSync(join(host.top, '.env')));
  });

  test('with the right to write there, keys are made, and the user is told whose the files are', async () => {
    chmodSync(host.top, 0o777);
    const made = await host.setUp();
    assert.equal(made.status, 200, made.text);
    await new Client(host.url, '/tweets/api/v1', textOf(made.text, 'key')).get('stats');
    const [command, ...args] = as(USER, [join(host.top, 'private/bin/twitter-manager'), 'tick']);
    assert.throws(() => execFileSync(command, args, { cwd: '/', encoding: 'utf8', stdio: 'pipe' }), ({ status, stderr }) => {
      assert.notEqual(status, 0);
      assert.match(stderr, new RegExp(`${SERVER[0]}`));
      return true;
    });
  });
});
