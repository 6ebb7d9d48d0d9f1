// How a program starts (cgi-servers.md 12, 1 to 5): it relies on nothing that
// a server hands over, and sets all of it itself.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { each, isError, isJson } from '../support/checks.mjs';
import { runCgi } from '../support/cgi.mjs';
import { asleep, Forged, holds, isWhole, signals } from '../support/forged.mjs';
import { build } from '../support/paths.mjs';

const STATS = '/api/v1/stats';
const MOCK = '/api/v1/mock-mode';

let cgi;
before(() => {
  cgi = new Forged({ env: { TWITTER_CLIENT_ID: 'client', MOCK_MODE: '1' } });
});
after(() => cgi.remove());

const stats = (how) => cgi.run('stats', STATS, how);

const WAITING = {
  method: 'POST', body: '{', stdin: 'open', env: { CONTENT_LENGTH: '17' },
};

// A program that waits for a body and so can be looked at; gives what `look`
// makes of its process id.
async function lookAt(how, look) {
  let seen;
  const reply = await cgi.run('mock-mode', MOCK, {
    ...WAITING, ...how,
    started: async (child) => {
      await asleep(child);
      seen = look(child.pid);
      child.stdin.write('"enabled": true}');
    },
  });
  isJson(isWhole(reply), 200);
  return seen;
}

describe('1: descriptors, umask and where it runs', () => {
  test('closed descriptors do no harm', async () => {
    await each([[0], [2], [0, 2]], async (closed) => {
      isJson(isWhole(await stats({ closed })), 200);
    });
    await each([[1], [0, 1], [1, 2], [0, 1, 2]], async (closed) => {
      const { exitCode, signal, raw } = await stats({ closed });
      assert.deepEqual({ exitCode, signal, raw }, { exitCode: 0, signal: null, raw: '' });
    });
  });

  test('no file of ours gets the number of a closed descriptor', async () => {
    const trace = join(cgi.dir, 'trace');
    await each([[2], [0, 1, 2]], async (closed) => {
      await stats({
        closed,
        key: 'wrong',
        env: { ASAN_OPTIONS: 'detect_leaks=0' },
        command: (list) => ['strace', '-f', '-e', 'trace=openat,open', '-o', trace, ...list],
      });
      const ours = readFileSync(trace, 'utf8').split('\n')
        .filter((line) => line.includes(cgi.instanceDir) && / = \d+$/.test(line));
      assert.ok(ours.length > 1, 'it opened its database and its log');
      for (const line of ours) assert.ok(Number(/ = (\d+)$/.exec(line)[1]) > 2, line);
    });
    const database = readFileSync(cgi.dbPath);
    assert.equal(database.subarray(0, 15).toString(), 'SQLite format 3');
  });

  test('files are 0600 and folders 0700, whatever the umask', async () => {
    await each([0, 0o022, 0o777], async (umask) => {
      const fresh = new Forged();
      try {
        isWhole(await fresh.run('stats', STATS, { umask }));
        const broken = { env: { ENCRYPTION_KEY: 'broken' } };
        isError(await fresh.run('stats', STATS, { umask, ...broken }), 500);
        assert.ok(fresh.modes().length >= 5, 'a database and two logs');
        for (const [path, mode, folder] of fresh.modes()) {
          assert.equal(mode.toString(8), folder ? '700' : '600', path);
        }
      } finally { fresh.remove(); }
    });
  });

  test('the working directory, PATH, HOME, TZ and LANG mean nothing', async () => {
    const env = { PATH: null, HOME: '/nowhere', TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'x' };
    await each(['/', '/proc', cgi.dir], async (cwd) => {
      const json = isJson(isWhole(await cgi.run('health', '/api/v1/health', { cwd, env })), 200);
      assert.ok(Math.abs(Date.parse(json.timestamp) - Date.now()) < 5000, json.timestamp);
      isJson(isWhole(await stats({ cwd, env })), 200);
    });
  });

  describe('the settings are found beside the program', () => {
    const place = (depth) => {
      const top = join(cgi.dir, `at-${depth}`);
      const below = join(top, ...Array.from({ length: depth }, (_, i) => `d${i}`));
      mkdirSync(below, { recursive: true });
      cpSync(join(build, 'cgi-bin', 'stats'), join(below, 'stats'));
      writeFileSync(join(top, '.env'), 'API_KEY=from-the-file\nINSTANCE_DIR=data\n'
        + `ENCRYPTION_KEY=${cgi.settings.ENCRYPTION_KEY}\n`);
      return { top, program: join(below, 'stats') };
    };
    const bare = { REQUEST_METHOD: 'GET', SCRIPT_NAME: STATS, HTTP_X_API_KEY: 'from-the-file' };

    test('up to four folders above it, with no environment at all', async () => {
      await each([0, 1, 4], async (depth) => {
        const { top, program } = place(depth);
        isJson(isWhole(await runCgi(program, { env: bare })), 200);
        assert.ok(readdirSync(join(top, 'data')).includes('twitter_manager.db'));
      });
    });

    test('and not further', async () => {
      const { program } = place(5);
      isError(isWhole(await runCgi(program, { env: bare })), 500, 'config_missing');
    });

    test('the environment has the last word', async () => {
      const { program } = place(2);
      const env = { ...bare, API_KEY: 'from-the-server' };
      isError(isWhole(await runCgi(program, { env })), 401);
      env.HTTP_X_API_KEY = 'from-the-server';
      isJson(isWhole(await runCgi(program, { env })), 200);
    });
  });
});

