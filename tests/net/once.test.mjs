// once.test.mjs - over HTTP/1.1, plain and under TLS: a request that must not be
// sent twice is not, and connections that ended while idle do no harm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answered, calls, chaos, dice, holds, is, ok, ours, sayOk, serve, sleep, trust, unknown,
} from './servers.mjs';

for (const [scheme, options] of Object.entries({ http: {}, https: { tls: ours } })) {
  for (const how of ['end', 'destroy', 'resetAndDestroy']) {
    // a TLS socket's reset is made on the TCP socket below it
    const cut = (socket) => {
      if (how === 'resetAndDestroy' && scheme === 'https') {
        socket._parent?.resetAndDestroy() ?? socket.destroy();
      } else {
        socket[how]();
      }
    };
    const settings = scheme === 'https' ? { ca: ours.file } : {};

    test(`${scheme}: a reused connection cut by ${how} after the request was`
      + ' read sends no POST twice', async (t) => {
      const server = await serve(t, (request) => {
        if (request.nth === 1) sayOk(request);
        else cut(request.socket);
      }, options);
      for (const method of ['POST', 'PUT', 'DELETE']) {
        server.requests.length = 0;
        const [first, second] = await calls([`run ${method} ${server.url}/1 0 a`,
          `run ${method} ${server.url}/2 0 a`], settings);
        is(first, answered);
        is(second, { ...unknown, status: 0 });
        await sleep(50);
        assert.deepEqual(server.requests.map((r) => r.path), ['/1', '/2']);
      }
    });

    test(`${scheme}: a reused connection cut by ${how} after the request was`
      + ' read sends a GET again', async (t) => {
      const server = await serve(t, (request) => {
        if (request.nth === 1) sayOk(request);
        else cut(request.socket);
      }, options);
      const [, second] = await calls([`run GET ${server.url}/1 0`,
        `run GET ${server.url}/2 0`], settings);
      is(second, answered);
      assert.deepEqual(server.requests.map((r) => r.path), ['/1', '/2', '/2']);
    });

    test(`${scheme}: connections closed by ${how} while idle do no harm`,
      async (t) => {
        const server = await serve(t, (request) => {
          setTimeout(() => {
            sayOk(request);
            setTimeout(() => cut(request.socket), 100);
          }, 50);
        }, options);
        const start = (n) => Array.from({ length: n },
          () => `start POST ${server.url}/ 0 a`);
        const got = await calls([...start(8), 'wait 3000', 'sleep 300',
          ...start(3), 'wait 3000'], settings);
        const done = got.filter((line) => line.outcome);
        assert.equal(done.length, 11);
        done.forEach((call) => is(call, answered));
        assert.equal(server.requests.length, 11);
      });
  }
}

for (const [scheme, options] of Object.entries({ http: {}, https: { tls: ours } })) {
  test(`${scheme}: nothing comes twice from a server that cuts at random`,
    async (t) => {
      const roll = dice(scheme.length);
      const server = await serve(t, (request) => {
        const { socket } = request;
        const what = roll(12);
        const later = roll(60);
        const hangUp = () => (roll(2) ? socket.end() : socket.destroy());
        if (what === 0) socket.destroy();
        else if (what === 1) (socket._parent ?? socket).resetAndDestroy();
        else if (what === 2) socket.end('HTTP/1.1 200 OK\r\nContent-Le');
        else if (what === 3) socket.end(ok('{}'));
        else if (what === 4) setTimeout(hangUp, later);
        else if (what === 5) setTimeout(sayOk, 350, request);
        else setTimeout(sayOk, later, request);
        if (what > 8) setTimeout(hangUp, later + roll(30));
      }, {
        ...options,
        onSocket: (socket) => { if (roll(20) === 0) socket.destroy(); },
      });
      const got = await calls(chaos(8, server.url), trust);
      const tally = holds(got, server.requests, 256);
      t.diagnostic(JSON.stringify(tally));
      assert.ok(tally.answered > 20 && tally.unknown > 20); // a slow machine has fewer
    });
}

test('a connection closed with its answer sends nothing twice', async (t) => {
  const server = await serve(t, ({ socket }) => socket.end(ok('{}')));
  const got = await calls(Array.from({ length: 50 },
    (_, i) => `run POST ${server.url}/${i} 0 a`));
  const tally = holds(got, server.requests, 50);
  assert.equal(tally.not_sent, 0);
  assert.ok(tally.answered > 20);
});
