// doctor-site.test.mjs - `twitter-manager doctor` and the site under its own
// URL: what it serves that it must not, what it takes, and X's clock.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { serve as makeRun } from '../serve/stub.mjs';
import { each, holdsNone, until } from '../support/checks.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { freePort } from '../support/instance.mjs';
import { build } from '../support/paths.mjs';
import { Place, serve } from '../support/place.mjs';
import { newApiKey } from '../support/settings.mjs';
import { makeCertificate } from '../support/tls.mjs';

let x;
let place;
let site;
before(async () => { x = await startFakeX({ clientId: 'app', clientSecret: 'secret' }); });
after(() => x.close());
beforeEach(async () => { place = await new Place({ fakeX: x }).begin(); });
afterEach(async () => {
  await site?.close();
  site = undefined;
  x.clearFaults();
  place.remove();
});

/** Serves the place so, and gives the doctor's report of it. */
async function report(how = {}, args = []) {
  await site?.close();
  site = await serve(place, how);
  place.configure({ TWITTER_CALLBACK_URL: `${site.url}/auth/callback` });
  const got = await place.doctor(args);
  const { API_KEY, ENCRYPTION_KEY } = place.settings;
  holdsNone(got.text, { API_KEY, ENCRYPTION_KEY });
  return got;
}

/** The check's row in a report of a place that is served so. */
async function says(how, name, status, detail, hint) {
  const got = await report(how);
  const row = got.checks[name];
  assert.equal(row.status, status, `${name}: ${JSON.stringify(row)}`);
  if (detail) assert.match(row.detail, detail);
  if (hint) assert.match(row.hint ?? '', hint);
  if (status === 'fail') assert.equal(got.code, 1);
  return row;
}

test('a site as it should be has nothing to complain of', async () => {
  const { checks, code, ok } = await report();
  for (const [name, { status, detail }] of Object.entries(checks)) {
    assert.equal(status, 'ok', `${name}: ${detail}`);
  }
  assert.deepEqual([code, ok], [0, true]);
  assert.ok(site.asked.length < 200, `${site.asked.length} requests`);
});

test('programs in /cgi-bin/ are found there', async () => {
  const { checks } = await report({ api: '/cgi-bin/' });
  assert.match(checks.server.detail, /\/cgi-bin\/$/);
  await place.db("DELETE FROM kv WHERE name = 'last_tick'");
  const { checks: { tick } } = await place.doctor();
  assert.match(tick.hint, new RegExp(`${site.url}/cgi-bin/tick`));
  for (const name of ['key', 'authorization', 'wrong_key']) assert.equal(checks[name].status, 'ok');
});

test('--url says where the site is', async () => {
  site = await serve(place);
  for (const args of [['--url', `${site.url}/`], [`--url=${site.url}`]]) {
    const { checks } = await place.doctor(args);
    assert.equal(checks.server.status, 'ok');
    assert.equal(checks.key.status, 'ok');
  }
});

test('the port that `make run` was started with is known while it runs', async () => {
  const port = String(await freePort());
  const running = makeRun({ dir: place.dir, build, envFile: place.envFile },
    { PORT: port, SCHEDULER: '0' });
  const note = join(place.instanceDir, 'serving');
  try {
    await until(() => running.output.includes('server started'), 'the server');
    const { checks, code } = await place.doctor();
    for (const name of ['server', 'key', 'wrong_key', 'callback']) {
      assert.equal(checks[name].status, 'ok', `${name}: ${JSON.stringify(checks[name])}`);
    }
    assert.match(checks.server.detail, new RegExp(`http://localhost:${port}/api/v1/`));
    assert.equal(code, 0);
    place.configure({ TWITTER_CALLBACK_URL: 'http://localhost:9/auth/callback' });
    assert.equal((await place.doctor()).checks.server.status, 'ok', 'a callback of this machine');
    place.configure({ TWITTER_CALLBACK_URL: null });
    const other = makeRun({ dir: place.dir, build, envFile: place.envFile },
      { PORT: port, SCHEDULER: '0' });
    assert.notEqual(await other.ended, 0, 'the port is taken');
    assert.equal((await place.doctor()).checks.server.status, 'ok', 'and its note is not');
  } finally {
    await running.stop('SIGKILL');
  }
  await until(() => !existsSync(note), 'the note is taken away');
  assert.match((await place.doctor()).checks.server.detail, /localhost:9\b/);
});

