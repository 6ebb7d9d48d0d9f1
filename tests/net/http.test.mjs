// http.test.mjs - what lib/net/http makes of servers that are slow, silent,
// broken or false.
//
// http_tool does the calls; the servers are here and count what reaches them.
import assert from 'node:assert/strict';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import {
  answered, calls, folder, is, notSent, ok, other, ours, sayOk, serve, trust, unknown,
} from './servers.mjs';

test('an answer comes with its status, headers and body', async (t) => {
  const server = await serve(t, ({ socket }) => socket.write(
    'HTTP/1.1 201 Created\r\ncontent-TYPE:application/json\r\n'
    + 'RETRY-after:   7  \r\nX-Rate-Limit-Reset: 1700000000\r\n'
    + 'x-transaction-id: ab\u0001\u00ff\r\nX-Rate-Limit-Reset: 2\r\n'
    + 'Set-Cookie: a=b\r\nDate: Sat, 26 Oct 1985 08:20:00 GMT\r\n'
    + 'Content-Length: 2\r\n\r\n{}'));
  const [call] = await calls([`run POST ${server.url}/2/tweets 0 {"text":"a"}`]);
  is(call, { ...answered, status: 201, body: '{}', timed_out: false });
  assert.equal(call.error, undefined);
  assert.deepEqual(call.headers, {
    'content-type': 'application/json',
    'Retry-After': '7',
    'x-rate-limit-reset': '2',
    'x-transaction-id': 'ab???',
    date: 'Sat, 26 Oct 1985 08:20:00 GMT',
  });
});

test('a request carries what was asked and little else', async (t) => {
  const server = await serve(t, sayOk);
  const body = 'x'.repeat(2 * 1024 * 1024);
  const got = await calls(['line Authorization: Bearer t',
    'line Content-Type: application/json',
    `run POST ${server.url}/a 0 ${body}`, `run POST ${server.url}/b 0`,
    `run GET ${server.url}/c 0`, `run DELETE ${server.url}/d 0`,
    `run PUT ${server.url}/e 0 some`]);
  got.forEach((call) => is(call, answered));
  const [large, empty, get, del, put] = server.requests;
  assert.equal(large.body.length, body.length);
  assert.deepEqual(large.head.split('\r\n').sort(), [
    'Accept: application/json', 'Authorization: Bearer t',
    `Content-Length: ${body.length}`, 'Content-Type: application/json',
    `Host: 127.0.0.1:${server.port}`, 'POST /a HTTP/1.1',
    'User-Agent: twitter-manager/test']);
  assert.match(empty.head, /^POST \/b [^]*Content-Length: 0/);
  assert.equal(get.method, 'GET');
  assert.doesNotMatch(get.head, /Content-Length/);
  assert.equal(del.method, 'DELETE');
  assert.deepEqual([put.method, put.body], ['PUT', 'some']);
});

test('a call that is none is not sent, and says so', async (t) => {
  const server = await serve(t, sayOk);
  for (const line of ['no colon', ': empty', 'X-Empty:', 'X-Blank:  ',
    'X-A: b\rX-C: d', 'X-A: b\u007f']) {
    const [call] = await calls([`line ${line}`, `run GET ${server.url}/ 0`]);
    is(call, { ...notSent, error: 'a header line is malformed' });
  }
  for (const url of ['', 'ftp://127.0.0.1/', 'file:///etc/passwd',
    `http://user:word@127.0.0.1:${server.port}/`, 'http://', 'gopher://a/']) {
    const [call] = await calls([`run GET ${url} 500`]);
    is(call, notSent);
    assert.ok(call.error.length > 5);
  }
  assert.equal(server.connections, 0);
});

test('a refused connection is not sent', async (t) => {
  const server = await serve(t);
  const port = await new Promise((done) => {
    const gone = net.createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = gone.address();
      gone.close(() => done(free));
    });
  });
  const [call] = await calls([`run POST http://127.0.0.1:${port}/ 0 a`]);
  is(call, { ...notSent, timed_out: false });
  assert.equal(server.connections, 0);
});

