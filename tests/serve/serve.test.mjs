// serve.test.mjs - conf/serve: which settings it takes from where, how it starts
// and stops.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync,
} from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { until } from '../support/checks.mjs';
import { send } from '../support/http.mjs';
import { freePort } from '../support/instance.mjs';
import { root } from '../support/paths.mjs';
import { makeStub, serve, serving, told } from './stub.mjs';

const ask = async (url, path = '/api/v1/health') => told((await send(url, 'GET', path)).text);

test('settings of the environment reach the programs byte for byte', async () => {
  const env = {
    API_KEY: 'ends in a backslash\\',
    ENCRYPTION_KEY: 'a "quoted" and a \\"',
    TWITTER_CLIENT_ID: '  blanks, $HOME `id` $(id) \'x\' #',
    TWITTER_CLIENT_SECRET: 'é ü 日本 😀',
    CA_FILE: '/a\nb => env.PATH, ")',
  };
  await serving({ env }, async (url) => {
    const got = await ask(url);
    for (const [name, value] of Object.entries(env)) assert.equal(got[name], value, name);
  });
});

test('a setting that is empty or absent is not handed on', async () => {
  await serving({ env: { API_KEY: 'k', MOCK_MODE: '' } }, async (url) => {
    const got = await ask(url);
    assert.equal(got.API_KEY, 'k');
    assert.ok(!('MOCK_MODE' in got) && !('CA_FILE' in got) && !('PATH' in got));
  });
});

test('what is no setting is handed on only if PASS_ENV names it', async () => {
  const env = { API_KEY: 'k', SOME: 'one', OTHER: 'two', PASS_ENV: 'SOME a-b 1x' };
  await serving({ env }, async (url) => {
    const got = await ask(url);
    assert.equal(got.SOME, 'one');
    assert.ok(!('OTHER' in got));
  });
});

test('the port and the folder come from .env, whose relative paths start there', async () => {
  const port = await freePort();
  const text = `export PORT = "${port}" # mine\r\nINSTANCE_DIR='some data'\r\n`;
  await serving({ env: { PORT: '' }, stub: makeStub({ env: text }) }, async (_, server, stub) => {
    assert.match(server.output, new RegExp(`http://localhost:${port}/`));
    const got = await ask(`http://127.0.0.1:${port}`);
    assert.equal(got.INSTANCE_DIR, join(stub.dir, 'some data'));
  });
});

test('the environment wins over .env, and its relative paths start at .env too', async () => {
  const env = { INSTANCE_DIR: 'chosen' };
  const given = makeStub({ env: 'PORT=1\nINSTANCE_DIR=/nope\n' });
  await serving({ stub: given, env }, async (url, _, stub) => {
    const folder = join(stub.dir, 'chosen');
    assert.equal((await ask(url)).INSTANCE_DIR, folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'logs', 'access.log')).mode & 0o777, 0o600);
  });
});

test('without a .env, init makes one, and no key is printed', async () => {
  await serving({}, async (_, server, stub) => {
    assert.equal(readFileSync(join(stub.dir, 'init-was-called'), 'utf8'), 'init\n');
    assert.match(server.output, /API_KEY in .*\.env/);
    assert.doesNotMatch(server.output, /made-by-init/);
  });
});