test('a note that a server left behind counts for nothing', async () => {
  const note = join(place.instanceDir, 'serving');
  const ended = spawnSync('true').pid;
  await each([`${ended} 127.0.0.1 6001`, `${process.pid} 127.0.0.1 6001`, '', '\n', 'x y z',
    '1', '1 2', '0 127.0.0.1 6001', '99999999999 127.0.0.1 6001', `${ended} 127.0.0.1 x`],
  async (text) => {
    writeFileSync(note, text);
    assert.match((await place.doctor()).checks.server.detail, /localhost:9\b/);
  });
});

test('server: nothing answers, which is a failure only where it was named', async () => {
  const { checks, code } = await place.doctor();
  assert.equal(checks.server.status, 'warn');
  assert.equal(code, 0);
  for (const name of ['exposed', 'key', 'authorization', 'wrong_key', 'callback']) {
    assert.equal(checks[name].status, 'skip', name);
  }
  const named = await place.doctor(['--url', 'http://127.0.0.1:9']);
  assert.equal(named.checks.server.status, 'fail');
  assert.equal(named.code, 1);
});

test('server: something else answers, the programs are given away, or do not start', async () => {
  const always = (status, body) => ({ answer: () => ({ status, body }) });
  await says(always(200, '<html>hello</html>'), 'server', 'fail', /not as our health/);
  await says(always(200, '\u007fELF and more'), 'server', 'fail', /instead of running/, /ExecCGI/);
  await says(always(500, 'oops'), 'server', 'fail', /500/, /error log/);
  await says(always(302, ''), 'server', 'fail', /302/);
});

test('server: it sends everybody on to another address', async () => {
  await report();
  const real = site.url;
  const away = http.createServer(({ url }, response) => {
    response.writeHead(301, { location: `${real}${url}` });
    response.end();
  });
  await new Promise((resolve) => { away.listen(0, '127.0.0.1', resolve); });
  try {
    const { checks } = await place.doctor(['--url', `http://127.0.0.1:${away.address().port}`]);
    assert.equal(checks.server.status, 'fail');
    assert.match(checks.server.hint, new RegExp(`doctor --url ${real}$`));
  } finally { away.close(); }
});

test('server: a certificate that nobody vouches for, and one that CA_FILE does', async () => {
  const pair = makeCertificate('127.0.0.1');
  const inner = await serve(place);
  const secure = https.createServer(pair, (request, response) => {
    http.get(`${inner.url}${request.url}`, { headers: request.headers }, (reply) => {
      response.writeHead(reply.statusCode, reply.headers);
      reply.pipe(response);
    });
  });
  await new Promise((resolve) => { secure.listen(0, '127.0.0.1', resolve); });
  try {
    const args = ['--url', `https://127.0.0.1:${secure.address().port}`];
    const doubted = await place.doctor(args);
    assert.equal(doubted.checks.server.status, 'fail');
    assert.match(doubted.checks.server.detail, /certificate/);
    assert.match(doubted.checks.server.hint, /CA_FILE/);
    const file = join(place.dir, 'own.pem');
    writeFileSync(file, pair.cert);
    place.configure({ CA_FILE: file });
    assert.equal((await place.doctor(args)).checks.key.status, 'ok');
  } finally {
    secure.close();
    await inner.close();
  }
});

