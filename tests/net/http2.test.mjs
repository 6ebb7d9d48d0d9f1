// http2.test.mjs - over HTTP/2: many calls on one connection, and none sent
// twice, whatever becomes of streams and connections.
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { test } from 'node:test';
import {
  answered, calls, chaos, dice, holds, is, serve2, sleep, trust, unknown,
} from './servers.mjs';

const sayOk2 = ({ stream }) => {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200, 'x-transaction-id': 't2' });
  stream.end('{"ok":2}');
};

test('HTTP/2: 32 calls of 200 ms share one connection', async (t) => {
  const server = await serve2(t, (request) => setTimeout(sayOk2, 200, request));
  const script = Array.from({ length: 32 },
    (_, i) => `start POST ${server.url}/${i} 0 body${i}`);
  const got = await calls([...script, 'wait 5000'], trust);
  got.slice(0, 32).forEach((call) => {
    is(call, { ...answered, body: '{"ok":2}' });
    assert.equal(call.headers['x-transaction-id'], 't2');
    assert.ok(call.ms < 800, `${call.ms} ms`);
  });
  assert.equal(server.connections, 1);
  assert.deepEqual(server.requests.map((r) => r.path.slice(1)).sort(),
    server.requests.map((r) => r.body.slice(4)).sort());
});

// libcurl begins more streams than a server takes before it has heard how many
// that is. The rest is refused, and cannot be told from what was begun.
test('HTTP/2: streams beyond what the server takes come once', async (t) => {
  const server = await serve2(t, (request) => setTimeout(sayOk2, 50, request),
    { settings: { maxConcurrentStreams: 5 } });
  const got = await calls([...Array.from({ length: 40 },
    (_, i) => `start POST ${server.url}/${i} 0 a`), 'wait 5000'], trust);
  const tally = holds(got, server.requests, 40);
  t.diagnostic(JSON.stringify(tally));
  assert.ok(tally.answered >= 5);
});

const { constants } = http2;
const resets = {
  'a stream reset': ({ stream }) => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
  'a refused stream': ({ stream }) => stream.close(constants.NGHTTP2_REFUSED_STREAM),
  'a wish for HTTP/1.1': ({ stream }) =>
    stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED),
  'a connection cut': ({ stream }) => stream.session.destroy(),
  'GOAWAY that disowns the stream': ({ stream }) => {
    stream.session.goaway(constants.NGHTTP2_NO_ERROR, 0);
    stream.session.destroy();
  },
  'GOAWAY with an error': ({ stream }) =>
    stream.session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM),
  'a cut in the body': ({ stream }) => {
    stream.respond({ ':status': 200, 'content-length': 100 });
    stream.write('{"a"', () => setTimeout(() => stream.session?.destroy(), 50));
  },
  'a body shorter than told': ({ stream }) => {
    stream.respond({ ':status': 200, 'content-length': 100 });
    stream.end('{}');
  },
};

for (const [what, reset] of Object.entries(resets)) {
  for (const before of [0, 1]) {
    test(`HTTP/2: ${what}, ${before ? 'reused' : 'new'} connection, sends no`
      + ' POST twice', async (t) => {
      const server = await serve2(t, (request) => {
        if (request.path === '/good') sayOk2(request);
        else reset(request);
      });
      const script = [`run POST ${server.url}/bad 3000 a`];
      if (before) script.unshift(`run POST ${server.url}/good 3000 a`);
      const got = await calls(script, trust);
      is(got.at(-1), { ...unknown, timed_out: false });
      await sleep(50);
      assert.equal(server.requests.filter((r) => r.path === '/bad').length, 1);
    });
  }
}

test('HTTP/2: a cut connection with 20 calls in it sends none twice',
  async (t) => {
    let left = 20;
    const server = await serve2(t, ({ stream, path }) => {
      if (path === '/first') sayOk2({ stream });
      else if (--left === 0) stream.session.destroy();
    });
    const script = Array.from({ length: 20 },
      (_, i) => `start POST ${server.url}/${i} 3000 a`);
    const got = await calls([`run POST ${server.url}/first 0 a`, ...script,
      'wait 5000'], trust);
    got.slice(1, 21).forEach((call) => is(call, unknown));
    assert.equal(server.requests.length, 21);
    assert.equal(new Set(server.requests.map((r) => r.path)).size, 21);
  });

for (const how of ['close', 'destroy', 'goaway']) {
  test(`HTTP/2: a connection ended by ${how} while idle does no harm`,
    async (t) => {
      const server = await serve2(t, (request) => {
        sayOk2(request);
        setTimeout(() => request.stream.session?.[how](), 100);
      });
      const got = await calls([`run POST ${server.url}/1 3000 a`, 'sleep 300',
        `run POST ${server.url}/2 3000 a`, 'sleep 300',
        `run POST ${server.url}/3 3000 a`], trust);
      got.forEach((call) => is(call, answered));
      assert.equal(server.requests.length, 3);
    });
}

test('HTTP/2: nothing comes twice from a server that cuts at random',
  async (t) => {
    const roll = dice(2);
    const server = await serve2(t, (request) => {
      const { stream } = request;
      const what = roll(60);
      const later = roll(60);
      if (what === 0) stream.session.destroy();
      else if (what === 1) stream.session.close();
      else if (what < 4) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else if (what < 6) stream.close(constants.NGHTTP2_CANCEL);
      else if (what < 8) setTimeout(sayOk2, 350, request);
      else if (what === 8) setTimeout(() => stream.session?.goaway(), later);
      else setTimeout(sayOk2, later, request);
    });
    const got = await calls(chaos(8, server.url), trust);
    const tally = holds(got, server.requests, 256);
    t.diagnostic(JSON.stringify(tally));
    assert.ok(tally.answered > 20 && tally.unknown > 30);
  });
