// A running instance for black-box tests: its own folder, port and keys, under
// the server that SERVER names (servers/index.mjs), lighttpd if none.
//
//   const instance = await startInstance({ fakeX: x });     // or {} for mock
//   const reply = await request(instance, 'GET', '/api/v1/accounts');
//   const rows = await db(instance, 'SELECT * FROM tweet');
//   await instance.stop();

import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { send, sendRaw } from './http.mjs';
import { server, serverName } from './servers/index.mjs';
import { newFolder, removeFolder, settingsFor } from './settings.mjs';

const run = promisify(execFile);
const HEALTH = '/api/v1/health';
const STARTING = 15_000;

const isFree = (port) => new Promise((resolve) => {
  const server = net.createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

/**
 * A port that was free a moment ago, below those that the system gives to
 * outgoing connections: one of these could take it before the server does.
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    if (await isFree(port)) return port;
  }
}

// Servers of this process: a run that is broken off leaves none behind.
const running = new Set();

process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

async function healthy(url, ended) {
  const deadline = Date.now() + STARTING;
  let gone = null;
  ended.then((how) => { gone = how; });
  while (Date.now() < deadline && gone === null) {
    const reply = await send(url, 'GET', HEALTH, { timeout: 2000 }).catch(() => null);
    if (reply?.status === 200) return;
    await sleep(25);
  }
  throw new Error(gone === null ? 'no health within 15 s' : `server ended: ${gone}`);
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/**
 * Starts an instance and waits for its health. Mock mode unless `fakeX` is
 * given (then `mock` decides); `env` has the last word on every setting.
 * `prepare(instance)` may fill the folder before the server starts; `dir` uses
 * a folder that is there already and is not removed.
 */
export async function startInstance({ env, fakeX, mock, prepare, dir: given } = {}) {
  const dir = given ?? newFolder();
  const port = await freePort();
  const settings = settingsFor(dir, { env, fakeX, mock, port });
  const instance = new Instance({ dir, port, settings, keep: given !== undefined });
  fakeX?.registerRedirect(instance.callbackUrl);
  try {
    await prepare?.(instance);
    await instance.start();
  } catch (fault) {
    fault.message += `\nserver.log:\n${read(join(dir, 'server.log'))}`;
    await instance.stop().catch(() => {});
    throw fault;
  }
  return instance;
}

class Instance {
  constructor({ dir, port, settings, keep }) {
    Object.assign(this, { dir, port, settings, keep, child: null });
    this.url = `http://127.0.0.1:${port}`;
    this.key = settings.API_KEY;
    this.encryptionKey = settings.ENCRYPTION_KEY;
    this.instanceDir = settings.INSTANCE_DIR;
    this.dbPath = join(this.instanceDir, 'twitter_manager.db');
    this.callbackUrl = settings.TWITTER_CALLBACK_URL
      ?? `http://localhost:${port}/auth/callback`;
  }

  async start() {
    serverName(); // or it is thrown
    this.child = server.start(this);
    running.add(this.child);
    this.child.ended.then(() => running.delete(this.child));
    await healthy(this.url, this.child.ended);
    // Health opens no database; after this it is there for db().
    const headers = this.key ? { 'X-API-Key': this.key } : {}; // else it has none yet
    await send(this.url, 'GET', '/api/v1/stats', { headers });
  }

  /** Stops the server and starts it again with changed settings. */
  async restart(env = {}) {
    await this.child.stop();
    Object.assign(this.settings, env);
    this.key = this.settings.API_KEY;
    await this.start();
  }

  async stop() {
    try {
      if (this.child) await this.child.stop();
    } finally {
      if (!this.keep) removeFolder(this.dir);
    }
  }

  /** What the server itself said. */
  serverLog() { return read(join(this.dir, 'server.log')); }

  /** The text of all logs of a kind (api, x, error), or of all kinds. */
  logText(kind = '') {
    const folder = join(this.instanceDir, 'logs');
    if (!existsSync(folder)) return '';
    return readdirSync(folder).filter((name) => name.startsWith(kind)).sort()
      .map((name) => read(join(folder, name))).join('');
  }

  /** The lines of a log, parsed. */
  log(kind) {
    return this.logText(`${kind}-`).split('\n').filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}

/**
 * A request with the instance's key; `key: null` sends none, another `key`
 * that one. { status, headers, text, json }.
 */
export function request(instance, method, path, { key = instance.key, headers, ...rest } = {}) {
  const auth = key === null ? {} : { 'X-API-Key': key };
  return send(instance.url, method, path, { ...rest, headers: { ...auth, ...headers } });
}

/** Bytes as they are, to the instance: { status, head, text, json, raw }. */
export const rawRequest = (instance, bytes, options) =>
  sendRaw(instance.url, bytes, options);

/** Rows of the last statement, by the sqlite3 tool; throws what it complains of. */
export async function db(instance, sql) {
  const path = instance.dbPath ?? instance;
  const { stdout } = await run('sqlite3', ['-bail', '-json', '-cmd', '.timeout 10000', path, sql],
    { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim() === '' ? [] : JSON.parse(stdout);
}

/** A value as SQL text. */
export function quote(value) {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return String(value);
  return `'${String(value).replaceAll("'", "''")}'`;
}