test('server: programs of another version', async () => {
  await says({
    answer: (path) => path.endsWith('/health')
      && { status: 200, body: '{"status":"healthy","version":"0.0.0"}' },
  }, 'server', 'warn', /0\.0\.0/);
});

test('exposed: the .env, the database, its log, a log, however they are spelt', async () => {
  const fail = (how, path) => says(how, 'exposed', 'fail', path, /new keys/);
  await fail({ files: place.dir }, /\/\.env|twitter_manager/);
  await fail({ files: '/' }, new RegExp(place.dir));
  await each(['.env', 'instance/twitter_manager.db', 'instance/twitter_manager.db-wal'],
    async (name) => {
      const files = join(place.dir, 'served');
      mkdirSync(join(files, 'instance'), { recursive: true });
      copyFileSync(join(place.dir, name), join(files, name));
      await fail({ files, open: (path) => (path === `/${name}` ? path : 'none') },
        new RegExp(`/${name.replaceAll('.', '\\.')}, a private file`));
    });
  await fail({ files: place.dir, open: (path) => (path.includes('/logs/') ? path : 'none') },
    /\/instance\/logs\/api-/);
});

test('exposed: rules for one spelling that miss another', async () => {
  const open = (rule) => (path) => (rule.test(path) ? 'none' : decodeURIComponent(path));
  await says({ files: place.dir, open: open(/^\/(\.|instance)/) }, 'exposed', 'fail', /\/\/\.env/);
  await says({ files: place.dir, open: open(/\/(\.|instance)/) }, 'exposed', 'fail', /%2eenv/);
});

test('exposed: a page for everything, an example of a .env, an empty file are none', async () => {
  const all = (body) => ({
    answer: (path) => !/^\/(api|auth)\//.test(path) && { status: 200, body },
  });
  await each(['<!doctype html><title>Here</title>API_KEY=1', 'API_KEY=\nENCRYPTION_KEY=\n', '',
    'S'], async (body) => {
    await says(all(body), 'exposed', 'ok');
  });
  await says(all('# mine\nexport X=1\nAPI_KEY=abc\n'), 'exposed', 'fail');
});

test('exposed: the private folder of an archive', async () => {
  const inside = join(place.dir, 'private');
  mkdirSync(join(inside, 'lib'), { recursive: true });
  writeFileSync(join(inside, 'lib', 'libsomething.so'), 'the bytes of a library of ours');
  site = await serve(place, {
    files: place.dir, open: (path) => (path.startsWith('/private/') ? path : 'none'),
  });
  const { checks } = await place.doctor(['--url', site.url], { inside: true });
  assert.equal(checks.exposed.status, 'fail');
  assert.match(checks.exposed.detail, /\/private\/.*(libsomething|twitter-manager)/);
});

test('exposed: files that doctor itself cannot know of', async () => {
  const head = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100_000)]);
  await says({
    answer: (path) => path === '/instance/twitter_manager.db' && { status: 200, body: head },
  }, 'exposed', 'fail', /\/instance\/twitter_manager\.db/);
});

test('key: the server reads another .env, or none, or drops the header', async () => {
  await says({ env: { API_KEY: newApiKey() } }, 'key', 'fail', /refuses the API_KEY/,
    /another \.env/);
  const nowhere = {
    TWITTER_MANAGER_ENV: join(place.dir, 'none', '.env'), INSTANCE_DIR: place.instanceDir,
  };
  await says({ env: nowhere }, 'key', 'fail', /config_missing/, /another \.env/);
  await says({ env: { MOCK_MODE: 'perhaps' } }, 'key', 'fail', /config_invalid/);
  const drop = ({ 'x-api-key': _, ...rest }) => rest;
  await says({ headers: drop }, 'key', 'fail', /drops the header/);
  const broken = join(place.dir, 'broken');
  writeFileSync(broken, 'in the way');
  await says({ env: { INSTANCE_DIR: broken } }, 'key', 'fail', /database/, /instance folder/);
});