test('init is not called when there is a .env, or a key in the environment', async () => {
  await serving({ env: { API_KEY: 'secret-key' } }, async (_, server, stub) => {
    assert.ok(!existsSync(join(stub.dir, 'init-was-called')));
    assert.ok(!existsSync(stub.envFile));
    assert.doesNotMatch(server.output, /secret-key/);
  });
  await serving({ stub: makeStub({ env: 'API_KEY=x\n' }) }, async (_, __, stub) => {
    assert.ok(!existsSync(join(stub.dir, 'init-was-called')));
  });
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} stops it, and the port is free again`, async () => {
    await serving({ env: { API_KEY: 'k' } }, async (url, server) => {
      await ask(url);
      // lighttpd ends with 1 when a program had just begun or ended
      assert.equal(typeof await server.stop(signal), 'number');
      await assert.rejects(ask(url));
    });
  });
}

test('several run side by side', async () => {
  await serving({ env: { API_KEY: 'one' } }, (first) =>
    serving({ env: { API_KEY: 'two' } }, async (second) => {
      assert.equal((await ask(first)).API_KEY, 'one');
      assert.equal((await ask(second)).API_KEY, 'two');
    }));
});

test('an IPv6 address will do, with and without brackets', async (t) => {
  if (!Object.values(networkInterfaces()).flat().some(({ address }) => address === '::1')) {
    t.skip('this machine has none');
    return;
  }
  for (const HOST of ['::1', '[::1]']) {
    await serving({ env: { API_KEY: 'k', HOST } }, async (url, server) => {
      assert.match(server.output, /http:\/\/\[::1\]:\d+\//);
      const reply = await fetch(`${url.replace('127.0.0.1', '[::1]')}/api/v1/health`);
      assert.equal(told(await reply.text()).HOST, HOST);
    });
  }
});

const refused = [
  [{ PORT: 'http' }, /PORT/],
  [{ PORT: '123456' }, /PORT/],
  [{ INSTANCE_DIR: 'C:\\data' }, /INSTANCE_DIR/],
  [{ INSTANCE_DIR: 'd:/data' }, /INSTANCE_DIR/],
  [{ INSTANCE_DIR: '\\\\host\\share' }, /INSTANCE_DIR/],
  [{ INSTANCE_DIR: '/dev/null/x' }, /INSTANCE_DIR/],
  [{ BUILD: '/nonexistent' }, /make/],
];
for (const [env, why] of refused) {
  test(`${JSON.stringify(env)} is refused with a word on it`, async () => {
    const stub = makeStub();
    try {
      const server = serve(stub, { API_KEY: 'k', ...env });
      assert.notEqual(await server.ended, 0);
      assert.match(server.output, why);
      assert.ok(!existsSync(join(stub.dir, 'C:\\data')));
    } finally {
      stub.remove();
    }
  });
}

// The scheduler, which runs beside the server

const ticksOf = ({ dir }) => (existsSync(join(dir, 'ticks'))
  ? readFileSync(join(dir, 'ticks'), 'utf8').trim().split('\n') : []);
const isThere = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };
/** The processes below conf/serve's own, the programs of requests apart. */
const beside = ({ child }) => readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  .filter((name) => {
    try {
      return /\/conf\/beside\0/.test(readFileSync(`/proc/${name}/cmdline`, 'utf8'))
        && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`\0${child.pid}\0`);
    } catch { return false; }
  });

test('the scheduler runs at the start, then again and again, and it is said', async () => {
  await serving({ env: { API_KEY: 'k', EVERY: '0.3' } }, async (_, server, stub) => {
    assert.match(server.output, /scheduler: runs now, then every 60 s/);
    await until(() => ticksOf(stub).length >= 3, 'three runs');
    const times = ticksOf(stub).map((line) => Number(line.split(' ')[0]));
    assert.ok(times[1] - times[0] > 0.25 && times[1] - times[0] < 2, String(times));
    assert.match(ticksOf(stub)[0], new RegExp(` tick ${join(stub.dir, 'instance')}$`));
    assert.doesNotMatch(server.output, /a line for a terminal/);
  });
});

for (const [what, given] of [['the environment', { env: { API_KEY: 'k', SCHEDULER: '0' } }],
  ['.env', { stub: makeStub({ env: 'API_KEY=k\nSCHEDULER=off\n' }) }]]) {
  test(`SCHEDULER=0 in ${what} leaves it out`, async () => {
    await serving({ ...given, env: { EVERY: '0.1', ...given.env } }, async (url, server, stub) => {
      assert.match(server.output, /scheduler: off/);
      await ask(url);
      await sleep(500);
      assert.deepEqual(ticksOf(stub), []);
    });
  });
}

test('what goes wrong in a run is shown, and the next one comes', async () => {
  const stub = makeStub();
  writeFileSync(join(stub.dir, 'wrong'), '');
  await serving({ stub, env: { API_KEY: 'k', EVERY: '0.2' } }, async (_, server) => {
    await until(() => ticksOf(stub).length >= 2, 'two runs');
    assert.match(server.output, /tick: this went wrong/);
  });
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL']) {
  test(`${signal} to the server ends the scheduler and its run`, async () => {
    const stub = makeStub();
    writeFileSync(join(stub.dir, 'slow'), '');
    await serving({ stub, env: { API_KEY: 'k' } }, async (_, server) => {
      await until(() => ticksOf(stub).length === 1, 'a run');
      const run = Number(ticksOf(stub)[0].split(' ')[1]);
      assert.ok(isThere(run) && beside(server).length > 0);
      await server.stop(signal);
      await until(() => beside(server).length === 0 && !isThere(run), 'nothing is left');
      assert.ok(!existsSync(join(stub.dir, 'instance', 'serving')));
    });
  });
}

test('requests neither end the scheduler nor keep it alive', async () => {
  await serving({ env: { API_KEY: 'k', EVERY: '0.2' } }, async (url, server, stub) => {
    await Promise.all(Array.from({ length: 10 }, () => ask(url)));
    const count = ticksOf(stub).length;
    await until(() => ticksOf(stub).length > count, 'another run');
    const slow = ask(url, '/api/v1/health?slow').catch(() => null);
    await sleep(100);
    await server.stop('SIGKILL');
    await until(() => beside(server).length === 0, 'nothing is left');
    await slow;
  });
});

// The access log

const logs = ({ dir }) => readdirSync(join(dir, 'instance', 'logs')).sort();
const day = (time) => new Date(time).toISOString().slice(0, 10);

test('an access log of an earlier day goes to the logs of that day', async () => {
  const stub = makeStub();
  const folder = join(stub.dir, 'instance', 'logs');
  mkdirSync(folder, { recursive: true });
  const then = Date.now() - 3 * 86_400_000;
  writeFileSync(join(folder, 'access.log'), 'of then\n');
  utimesSync(join(folder, 'access.log'), then / 1000, then / 1000);
  writeFileSync(join(folder, `access-${day(then)}.log`), 'of then, too\n');
  await serving({ stub, env: { API_KEY: 'k' } }, async (url) => {
    await ask(url);
    assert.deepEqual(logs(stub), [`access-${day(then)}.log`, 'access.log']);
    assert.equal(readFileSync(join(folder, `access-${day(then)}.log`), 'utf8'), 'of then, too\nof then\n');
    await until(() => /api\/v1\/health/.test(readFileSync(join(folder, 'access.log'), 'utf8')), 'a line');
  });
});

test('when a day ends the server writes a new access log, and loses no line', async () => {
  const stub = makeStub();
  const tools = join(stub.dir, 'tools');
  mkdirSync(tools);
  writeFileSync(join(stub.dir, 'today'), `${day(Date.now())}\n`);
  // In the stead of date, for the day alone.
  writeFileSync(join(tools, 'date'), `#!/bin/sh
case $* in
"-u +%Y-%m-%d") cat '${join(stub.dir, 'today')}' && touch '${join(stub.dir, 'asked')}' ;;
*) exec /bin/date "$@" ;;
esac
`, { mode: 0o755 });
  const env = { API_KEY: 'k', EVERY: '0.2', SCHEDULER: '0', PATH: `${tools}:${process.env.PATH}` };
  await serving({ stub, env }, async (url) => {
    const old = join(stub.dir, 'instance', 'logs', `access-${day(Date.now())}.log`);
    const log = join(stub.dir, 'instance', 'logs', 'access.log');
    const has = (file, word) => existsSync(file) && readFileSync(file, 'utf8').includes(word);
    await ask(url, '/api/v1/test');
    await until(() => has(log, '/v1/test') && existsSync(join(stub.dir, 'asked')), 'the line of today');
    writeFileSync(join(stub.dir, 'today'), '2099-01-01\n');
    await until(() => existsSync(old) && existsSync(log), 'both');
    await ask(url, '/api/v1/stats');
    await until(() => has(log, '/v1/stats'), 'the line of tomorrow');
    assert.ok(has(old, '/v1/test') && !has(old, '/v1/stats') && !has(log, '/v1/test'));
  });
});

// The same rules as lib/base/env.c.
const lines = [
  ['X=plain', 'plain'],
  ['X = padded \t', 'padded'],
  ['  export\tX=e', 'e'],
  ['X=a # c', 'a'],
  ['X=a#b', 'a#b'],
  ['X=#c', ''],
  ['X="a # b" # c', 'a # b'],
  ['X="\\"q\\" \\\\ \\$ \\x"', '"q" \\ $ \\x'],
  ["X='a\\b \"'", 'a\\b "'],
  ['X=old\nX=new', 'new'],
  ['#X=no\nXY=no\nY=X=no', ''],
  ['\uFEFFX=b\r\n', 'b'],
  ['X=日本\r', '日本'],
  ['X=a=b', 'a=b'],
];
test('a .env is read as our programs read it', () => {
  const stub = makeStub();
  for (const [text, wanted] of lines) {
    writeFileSync(stub.envFile, text);
    const got = execFileSync('awk',
      ['-v', 'name=X', '-f', join(root, 'conf', 'env.awk'), stub.envFile], { encoding: 'utf8' });
    assert.equal(got, `${wanted}\n`, JSON.stringify(text));
  }
  stub.remove();
});
