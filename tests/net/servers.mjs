// servers.mjs - the servers and helpers of the tests in this folder.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after } from 'node:test';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const build = resolve(root, process.env.BUILD ?? 'build/release');
const program = join(build, 'tests', 'http_tool');
export const folder = mkdtempSync(join(tmpdir(), 'http-test-'));
after(() => rmSync(folder, { recursive: true }));

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** A key and a certificate that signs itself, for HOST. */
export function certificate(name, host) {
  const key = join(folder, `${name}.key`);
  const cert = join(folder, `${name}.pem`);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', key,
    '-out', cert, '-subj', `/CN=${name}`, '-addext', `subjectAltName=${host}`],
  { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

export const ours = certificate('ours', 'DNS:localhost,IP:127.0.0.1');
export const trust = { ca: ours.file };
export const other = certificate('other', 'DNS:elsewhere.example');

/** Runs the tool over the script's lines; gives its lines of output. */
export async function calls(script, settings = {}, env = {}) {
  const args = Object.entries(settings).map(([k, v]) => `${k}=${v}`);
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => { out += text; });
  child.stderr.on('data', (text) => { err += text; });
  child.stdin.end(`${script.join('\n')}\n`);
  const status = await new Promise((done) => child.on('close', done));
  assert.equal(err, '');
  assert.equal(status, 0);
  return out.trim().split('\n').map((line) => JSON.parse(line));
}

/**
 * A server of our own making: ANSWER gets each whole request as {method, path,
 * head, body, socket, connection, nth} and does what it likes with the socket.
 */
export async function serve(t, answer, options = {}) {
  const seen = { requests: [], connections: 0, sockets: new Set() };
  const onSocket = (socket) => {
    const connection = ++seen.connections;
    let nth = 0;
    let data = '';
    seen.sockets.add(socket);
    socket.on('close', () => seen.sockets.delete(socket));
    socket.on('error', () => {});
    options.onSocket?.(socket);
    socket.on('data', (piece) => {
      data += piece.toString('latin1');
      for (;;) {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = data.slice(0, end);
        const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
        if (data.length < end + 4 + length) return;
        const body = data.slice(end + 4, end + 4 + length);
        data = data.slice(end + 4 + length);
        const [method, path] = head.split(' ');
        const request = { method, path, head, body, socket, connection, nth: ++nth };
        seen.requests.push(request);
        answer?.(request, seen);
      }
    });
  };
  const server = options.tls
    ? tls.createServer({ ...options.tls }, onSocket)
    : net.createServer({ noDelay: true }, onSocket);
  server.on('tlsClientError', () => {});
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    for (const socket of seen.sockets) socket.destroy();
    server.close();
  });
  seen.port = server.address().port;
  seen.url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${seen.port}`;
  return seen;
}

export const ok = (body, more = '') =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
export const sayOk = ({ socket }) => socket.write(ok('{"ok":true}'));

export const notSent = { outcome: 'not_sent', sent: false, status: 0 };
export const unknown = { outcome: 'unknown', sent: true };
export const answered = { outcome: 'answered', sent: true };

export function is(call, wanted) {
  for (const [name, value] of Object.entries(wanted)) {
    assert.deepEqual(call[name], value, `${name} of ${JSON.stringify(call)}`);
  }
}

/** An HTTP/2 server; ANSWER gets {path, body, stream, headers}. */
export async function serve2(t, answer, options = {}) {
  const seen = { requests: [], connections: 0, sessions: new Set() };
  const server = http2.createSecureServer(
    { key: ours.key, cert: ours.cert, ...options });
  server.on('session', (session) => {
    seen.connections++;
    seen.sessions.add(session);
    session.on('error', () => {});
    session.on('close', () => seen.sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.on('error', () => {});
    stream.on('data', (piece) => { body += piece; });
    stream.on('end', () => {
      const request = { path: headers[':path'], body, stream, headers };
      seen.requests.push(request);
      answer(request, seen);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    for (const session of seen.sessions) session.destroy();
    server.close();
  });
  seen.url = `https://127.0.0.1:${server.address().port}`;
  return seen;
}

/**
 * A server that cuts, resets, delays and hangs up as a seeded dice says, and
 * what must hold of every call, whatever it meets.
 */
export function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

export function chaos(rounds, url) {
  const script = [];
  for (let round = 0, i = 0; round < rounds; round++) {
    for (let k = 0; k < 32; k++, i++) script.push(`start POST ${url}/${i} 250 a`);
    script.push('wait 3000', `sleep ${round % 4 * 10}`);
  }
  return script;
}

export function holds(got, requests, count) {
  const paths = requests.map((r) => Number(r.path.slice(1)));
  const seen = new Set(paths);
  const done = got.filter((line) => line.outcome);
  const tally = { answered: 0, unknown: 0, not_sent: 0 };
  assert.equal(paths.length, seen.size, 'a request came twice');
  assert.equal(done.length, count);
  for (const call of done) {
    tally[call.outcome]++;
    if (call.outcome === 'answered') assert.ok(seen.has(call.id));
    if (call.outcome === 'not_sent') assert.ok(!seen.has(call.id));
  }
  return tally;
}