test('authorization: the header is dropped, as Apache does', async () => {
  const { checks, code } = await report({ headers: ({ authorization: _, ...rest }) => rest });
  assert.equal(checks.key.status, 'ok');
  assert.equal(checks.authorization.status, 'warn');
  for (const words of [/CGIPassAuth On/, /SetEnvIf Authorization/, /RewriteRule/, /--pass-authz/,
    /X-API-Key/, /api_key=/]) {
    assert.match(checks.authorization.hint, words);
  }
  assert.equal(code, 0);
});

test('wrong_key: a proxy that adds the right key lets everybody in', async () => {
  const key = place.settings.API_KEY;
  await says({ headers: (h) => ({ ...h, 'x-api-key': key }) }, 'wrong_key', 'fail', /made-up/);
});

test('callback: elsewhere, not ours, or not to be reached', async () => {
  await says({ answer: (path) => path === '/auth/callback' && { status: 404, body: 'no' } },
    'callback', 'fail', /404/, /TWITTER_CALLBACK_URL/);
  await says({ answer: (path) => path === '/auth/callback' && { status: 200, body: '<p>hi' } },
    'callback', 'fail', /not as the program/);
  place.configure({ TWITTER_CALLBACK_URL: 'http://127.0.0.1:9/auth/callback' });
  const away = await place.doctor(['--url', site.url]);
  assert.equal(away.checks.callback.status, 'fail');
  assert.match(away.checks.callback.detail, /nothing answers at the callback/);
});

test('callback: localhost while others are let in, plain http for all to read', async () => {
  place.configure({ HOST: '0.0.0.0' });
  await says({}, 'callback', 'warn', /their own machine/, /https:/);
  place.configure({ HOST: '127.0.0.1' });
  // That address leads to this machine, and is none that browsers spare.
  const address = site.url.replace('127.0.0.1', '0.0.0.0');
  place.configure({ TWITTER_CALLBACK_URL: `${address}/auth/callback` });
  const { checks } = await place.doctor();
  assert.equal(checks.callback.status, 'warn', checks.callback.detail);
  assert.match(checks.callback.detail, /plain http/);
});

test('clock: X is far from it, one way or the other, or says nothing', async () => {
  const off = (seconds) => new Date(Date.now() + seconds * 1000).toUTCString();
  const dated = (date) => ({ match: { path: '/2/users/me' }, headers: { Date: date }, times: 9 });
  await each([[20, 'ok'], [-20, 'ok'], [100, 'warn', /behind/], [-100, 'warn', /ahead/],
    [400, 'fail', /\d{3} seconds behind/], [-4000, 'fail', /ahead of/]],
  async ([seconds, status, words]) => {
    x.clearFaults();
    x.fault(dated(off(seconds)));
    const { checks, code } = await place.doctor();
    assert.equal(checks.clock.status, status, checks.clock.detail);
    if (words) assert.match(checks.clock.detail, words);
    assert.equal(code, status === 'fail' ? 1 : 0);
  });
  const silent = http.createServer((_, response) => {
    response.sendDate = false;
    response.end('{}');
  });
  await new Promise((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
  try {
    place.configure({ TWITTER_API_URL: `http://127.0.0.1:${silent.address().port}` });
    const { checks } = await place.doctor();
    assert.equal(checks.clock.status, 'warn');
    assert.match(checks.clock.detail, /without a date/);
  } finally { silent.close(); }
});

test('clock: X out of reach is a failure, but in mock mode', async () => {
  place.configure({ TWITTER_API_URL: 'http://127.0.0.1:9' });
  const real = await place.doctor();
  assert.equal(real.checks.clock.status, 'fail');
  assert.match(real.checks.clock.hint, /PROXY_URL/);
  await place.db("INSERT INTO kv(name, value) VALUES('mock_mode', '1')");
  const mock = await place.doctor();
  assert.equal(mock.checks.clock.status, 'skip');
});
