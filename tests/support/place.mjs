// An installation in a folder of its own, as the tool sees it: a .env, an
// instance folder, programs, and a site that serves them, well or badly.

import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync, chownSync, cpSync, mkdirSync, readFileSync, rmSync, statSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';

import { cgiEnv, runCgi } from './cgi.mjs';
import { db } from './instance.mjs';
import { build } from './paths.mjs';
import { preloading } from './preload.mjs';
import { newFolder, removeFolder, settingsFor } from './settings.mjs';

export const isRoot = process.getuid() === 0;

/** Two users who are not root, and how a command is run as them. */
export const WEB = { name: 'www-data', uid: 33, gid: 33 };
export const OTHER = { name: 'nobody', uid: 65534, gid: 65534 };

const asUser = ({ uid, gid, groups = [] }) => ['setpriv', `--reuid=${uid}`, `--regid=${gid}`,
  groups.length ? `--groups=${groups}` : '--clear-groups', '--'];

const TOOL = join(build, 'bin', 'twitter-manager');

export class Place {
  /** `env` goes into the .env; null takes a setting out. */
  constructor({ env, fakeX, mock } = {}) {
    this.dir = newFolder();
    chmodSync(this.dir, 0o755);
    const { PATH, TWITTER_MANAGER_ENV, PASS_ENV, ...rest } = settingsFor(this.dir,
      { env: { PORT: '9', ...env }, fakeX, mock });
    this.process = { PATH, TWITTER_MANAGER_ENV };
    for (const name of Object.keys(rest).filter((each) => /SAN_OPTIONS$/.test(each))) {
      this.process[name] = rest[name];
      delete rest[name];
    }
    this.settings = rest;
    this.envFile = TWITTER_MANAGER_ENV;
    this.instanceDir = rest.INSTANCE_DIR;
    this.dbPath = join(this.instanceDir, 'twitter_manager.db');
    this.configure({});
  }

  /** Writes the .env anew with changed settings. */
  configure(env) {
    Object.assign(this.settings, env);
    const lines = Object.entries(this.settings).filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}='${value}'\n`);
    writeFileSync(this.envFile, lines.join(''), { mode: 0o600 });
    return this;
  }

  /** Puts a preloaded library of tests/fault/preload before its programs. */
  preload(name, env) {
    Object.assign(this.process, env, preloading(name, this.dir, this.process));
  }

  /**
   * Runs the tool: { code, out, err }. `user` runs it as that one, `inside`
   * out of the archive's folder private/bin; `before` is put before the
   * command.
   */
  tool(args, { user, env, before = user ? asUser(user) : [], inside } = {}) {
    const tool = user || inside ? this.copied(inside ? 'private/bin' : 'bin', TOOL) : TOOL;
    const command = [...before, tool, ...args];
    return new Promise((resolve, reject) => {
      const child = spawn(command[0], command.slice(1),
        { env: { ...this.process, ...env }, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
      const result = { out: '', err: '' };
      child.stdout.on('data', (text) => { result.out += text; });
      child.stderr.on('data', (text) => { result.err += text; });
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ ...result, code: code ?? signal }));
    });
  }

  /** A doctor's report: { code, ok, checks: {name: {status, detail, hint}} }. */
  async doctor(args = [], how = {}) {
    const { code, out, err } = await this.tool(['doctor', '--json', ...args], how);
    if (err) throw new Error(`doctor complains: ${err}`);
    const report = JSON.parse(out);
    const checks = Object.fromEntries(report.checks.map(({ check, ...rest }) => [check, rest]));
    return { ...report, code, checks, text: out };
  }

  // Others cannot look into the folder of the build, it may be.
  copied(folder, file) {
    const copy = join(this.dir, folder, file.split('/').at(-1));
    mkdirSync(join(this.dir, folder), { recursive: true });
    cpSync(file, copy);
    chmodSync(copy, 0o755);
    return copy;
  }

  /** A request to a bare program; `user` runs it as that one. */
  request(program, path, { user, ...how } = {}) {
    const { TWITTER_MANAGER_ENV, ...sanitizers } = this.process;
    const env = cgiEnv({ ...sanitizers, TWITTER_MANAGER_ENV },
      { path, key: this.settings.API_KEY, ...how });
    const file = join(build, 'cgi-bin', program);
    return runCgi(user ? this.copied('programs', file) : file, {
      env, body: how.body, command: (list) => (user ? [...asUser(user), ...list] : list),
    });
  }

  db(sql) { return db(this.dbPath, sql); }

  /** A first request and a first tick, after which all is there. */
  async begin(how) {
    const { status, raw } = await this.request('stats', '/api/v1/stats', how);
    if (status !== 200) throw new Error(raw);
    const { code, err } = await this.tool(['tick'], how);
    if (code !== 0) throw new Error(err);
    return this;
  }

  /** Gives all that is in the instance folder, and the .env, to a user. */
  giveTo({ uid, gid }) {
    execFileSync('chown', ['-R', `${uid}:${gid}`, this.instanceDir]);
    chownSync(this.envFile, uid, gid);
  }

  remove() { removeFolder(this.dir); }
}

/** The mode of a file as octal text, its user and its group. */
export function rights(path) {
  const { mode, uid, gid } = statSync(path);
  return { mode: (mode & 0o7777).toString(8), uid, gid };
}

// ---- a site ------------------------------------------------------------------

const PROGRAMS = { health: 'health', test: 'health', auth: 'auth', callback: 'auth' };

/**
 * Serves a place: its programs by CGI, and the files of `files` (a folder) if
 * given. `api` is where programs are ("/api/v1/" or "/cgi-bin/"); `headers`
 * may change a request's; `answer(path)` may answer in their stead with
 * { status, body }; `open` opens a file's path as the server understands it.
 */
export async function serve(place, {
  api = '/api/v1/', headers = (h) => h, answer = () => null, files, env = {},
  open = (path) => decodeURIComponent(path),
} = {}) {
  const asked = [];
  const program = (path) => {
    if (path === '/auth/callback') return 'auth';
    return path.startsWith(api) ? PROGRAMS[path.slice(api.length).split('/')[0]] : undefined;
  };
  const reply = async (request) => {
    const path = request.url.split('?')[0];
    const given = answer(path);
    if (given) return given;
    const name = program(path);
    if (name) {
      const wanted = path.replace(/^\/cgi-bin\//, '/api/v1/');
      const got = await place.request(name, wanted,
        { key: null, headers: headers({ ...request.headers }), env });
      return { status: got.status, body: got.body, type: got.headers['content-type'] };
    }
    if (!files) return { status: 404, body: 'not here' };
    try {
      return { status: 200, body: readFileSync(join(files, open(path))) };
    } catch { return { status: 404, body: 'not here' }; }
  };
  const server = http.createServer(async (request, response) => {
    asked.push(request.url);
    const { status, body, type = 'text/plain' } = await reply(request)
      .catch((fault) => ({ status: 599, body: String(fault) }));
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    asked,
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections?.();
      return new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/** Removes a file that may be gone. */
export const gone = (path) => rmSync(path, { force: true });
