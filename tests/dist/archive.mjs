// The archive of `make dist`, made once a process and unpacked where a test
// wants it.

import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isJson } from '../support/checks.mjs';
import { send } from '../support/http.mjs';
import { build, root } from '../support/paths.mjs';

let made;

/** The archive's path. */
export function archive() {
  if (!made) {
    // Others make it at the same time; the second finds it made.
    execFileSync('flock', [join(build, 'dist.lock'), 'make', '--no-print-directory', 'dist'],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    made = join(build, readdirSync(build).find((name) => name.endsWith('-x86_64.tar.gz')));
  }
  return made;
}

/** The names in it, without the folder that it makes. */
export const names = () => execFileSync('tar', ['--list', '--file', archive()], { encoding: 'utf8' })
  .split('\n').filter(Boolean).map((name) => name.replace(/^twitter-manager\//, ''));

/**
 * Unpacks it as FOLDER, over what is there; `as` is [uid, gid] of who does,
 * who may not be let into the folder of the build.
 */
export function unpack(folder, as = []) {
  mkdirSync(folder, { recursive: true });
  const command = ['tar', '--extract', '--gzip', '--strip-components=1', '--file', '-', '--directory', folder];
  const [uid, gid] = as;
  if (uid !== undefined) {
    execFileSync('chown', [`${uid}:${gid}`, folder]);
    command.unshift('setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups');
  }
  const from = openSync(archive(), 'r');
  execFileSync(command[0], command.slice(1), { stdio: [from, 'inherit', 'inherit'] });
  closeSync(from);
}

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