test('a name that is none is not sent', async () => {
  const [call] = await calls(['run POST http://name.invalid/ 3000 a']);
  is(call, notSent);
});

test('a server that says nothing leaves the outcome unknown', async (t) => {
  const server = await serve(t, () => {});
  const [call] = await calls([`run POST ${server.url}/ 300 a`]);
  is(call, { ...unknown, status: 0, timed_out: true });
  assert.ok(call.ms >= 295 && call.ms < 1200, `${call.ms} ms`);
  assert.equal(server.requests.length, 1);
});

test('a server that never shakes hands is not sent anything', async (t) => {
  const server = await serve(t);
  const url = `https://127.0.0.1:${server.port}/`;
  const [whole] = await calls([`run POST ${url} 300 a`]);
  is(whole, { ...notSent, timed_out: true });
  const [connect] = await calls([`run POST ${url} 5000 a`], { connect: 200 });
  is(connect, { ...notSent, timed_out: true });
  assert.ok(connect.ms < 1500, `${connect.ms} ms`);
});

const cuts = {
  'at once': '',
  'in the status line': 'HTTP/1.1 2',
  'in the headers': 'HTTP/1.1 200 OK\r\nX-A: b\r\n',
  'after the headers': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n',
  'in the body': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"a":',
  'in a chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{"a"',
  'before the last chunk':
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n',
  'after an interim answer': 'HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n',
};

for (const [where, text] of Object.entries(cuts)) {
  for (const how of ['end', 'resetAndDestroy']) {
    test(`an answer cut ${where} by ${how} is unknown`, async (t) => {
      const server = await serve(t, ({ socket }) => {
        if (how === 'end') socket.end(text);
        else if (text) socket.write(text, () => socket[how]());
        else socket[how]();
      });
      const [call] = await calls([`run POST ${server.url}/ 2000 a`]);
      is(call, { ...unknown, timed_out: false });
      assert.equal(server.requests.length, 1);
    });
  }
}

test('an answer that is no HTTP is unknown', async (t) => {
  for (const text of ['{"ok":true}', 'SSH-2.0-x\r\n', 'HTTP/9.9 200 OK\r\n\r\n',
    '\r\n\r\n']) {
    const server = await serve(t, ({ socket }) => socket.end(text));
    const [call] = await calls([`run POST ${server.url}/ 1000 a`]);
    is(call, unknown);
    assert.equal(server.requests.length, 1);
  }
});

