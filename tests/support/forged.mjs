// One instance for tests that run programs with a forged environment.
//
//   const cgi = new Forged();
//   const reply = await cgi.run('stats', '/api/v1/stats', { env: { HTTPS: 'off' } });
//   cgi.remove();

import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { until } from './checks.mjs';
import { cgiEnv, runCgi } from './cgi.mjs';
import { db } from './instance.mjs';
import { newFolder, removeFolder, settingsFor } from './settings.mjs';

// What belongs to the variables; all else is how the program is run.
const OF_ENV = ['method', 'path', 'query', 'script', 'key', 'headers', 'type', 'env'];

export class Forged {
  constructor(options) {
    this.dir = newFolder();
    this.settings = settingsFor(this.dir, options);
    this.key = this.settings.API_KEY;
    this.instanceDir = this.settings.INSTANCE_DIR;
    this.dbPath = join(this.instanceDir, 'twitter_manager.db');
  }

  /** The variables of a request, as a list: names may be added twice. */
  list(path, options = {}) {
    return Object.entries(cgiEnv(this.settings, { path, ...options }))
      .map(([name, value]) => `${name}=${value}`);
  }

  /**
   * Runs a program for a path; `how` takes the options of cgiEnv and runCgi.
   * `json` is sent as the body. The reply has `text`, as those over HTTP have.
   */
  async run(program, path, { json, list, ...how } = {}) {
    const body = json === undefined ? how.body : JSON.stringify(json);
    const known = typeof body === 'function' ? undefined : body;
    const forEnv = Object.fromEntries(OF_ENV.filter((name) => name in how)
      .map((name) => [name, how[name]]));
    const rest = Object.fromEntries(Object.entries(how)
      .filter(([name]) => !OF_ENV.includes(name)));
    const env = list ?? cgiEnv(this.settings, { path, ...forEnv, body: known });
    const reply = await runCgi(program, { ...rest, env, body });
    return { ...reply, text: reply.body };
  }

  /** POST of JSON. */
  post(program, path, json, how) {
    return this.run(program, path, { method: 'POST', json, ...how });
  }

  db(sql) { return db(this.dbPath, sql); }

  /** The lines of a kind of log, parsed. */
  log(kind) {
    const folder = join(this.instanceDir, 'logs');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).filter((name) => name.startsWith(`${kind}-`)).sort()
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter(Boolean).map((line) => JSON.parse(line));
  }

  /** [path, mode] of all that lies in the instance folder, itself included. */
  modes(path = this.instanceDir) {
    const stat = statSync(path);
    const own = [[path, stat.mode & 0o7777, stat.isDirectory()]];
    if (!stat.isDirectory()) return own;
    return own.concat(...readdirSync(path).map((name) => this.modes(join(path, name))));
  }

  remove() { removeFolder(this.dir); }
}

const SIGALRM = 14;

/** The set of signals on a line ("SigIgn") of a process's status. */
export const signals = (pid, line) => BigInt(`0x${new RegExp(`^${line}:\\s*(\\w+)`, 'm')
  .exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]}`);

export const holds = (set, number) => (set >> BigInt(number - 1) & 1n) === 1n;

/** Waits until the program has set itself up and sleeps, for a body or a lock. */
export function asleep({ pid }) {
  const asks = () => !/(python|sh|node|strace)[\d.]*$/.test(readlinkSync(`/proc/${pid}/exe`))
    && holds(signals(pid, 'SigCgt'), SIGALRM)
    && /^State:\s*S/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return until(asks, 'the program sleeps');
}

/** A whole answer: nothing missing, nothing on standard error, a good end. */
export function isWhole(reply) {
  const problem = wrongWith(reply);
  if (problem) throw new Error(`${problem}\n${reply.raw.slice(0, 2000)}\n${reply.stderr}`);
  return reply;
}

function wrongWith({ raw, bytes, headers, status, stderr, exitCode, signal }) {
  const gap = raw.indexOf('\r\n\r\n');
  if (signal || exitCode !== 0) return `it ended by ${signal ?? exitCode}`;
  if (stderr !== '') return 'it wrote to standard error';
  if (!/^Status: [1-5]\d\d [A-Z][A-Za-z -]+\r\n/.test(raw)) return 'no Status line comes first';
  if (gap < 0) return 'the headers do not end';
  const head = raw.slice(0, gap);
  if (/[^\r]\n|\r[^\n]/.test(head)) return 'a line does not end in CR LF';
  if (Buffer.byteLength(head) > 4092) return 'the headers are too long';
  if (head.split('\r\n').length >= 50) return 'there are too many headers';
  if (/^(date|server|connection|transfer-encoding|trailer|x-cgi-[^:]*|http\/.*):?/im.test(head)) {
    return 'a header is the server\'s to send';
  }
  if (!headers['content-type']) return 'there is no Content-Type';
  const length = bytes.length - Buffer.byteLength(head) - 4;
  if (status === 204) return length ? 'a 204 has a body' : bare(headers);
  if (headers['content-length'] === undefined) return 'there is no Content-Length';
  if (length && Number(headers['content-length']) !== length) return 'Content-Length is wrong';
  return null;
}

const bare = (headers) => ('content-length' in headers ? 'a 204 has a Content-Length' : null);
