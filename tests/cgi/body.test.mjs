// Bodies as servers hand them over (cgi-servers.md 12, 9 and 10; the vectors
// of 3 and 5): exactly as long as said, and never left in the pipe.

import assert from 'node:assert/strict';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { each, isError, isJson } from '../support/checks.mjs';
import { Forged, isWhole } from '../support/forged.mjs';

const MOCK = '/api/v1/mock-mode';
const BODY = '{"enabled":true}';
const KIB = 1024;
const PROMPT = 5000;

let cgi;
before(() => { cgi = new Forged(); });
after(() => cgi.remove());

const set = async (how) => isWhole(await cgi.run('mock-mode', MOCK, { method: 'POST', ...how }));
const get = async (how) => isWhole(await cgi.run('stats', '/api/v1/stats', how));
const lengths = (...values) => values.map((value) => ({ env: { CONTENT_LENGTH: value } }));
const CHUNKED = { HTTP_TRANSFER_ENCODING: 'chunked' };

describe('9: the length', () => {
  test('none, empty and 0 are no body', async () => {
    await each(lengths(null, '', '0', '000'), async (how) => {
      isError(await set({ body: BODY, ...how }), 400, 'invalid_input');
    });
  });

  test('anything but digits is 411 where a body is wanted', async () => {
    await each(lengths('-1', 'abc', '-5', '3, 4', '16, 16', '99999999999999999999', '+16', ' 16',
      '16 ', '0x10', '16.0', '1e1', '１６'), async (how) => {
      isError(await set({ body: BODY, ...how }), 411, 'length_required');
    });
  });

  test('and noise where none is wanted', async () => {
    await each(lengths('-1', 'abc', '-5', '3, 4', '99999999999999999999', '', null), async (how) => {
      const reply = await get({ ...how, stdin: 'open' });
      isJson(reply, 200);
      assert.ok(reply.ms < PROMPT);
    });
  });

  test('chunked bodies need one as well', async () => {
    await each(lengths(null, '', '-1'), async ({ env }) => {
      isError(await set({ body: BODY, env: { ...env, ...CHUNKED } }), 411, 'length_required');
      const framed = `10\r\n${BODY}\r\n0\r\n\r\n`;
      isError(await set({ body: framed, env: { ...env, ...CHUNKED } }), 411);
    });
    isJson(await set({ body: BODY, env: CHUNKED }), 200); // lighttpd, nginx, h2o
    isError(await set({ body: `10\r\n${BODY}\r\n0\r\n\r\n`, env: CHUNKED }), 400, 'invalid_json');
  });

  test('it may come as any other header, as busybox has it but for POST', async () => {
    const header = (value) => ({ CONTENT_LENGTH: null, HTTP_CONTENT_LENGTH: value });
    isJson(await set({ body: BODY, env: header('16') }), 200);
    isError(await set({ body: BODY, env: header('x') }), 411, 'length_required');
    isError(await set({ body: BODY, env: { ...header('16'), ...CHUNKED } }), 411, 'length_required');
    isJson(await set({ body: BODY, env: { HTTP_CONTENT_LENGTH: '3' } }), 200); // CONTENT_LENGTH wins
  });

  test('64 KiB is the most', async () => {
    const body = (size) => `${BODY}${' '.repeat(size - BODY.length)}`;
    isJson(await set({ body: body(64 * KIB) }), 200);
    isError(await set({ body: body(64 * KIB + 1) }), 413, 'body_too_large');
  });
});

