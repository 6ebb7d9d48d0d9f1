// The archive, made once a process with the libraries that conf/dist.lock names,
// and unpacked where a test wants it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { isJson } from '../support/checks.mjs';
import { send } from '../support/http.mjs';
import { root } from '../support/paths.mjs';

const made = new Map();

/** The archive's path; `build` may be of another processor. */
export function archive(build = 'build/static') {
  if (!made.has(build)) {
    // Others make it at the same time; the second finds it made.
    for (const goal of ['docs', 'archive']) {
      execFileSync('flock', [join(root, 'build/archive.lock'), 'make', '--no-print-directory',
        `BUILD=${build}`, goal], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    const folder = join(root, build);
    made.set(build, join(folder, readdirSync(folder).find((name) => name.endsWith('.tar.gz'))));
  }
  return made.get(build);
}

/** The names in it, without the folder that it makes. */
export const names = () => execFileSync('tar', ['--list', '--file', archive()], { encoding: 'utf8' })
  .split('\n').filter(Boolean).map((name) => name.replace(/^twitter-manager\//, ''));

/**
 * Unpacks it as FOLDER, over what is there; `as` is [uid, gid] of who does,
 * who may not be let into the folder of the build.
 */
export function unpack(folder, as = [], file = archive()) {
  mkdirSync(folder, { recursive: true });
  const command = ['tar', '--extract', '--gzip', '--strip-components=1', '--file', '-', '--directory', folder];
  const [uid, gid] = as;
  if (uid !== undefined) {
    execFileSync('chown', [`${uid}:${gid}`, folder]);
    command.unshift('setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups');
  }
  const from = openSync(file, 'r');
  execFileSync(command[0], command.slice(1), { stdio: [from, 'inherit', 'inherit'] });
  closeSync(from);
}

/** Each program of what was unpacked needs nothing of its host, and is hardened. */
export function areStatic(top, wanted = /^/) {
  const programs = ['api/v1', 'auth', 'private/bin'].flatMap((place) => readdirSync(join(top, place))
    .filter((name) => !name.startsWith('.')).map((name) => join(top, place, name)));
  assert.ok(programs.length > 12);
  for (const program of programs) {
    const headers = execFileSync('readelf',
      ['--file-header', '--program-headers', '--dynamic', program], { encoding: 'utf8' });
    assert.match(headers, wanted, program);
    assert.doesNotMatch(headers, /INTERP|NEEDED/, program);
    assert.match(headers, /GNU_RELRO/, program);
    assert.match(headers, /\bPIE\b/, program);
    assert.match(headers, /BIND_NOW|\bNOW\b/, program);
  }
}

/** The key in the .env of a folder. */
export const keyIn = (folder) =>
  /^API_KEY=(?<key>.*)$/m.exec(readFileSync(join(folder, '.env'), 'utf8')).groups.key;

/** Writes settings as a .env. */
export function writeEnv(file, settings) {
  writeFileSync(file, Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join(''),
    { mode: 0o600 });
}

/** Calls of the API below `base` ("/tweets/api/v1"), with a key. */
export class Client {
  constructor(url, base, key) { Object.assign(this, { url, base, key }); }

  async call(method, path, body, status = 200) {
    const reply = await send(this.url, method, `${this.base}/${path}`, {
      body, headers: { 'X-API-Key': this.key, Accept: 'application/json' },
    });
    return isJson(reply, status, path);
  }

  get(path) { return this.call('GET', path); }

  post(path, body = {}, status) { return this.call('POST', path, body, status); }

  /** Follows an address of the callback as a browser would. */
  async follow(address) {
    const { pathname, search } = new URL(address);
    return send(this.url, 'GET', pathname + search, { headers: { Accept: 'application/json' } });
  }
}