test('an answer without a length ends with its connection', async (t) => {
  const server = await serve(t,
    ({ socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\n{}'));
  const [call] = await calls([`run POST ${server.url}/ 1000 a`]);
  is(call, { ...answered, body: '{}' });
});

test('a body above the ceiling is given up', async (t) => {
  const server = await serve(t, ({ socket, path }) => {
    const text = 'x'.repeat(100000);
    if (path === '/told') {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${text}`);
    } else {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let i = 0; i < 10; i++) socket.write(`186a0\r\n${text}\r\n`);
    }
  });
  for (const path of ['/told', '/chunked']) {
    const [call] = await calls([`run POST ${server.url}${path} 3000 a`],
      { max: 50000 });
    is(call, { ...unknown, too_large: true, timed_out: false, status: 200 });
    assert.ok(call.size <= 50000);
  }
  const [whole] = await calls([`run POST ${server.url}/told 500 a`],
    { max: 100000 });
  is(whole, { ...unknown, too_large: false, timed_out: true, size: 100000 });
});

const packed = (how, bytes) => ({ socket }) => {
  socket.write('HTTP/1.1 200 OK\r\n'
    + `Content-Encoding: ${how}\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  socket.write(bytes);
};

test('a compressed answer is read, though it was not asked for', async (t) => {
  const text = JSON.stringify({ data: { text: 'some words' } });
  for (const [how, pack] of [['gzip', gzipSync], ['deflate', deflateSync], ['br', brotliCompressSync]]) {
    const server = await serve(t, packed(how, pack(text)));
    const [call] = await calls([`run POST ${server.url}/ 0 a`]);
    is(call, { ...answered, status: 200, body: text });
    assert.doesNotMatch(server.requests[0].head, /Accept-Encoding/i);
  }
});

test('what a few bytes unfold to has the same ceiling', async (t) => {
  const server = await serve(t, packed('gzip', gzipSync(Buffer.alloc(50_000_000))));
  const [call] = await calls([`run POST ${server.url}/ 3000 a`], { max: 50000 });
  is(call, { ...unknown, too_large: true, timed_out: false, status: 200 });
  assert.ok(call.size <= 50000);
});

test('an answer that is packed wrongly, or as nobody knows, is unknown', async (t) => {
  for (const [how, bytes] of [['gzip', Buffer.from('{"data":{}}')], ['rot13', Buffer.from('{}')]]) {
    const server = await serve(t, packed(how, bytes));
    const [call] = await calls([`run POST ${server.url}/ 3000 a`]);
    is(call, unknown);
  }
});

test('headers without end are given up', async (t) => {
  const server = await serve(t, ({ socket, path }) => {
    const line = path === '/interim'
      ? 'HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n' : `X-A: ${'b'.repeat(500)}\r\n`;
    socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n'.slice(
      path === '/interim' ? 0 : 28, path === '/interim' ? 28 : undefined));
    const more = () => {
      if (!socket.destroyed) socket.write(line.repeat(20), () => setImmediate(more));
    };
    more();
  });
  for (const path of ['/interim', '/lines']) {
    const [call] = await calls([`run POST ${server.url}${path} 3000 a`]);
    is(call, { ...unknown, too_large: true, timed_out: false });
  }
});

test('a body that drips past the time limit is unknown', async (t) => {
  const server = await serve(t, ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  const [call] = await calls([`run POST ${server.url}/ 400 a`]);
  is(call, { ...unknown, timed_out: true, status: 200 });
  assert.ok(call.ms < 1500, `${call.ms} ms`);
});

test('interim answers and trailers leave no headers behind', async (t) => {
  const server = await serve(t, ({ socket }) => socket.write(
    'HTTP/1.1 103 Early Hints\r\nx-rate-limit-reset: 1\r\n\r\n'
    + 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-late\r\n'
    + 'x-transaction-id: t\r\n\r\n2\r\n{}\r\n0\r\nx-late: 1\r\n\r\n'));
  const [call] = await calls([`run POST ${server.url}/ 1000 a`]);
  is(call, { ...answered, status: 200, body: '{}' });
  assert.deepEqual(call.headers, { 'x-transaction-id': 't' });
});

test('a redirect is an answer, not followed', async (t) => {
  const elsewhere = await serve(t, sayOk);
  const server = await serve(t, ({ socket }) => socket.write(
    `HTTP/1.1 307 Go\r\nLocation: ${elsewhere.url}/\r\nContent-Length: 0\r\n\r\n`));
  const [call] = await calls(['line Authorization: Bearer t',
    `run POST ${server.url}/ 1000 a`]);
  is(call, { ...answered, status: 307 });
  assert.equal(call.headers.location, `${elsewhere.url}/`);
  assert.equal(elsewhere.connections, 0);
});

test('an answer before the body was read counts, and 401 asks no more',
  async (t) => {
    const early = 'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="a"\r\n'
      + 'Connection: close\r\nContent-Length: 2\r\n\r\n{}';
    const server = await serve(t, () => {}, {
      onSocket: (socket) => socket.once('data', () => socket.write(early)),
    });
    const [call] = await calls([`run POST ${server.url}/ 2000 ${'x'.repeat(9e6)}`]);
    is(call, { ...answered, status: 401, body: '{}' });
    assert.equal(server.connections, 1);
  });

test('a certificate nobody vouches for stops the call', async (t) => {
  const server = await serve(t, sayOk, { tls: ours });
  const [call] = await calls(['line Authorization: Bearer t',
    `run POST ${server.url}/ 2000 a`]);
  is(call, notSent);
  assert.match(call.error, /certificate/);
  const [trusted] = await calls([`run POST ${server.url}/ 2000 a`],
    { ca: ours.file });
  is(trusted, answered);
  assert.equal(server.requests.length, 1);
});

test('a certificate for another host stops the call', async (t) => {
  const server = await serve(t, sayOk, { tls: other });
  const [call] = await calls([`run POST ${server.url}/ 2000 a`],
    { ca: other.file });
  is(call, notSent);
  assert.match(call.error, /no alternative certificate subject name|match/i);
  assert.equal(server.requests.length, 0);
});

test('TLS below 1.2 is refused', async (t) => {
  const server = await serve(t, sayOk, {
    tls: { ...ours, minVersion: 'TLSv1', maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0' },
  });
  const [call] = await calls([`run POST ${server.url}/ 2000 a`],
    { ca: ours.file });
  is(call, notSent);
  assert.equal(server.requests.length, 0);
});

test('a CA file that is not there stops the call', async (t) => {
  const server = await serve(t, sayOk, { tls: ours });
  const [call] = await calls([`run POST ${server.url}/ 2000 a`],
    { ca: join(folder, 'none.pem') });
  is(call, notSent);
});

test('no proxy comes from the environment', async (t) => {
  const proxy = await serve(t, sayOk);
  const plain = await serve(t, sayOk);
  const secure = await serve(t, sayOk, { tls: ours });
  const env = {};
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY',
    'HTTPS_PROXY', 'ALL_PROXY']) env[name] = proxy.url;
  const got = await calls([`run POST ${plain.url}/ 2000 a`,
    `run POST ${secure.url}/ 2000 a`], { ca: ours.file }, env);
  got.forEach((call) => is(call, answered));
  assert.equal(proxy.connections, 0);
});

test('the proxy of the settings is used, whatever NO_PROXY says', async (t) => {
  const plain = await serve(t, sayOk);
  const secure = await serve(t, sayOk, { tls: ours });
  const proxy = await serve(t, ({ socket, method, path }) => {
    if (method !== 'CONNECT') {
      socket.write(ok('{"by":"proxy"}'));
      return;
    }
    const [host, port] = path.split(':');
    const on = net.connect(Number(port), host, () => {
      socket.removeAllListeners('data');
      socket.write('HTTP/1.1 200 OK\r\nx-late: 1\r\n\r\n');
      socket.pipe(on).pipe(socket);
    });
    on.on('error', () => socket.destroy());
  });
  const env = { NO_PROXY: '*', no_proxy: '127.0.0.1' };
  const [first, second] = await calls(['line Authorization: Bearer t',
    `run POST ${plain.url}/ 2000 a`, `run POST ${secure.url}/ 2000 a`],
  { ca: ours.file, proxy: proxy.url }, env);
  is(first, { ...answered, body: '{"by":"proxy"}' });
  is(second, { ...answered, body: '{"ok":true}', headers: {} });
  assert.equal(plain.connections, 0);
  assert.match(proxy.requests[1].head, /^CONNECT /);
  assert.doesNotMatch(proxy.requests[1].head, /Bearer/);
});

test('a proxy that refuses or cuts means not sent', async (t) => {
  for (const answer of ['HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n', '']) {
    const proxy = await serve(t, ({ socket }) => socket.end(answer));
    const [call] = await calls(['run POST https://127.0.0.1:9/ 2000 a'],
      { proxy: proxy.url });
    is(call, notSent);
  }
});

test('connections are used again', async (t) => {
  const server = await serve(t, sayOk);
  const script = Array.from({ length: 20 }, () => `run POST ${server.url}/ 0 a`);
  const got = await calls(script);
  assert.deepEqual(got.map((call) => call.connects), [1, ...Array(19).fill(0)]);
  assert.equal(server.connections, 1);
});

// ---- many at once ---------------------------------------------------------

test('32 calls of 200 ms each take little longer than one', async (t) => {
  const server = await serve(t, (request) => setTimeout(sayOk, 200, request));
  const script = Array.from({ length: 32 },
    (_, i) => `start POST ${server.url}/${i} 0 a`);
  const began = Date.now();
  const got = await calls([...script, 'wait 5000']);
  const took = Date.now() - began;
  assert.equal(got.length, 33);
  got.slice(0, 32).forEach((call) => {
    is(call, answered);
    assert.ok(call.ms >= 195 && call.ms < 600, `${call.ms} ms`);
  });
  assert.deepEqual(new Set(got.slice(0, 32).map((call) => call.id)).size, 32);
  assert.ok(took < 1500, `${took} ms`);
  assert.equal(server.requests.length, 32);
});

test('32 calls over TLS without HTTP/2 take little longer than one', async (t) => {
  const server = await serve(t, (request) => setTimeout(sayOk, 200, request),
    { tls: ours });
  const began = Date.now();
  const got = await calls([...Array.from({ length: 32 },
    (_, i) => `start POST ${server.url}/${i} 0 a`), 'wait 5000'], trust);
  const took = Date.now() - began;
  got.slice(0, 32).forEach((call) => {
    is(call, answered);
    assert.ok(call.ms < 1500, `${call.ms} ms`);
  });
  // A call that begins late may find a connection that is free again, and some
  // libcurls take it; a connection carries one call at a time all the same.
  assert.ok(server.connections > 16 && server.connections <= 32, `${server.connections}`);
  assert.ok(took < 2500, `${took} ms`);
  assert.equal(server.requests.length, 32);
});

test('each call has its own fate', async (t) => {
  const server = await serve(t, ({ socket, path }) => {
    if (path === '/good') socket.write(ok('{}'));
    else if (path === '/cut') socket.destroy();
  });
  const got = await calls([`start POST ${server.url}/good 0 a`,
    `start POST ${server.url}/cut 0 a`, `start POST ${server.url}/mute 300 a`,
    'start POST http://127.0.0.1:1/ 0 a', 'start POST nothing:// 0 a',
    'wait 3000']);
  const fate = {};
  got.forEach((call) => { fate[call.id] = call.outcome; });
  assert.deepEqual({ ...fate }, { 0: 'answered', 1: 'unknown', 2: 'unknown',
    3: 'not_sent', 4: 'not_sent', undefined });
  assert.deepEqual(got.at(-1), { left: 0, stop: false });
});

test('the deadline of a wait ends the wait, not the calls', async (t) => {
  const server = await serve(t, (request) => setTimeout(sayOk, 300, request));
  const got = await calls([`start POST ${server.url}/ 0 a`, 'wait 100',
    'wait 3000']);
  assert.deepEqual(got[0], { left: 1, stop: false });
  is(got[1], answered);
  assert.equal(server.requests.length, 1);
});

test('the stop flag ends a wait; what is in flight can be gathered',
  async (t) => {
    const server = await serve(t, (request) => setTimeout(sayOk, 700, request));
    const began = Date.now();
    const got = await calls([`start POST ${server.url}/ 0 a`, 'stop 100',
      'wait 5000', 'wait 5000']);
    assert.deepEqual(got[0], { left: 1, stop: true });
    is(got[1], answered);
    assert.ok(got[1].ms >= 695 && got[1].ms < 1200);
    assert.ok(Date.now() - began < 2500);
  });

test('what still runs at the end is cut', async (t) => {
  const server = await serve(t, () => {});
  const began = Date.now();
  await calls([`start POST ${server.url}/ 5000 a`, 'wait 100']);
  assert.ok(Date.now() - began < 2000);
});
