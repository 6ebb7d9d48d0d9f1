// Runs a program as bare CGI with a forged environment, no server.
//
//   const env = cgiEnv(settings, { method: 'POST', path: '/api/v1/tweet', body });
//   const reply = await runCgi('tweets', { env, body });
//
// `env` is exactly what the program gets: nothing is inherited.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { conformCgi } from './openapi.mjs';
import { build } from './paths.mjs';

const EXECVE = fileURLToPath(new URL('execve.py', import.meta.url));

const headerName = (name) => `HTTP_${name.toUpperCase().replaceAll('-', '_')}`;

/**
 * The environment a server would make, in lighttpd's manner, above `settings`.
 * `script` is the part of the path that names the program (else all of it);
 * `env` has the last word, null removes.
 */
export function cgiEnv(settings, {
  method = 'GET', path = '/', query = '', script = path, key = settings.API_KEY,
  headers = {}, body, type = 'application/json', env = {},
} = {}) {
  const auth = key === null || key === undefined ? {} : { 'X-API-Key': key };
  const all = {
    ...settings,
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_PROTOCOL: 'HTTP/1.1',
    SERVER_SOFTWARE: 'forged',
    SERVER_NAME: 'localhost',
    SERVER_PORT: settings.PORT ?? '80',
    REMOTE_ADDR: '127.0.0.1',
    REQUEST_METHOD: method,
    REQUEST_URI: query ? `${path}?${query}` : path,
    SCRIPT_NAME: script,
    PATH_INFO: path.slice(script.length) || null,
    QUERY_STRING: query,
    CONTENT_LENGTH: body === undefined ? '0' : String(Buffer.byteLength(body)),
    CONTENT_TYPE: body === undefined ? null : type,
  };
  for (const [name, value] of Object.entries({ ...auth, ...headers })) {
    all[headerName(name)] = value;
  }
  return Object.fromEntries(Object.entries({ ...all, ...env })
    .filter(([, value]) => value !== null && value !== undefined));
}

function parseHeaders(block) {
  const headers = {};
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^([^:]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name) headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** { status, headers, body, json } of a CGI response; status null if none. */
export function parseCgi(raw) {
  const text = raw.toString('utf8');
  const gap = /\r?\n\r?\n/.exec(text);
  if (!gap) return { status: null, headers: {}, body: text, json: undefined };
  const headers = parseHeaders(text.slice(0, gap.index));
  const body = text.slice(gap.index + gap[0].length);
  let json;
  try { json = JSON.parse(body); } catch { /* not JSON */ }
  const status = headers.status ? Number.parseInt(headers.status, 10) : 200;
  return { status, headers, body, json };
}

// The shell sets what Node cannot: closed descriptors and the umask.
function wrapped(command, { closed, umask }) {
  if (closed.length === 0 && umask === undefined) return command;
  const mask = umask === undefined ? '' : `umask ${umask.toString(8)}; `;
  const shut = closed.map((fd) => `${fd}>&-`).join(' ');
  return ['/bin/sh', '-c', `${mask}exec "$0" "$@" ${shut}`, ...command];
}

const SPECIAL = ['ignore', 'block', 'nonblock', 'open'];

function commandOf(program, args, env, how) {
  const path = program.includes('/') ? program : join(build, 'cgi-bin', program);
  const special = SPECIAL.filter((name) => how[name]?.length);
  if (!Array.isArray(env) && !special.length) return wrapped([path, ...args], how);
  const spec = { argv: [path, ...args], env: listOf(env) };
  for (const name of special) spec[name] = how[name];
  return wrapped(['/usr/bin/python3', '-I', EXECVE, JSON.stringify(spec)], how);
}

const listOf = (env) => (Array.isArray(env) ? env
  : Object.entries(env).map(([name, value]) => `${name}=${value}`));

async function feed(stdin, bytes, mode) {
  if (!stdin) return;
  stdin.on('error', () => {}); // the program may end without reading
  for await (const piece of pieces(bytes)) {
    if (stdin.destroyed) return;
    stdin.write(piece);
  }
  if (mode !== 'open') stdin.end();
}

// A body may come in pieces, by a function that makes them one after another.
function pieces(bytes) {
  if (typeof bytes === 'function') return bytes();
  return bytes === undefined ? [] : [bytes];
}

const gather = (stream) => {
  const chunks = [];
  stream?.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
};

/**
 * Runs one request. Options:
 *   env      an object, or a list of "NAME=value" (a name may then come twice)
 *   body     what to write to its standard input, or a generator of it
 *   stdin    "end" (default), "open": never ends, "null": /dev/null, or a
 *            descriptor of ours
 *   socket   one socket is standard input and output, as under mod_cgid
 *   args     arguments
 *   closed   descriptors that are closed at its start, e.g. [2]
 *   umask    its umask
 *   ignore, block: signals ("INT") that are so at its start
 *   nonblock descriptors that do not block, open: more that it inherits
 *   started  called with the child, and with what reads its output
 *   cwd, timeout (ms, then SIGKILL; default 30 s)
 *   command  (list) => list, to put a debugger or strace in front
 * Gives { status, headers, body, json, raw, exitCode, signal, stderr, ms }.
 * A program that must be killed has signal SIGKILL.
 */
export function runCgi(program, {
  env = {}, body, stdin = 'end', socket = false, args = [], closed = [], umask, cwd = '/',
  timeout = 30_000, command = (list) => list, started, ...how
} = {}) {
  const [file, ...rest] = command(commandOf(program, args, env, { closed, umask, ...how }));
  const begun = Date.now();
  const child = start(file, rest, { cwd, env: Array.isArray(env) ? {} : env }, stdin, socket);
  const [input, output] = socket ? [child.stdio[3], child.stdio[3]] : [child.stdin, child.stdout];
  const [out, err] = [gather(output), gather(child.stderr)];
  feed(input, body, socket ? 'open' : stdin);
  started?.(child, output);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    child.once('error', reject);
    child.once('exit', () => { if (stdin === 'open') input?.destroy?.(); });
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer);
      const raw = out();
      const reply = {
        ...parseCgi(raw), raw: raw.toString('utf8'), bytes: raw, exitCode, signal,
        stderr: err().toString('utf8'), ms: Date.now() - begun,
      };
      try { resolve(conformCgi(env, reply)); } catch (fault) { reject(fault); }
    });
  });
}

function start(file, rest, options, stdin, socket) {
  const first = { end: 'pipe', open: 'pipe', null: 'ignore' }[stdin] ?? stdin;
  if (!socket) return spawn(file, rest, { ...options, stdio: [first, 'pipe', 'pipe'] });
  const script = 'exec "$0" "$@" <&3 >&3 3>&-';
  return spawn('/bin/sh', ['-c', script, file, ...rest],
    { ...options, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
}