describe('9: reading', () => {
  test('stops at the length and never waits for the end', async () => {
    for (const extra of ['', 'x', '{"more":1}'.repeat(100)]) {
      const env = { CONTENT_LENGTH: String(BODY.length) };
      const reply = await set({ body: BODY + extra, stdin: 'open', env });
      isJson(reply, 200);
      assert.ok(reply.ms < PROMPT, `${reply.ms} ms`);
    }
  });

  test('takes not one byte too many', async () => {
    const file = join(cgi.dir, 'body');
    const rest = async (how) => {
      const fd = openSync(file, 'r');
      try {
        const reply = await how(fd);
        const left = Buffer.alloc(100);
        return { reply, left: left.subarray(0, readSync(fd, left)).toString() };
      } finally { closeSync(fd); }
    };
    writeFileSync(file, `${BODY}GET / HTTP/1.1`);
    const env = { CONTENT_LENGTH: String(BODY.length) };
    const taken = await rest((stdin) => set({ stdin, env }));
    isJson(taken.reply, 200);
    assert.equal(taken.left, 'GET / HTTP/1.1');
    const none = await rest((stdin) => get({ stdin, env: { CONTENT_LENGTH: null } }));
    isJson(none.reply, 200);
    assert.equal(none.left, `${BODY}GET / HTTP/1.1`);
  });

  test('a body that is too short is told at once', async () => {
    await each(['', '{', BODY.slice(0, -1)], async (body) => {
      const reply = await set({ body, env: { CONTENT_LENGTH: String(BODY.length) } });
      isError(reply, 400, 'bad_request');
      assert.match(reply.json.error, /shorter/);
      assert.ok(reply.ms < PROMPT);
    });
  });

  test('an end that is none: /dev/null with a length', async () => {
    isError(await set({ stdin: 'null', env: { CONTENT_LENGTH: '16' } }), 400, 'bad_request');
    isJson(await get({ stdin: 'null', nonblock: [0] }), 200);
  });

  const inPieces = (...texts) => async function* pieces() {
    for (const text of texts) {
      yield text;
      await sleep(100);
    }
  };

  test('waits for a body in pieces, blocking or not, on a pipe or a socket', async () => {
    const env = { CONTENT_LENGTH: String(BODY.length) };
    const body = inPieces('{"ena', 'b', 'led"', ':true', '}');
    await each([{}, { nonblock: [0] }, { socket: true }, { socket: true, nonblock: [0] }],
      async (how) => isJson(await set({ body, env, stdin: 'open', ...how }), 200));
  });

  test('one socket that is input and output keeps the answer whole', async () => {
    await cgi.db(`INSERT OR IGNORE INTO twitter_account(id, username, access_token)
      VALUES(1, 'a', '');
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
      INSERT INTO tweet(twitter_account_id, content) SELECT 1, hex(zeroblob(20000)) FROM n`);
    await each([{}, { nonblock: [0] }, { socket: true }, { socket: true, nonblock: [0] }],
      async (how) => {
        const reply = isWhole(await cgi.run('tweets', '/api/v1/tweets', {
          ...how,
          started: async (child, output) => { // takes it late
            output.pause();
            await sleep(200);
            output.resume();
          },
        }));
        assert.equal(isJson(reply, 200).tweets.length, 50);
      });
    await cgi.db('DELETE FROM tweet');
  });
});

describe('10: what is refused is drained first', () => {
  // Gives how much of the body was taken, of a file that is standard input.
  async function drained(size, how) {
    const file = join(cgi.dir, 'large');
    writeFileSync(file, Buffer.alloc(size, ' '));
    const stdin = openSync(file, 'r');
    try {
      const { program = 'mock-mode', path = MOCK, ...rest } = how;
      const env = { CONTENT_LENGTH: String(size), CONTENT_TYPE: 'application/json', ...how.env };
      const reply = isWhole(await cgi.run(program, path, { method: 'POST', ...rest, stdin, env }));
      const left = Buffer.alloc(1024 * KIB);
      let taken = size;
      for (let n = 1; n > 0; taken -= n) n = readSync(stdin, left);
      return { reply, taken };
    } finally { closeSync(stdin); }
  }

  test('at 401, 404, 405, 413, 415, 501, and where no body is wanted', async () => {
    const size = 300 * KIB;
    await each([
      [401, { key: 'wrong' }],
      [401, { key: null }],
      [404, { path: '/api/v1/mock-mode/none' }],
      [405, { method: 'DELETE' }],
      [413, {}],
      [501, { method: 'BREW' }],
      [204, { method: 'OPTIONS' }],
      [200, { method: 'GET' }],
      [200, { method: 'HEAD' }],
      [400, { env: { PATH_INFO: '/..' } }],
      [500, { env: { API_KEY: null } }],
    ], async ([status, how]) => {
      const { reply, taken } = await drained(size, how);
      assert.equal(reply.status, status);
      assert.equal(taken, size);
    });
    const { reply, taken } = await drained(60 * KIB, { env: { CONTENT_TYPE: 'text/plain' } });
    assert.equal(reply.status, 415);
    assert.equal(taken, 60 * KIB);
  });

  test('chunks of unknown length, as long as they come, and not for ever', async () => {
    const size = 300 * KIB;
    const env = { CONTENT_LENGTH: null, ...CHUNKED };
    const { reply, taken } = await drained(size, { env });
    assert.equal(reply.status, 411);
    assert.equal(taken, size);
    const open = await set({ body: BODY, env, stdin: 'open' });
    assert.equal(open.status, 411);
    assert.ok(open.ms < PROMPT, `${open.ms} ms`);
  });

  test('10 MB with a good key and with a bad one', async () => {
    const size = 10_000_000;
    await each([[413, {}], [401, { key: 'wrong' }]], async ([status, how]) => {
      const { reply, taken } = await drained(size, how);
      isError(reply, status);
      assert.equal(taken, size);
    });
  });

  test('10 MB through a pipe, all of it taken before the answer', async () => {
    let finished = false;
    const reply = await set({
      body: Buffer.alloc(10_000_000, 'x'),
      started: (child) => { child.stdin.on('finish', () => { finished = true; }); },
    });
    isError(reply, 413, 'body_too_large');
    assert.ok(finished, 'the pipe took all of it');
  });

  test('but 16 MiB at most', async () => {
    const size = 20 * KIB * KIB;
    const { reply, taken } = await drained(size, {});
    isError(reply, 413);
    assert.equal(taken, 16 * KIB * KIB);
    const endless = await set({
      stdin: 'open', body: Buffer.alloc(17 * KIB * KIB), env: { CONTENT_LENGTH: '9223372036854775807' },
    });
    isError(endless, 413);
  });
});