describe('2: the command line', () => {
  test('is not looked at where there is a request', async () => {
    const lines = [['-d', '--help'], ['--version'], [''], ['-d x'], ['/etc/passwd'], ['--', '-h']];
    await each(lines, async (args) => isJson(isWhole(await stats({ args })), 200));
  });

  test('without REQUEST_METHOD nothing is answered', async () => {
    await each([null, ''], async (method) => {
      const env = { REQUEST_METHOD: method };
      const reply = await stats({ args: ['--help'], env });
      assert.equal(reply.raw, '');
      assert.equal(reply.exitCode, 64);
      assert.match(reply.stderr, /CGI/);
    });
  });
});

describe('3: signals', () => {
  const every = ['HUP', 'INT', 'QUIT', 'ALRM', 'TERM', 'PIPE', 'CHLD', 'XFSZ', 'USR1', 'USR2'];
  const SIGPIPE = 13;
  const [SIGALRM, SIGTERM] = [14, 15];

  test('that were ignored or blocked are as the program wants them', async () => {
    await each([{ ignore: every }, { block: every }, { ignore: every, block: every }],
      async (how) => {
        const [blocked, ignored, caught] = await lookAt(how, (pid) =>
          ['SigBlk', 'SigIgn', 'SigCgt'].map((line) => signals(pid, line)));
        assert.equal(blocked, 0n);
        // Above 31 are the C library's own, which no program sets.
        assert.equal(BigInt.asUintN(31, ignored), 1n << BigInt(SIGPIPE - 1));
        for (const number of [SIGALRM, SIGTERM]) assert.ok(holds(caught, number));
      });
  });

  test('ignored SIGCHLD, as under webfs and mighttpd2', async () => {
    isJson(isWhole(await stats({ ignore: ['CHLD'] })), 200);
  });

  test('SIGTERM while a body is awaited: a whole answer at once', async () => {
    const begun = Date.now();
    const reply = await cgi.run('mock-mode', MOCK, {
      ...WAITING,
      started: async (child) => { await asleep(child); child.kill('SIGTERM'); },
    });
    isError(isWhole(reply), 400);
    assert.ok(Date.now() - begun < 10_000);
  });

  test('SIGTERM while it works: the transaction in hand is finished', async () => {
    isJson(await cgi.post('mock-mode', MOCK, { enabled: true }), 200);
    const lock = await holdLock();
    const reply = await cgi.post('mock-mode', MOCK, { enabled: false }, {
      started: async (child) => {
        await asleep(child);
        child.kill('SIGTERM');
        setTimeout(() => lock.end(), 300);
      },
    });
    isJson(isWhole(reply), 200);
    assert.equal(isJson(await cgi.run('mock-mode', MOCK), 200).mock_mode, false);
  });

  async function holdLock() {
    const tool = spawn('sqlite3', [cgi.dbPath], { stdio: ['pipe', 'pipe', 'inherit'] });
    tool.stdin.write('BEGIN IMMEDIATE;\nSELECT 1;\n');
    await new Promise((resolve) => { tool.stdout.once('data', resolve); });
    return { end: () => tool.stdin.end('ROLLBACK;\n') };
  }
});

describe('4: what is inherited', () => {
  test('descriptors of the server are closed', async () => {
    const names = await lookAt({ open: [3, 5, 9, 77] }, (pid) => readdirSync(`/proc/${pid}/fd`));
    const fds = names.map(Number);
    assert.ok(!fds.includes(77) && !fds.includes(9), `open: ${fds}`);
  });

  // Listens and counts; whoever connects is let down at once.
  function listen() {
    const server = net.createServer((socket) => { listener.count += 1; socket.destroy(); });
    const listener = { count: 0, close: () => server.close() };
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        listener.url = `http://127.0.0.1:${server.address().port}`;
        resolve(listener);
      });
    });
  }

  test('a proxy named by a client or by the environment is never used', async () => {
    const [x, proxy] = [await listen(), await listen()];
    const live = new Forged({
      mock: false,
      env: { TWITTER_CLIENT_ID: 'id', TWITTER_API_URL: x.url, MOCK_MODE: '0' },
    });
    const names = ['HTTP_PROXY', 'http_proxy', 'https_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'all_proxy'];
    const proxied = Object.fromEntries(names.map((name) => [name, proxy.url]));
    const callback = async (env) => {
      const { state } = isJson(await live.run('auth', '/api/v1/auth/twitter', { env }), 200);
      return live.run('auth', '/api/v1/auth/callback',
        { env, query: `state=${state}&code=c`, key: null });
    };
    try {
      isError(isWhole(await callback({ ...proxied, NO_PROXY: '', no_proxy: '' })), [502, 504]);
      assert.ok(x.count > 0, 'X was called');
      assert.equal(proxy.count, 0);
      isError(isWhole(await callback({ ...proxied, PROXY_URL: proxy.url, NO_PROXY: '*' })),
        [502, 504]);
      assert.ok(proxy.count > 0, 'the proxy of our own settings is used');
    } finally {
      live.remove();
      x.close();
      proxy.close();
    }
  });
});
