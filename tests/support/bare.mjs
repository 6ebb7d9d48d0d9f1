// An instance without a server: every request is a program run as bare CGI.
// Cheaper than a server, and its environment can be changed between requests.
//
//   const bare = new Bare({ fakeX: x, env: { ALERT_AFTER: '2' } });
//   const { json } = await bare.get('/api/v1/monitoring');
//   await bare.tick();
//   bare.remove();

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cgiEnv, runCgi } from './cgi.mjs';
import { db } from './instance.mjs';
import { build } from './paths.mjs';
import { preloading } from './preload.mjs';
import { newFolder, removeFolder, settingsFor } from './settings.mjs';

const PROGRAMS = [
  ['/api/v1/monitoring', 'monitoring'],
  ['/api/v1/stats', 'stats'],
  ['/api/v1/tick', 'publish'],
  ['/api/v1/tweet/post', 'publish'],
  ['/api/v1/tweets/post-pending', 'publish'],
  ['/api/v1/tweet', 'tweets'],
  ['/api/v1/accounts', 'accounts'],
  ['/api/v1/keys', 'keys'],
  ['/api/v1/rate-limits', 'rate-limits'],
  ['/api/v1/mock-mode', 'mock-mode'],
];

const programOf = (path) => PROGRAMS.find(([start]) => path.startsWith(start))[1];

export class Bare {
  constructor({ env, fakeX, mock } = {}) {
    this.dir = newFolder();
    this.settings = settingsFor(this.dir, { env, fakeX, mock });
    this.key = this.settings.API_KEY;
    this.encryptionKey = this.settings.ENCRYPTION_KEY;
    this.instanceDir = this.settings.INSTANCE_DIR;
    this.dbPath = join(this.instanceDir, 'twitter_manager.db');
  }

  /** A request; the reply has `text` as those over HTTP have. */
  async request(method, path, { body, query = '', ...rest } = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const env = cgiEnv(this.settings, { method, path, query, body: text, ...rest });
    const reply = await runCgi(programOf(path), { env, body: text });
    return { ...reply, text: reply.body };
  }

  get(path, query) { return this.request('GET', path, { query }); }

  post(path, body) { return this.request('POST', path, { body }); }

  tick() { return this.post('/api/v1/tick'); }

  monitoring() { return this.get('/api/v1/monitoring').then(({ json }) => json); }

  db(sql) { return db(this.dbPath, sql); }

  /** Puts a preloaded library of tests/fault/preload before its programs. */
  preload(name, env) {
    Object.assign(this.settings, env, preloading(name, this.dir, this.settings));
  }

  /** Gives its programs a wall clock that turn() sets. */
  preloadClock() {
    this.clock = join(this.dir, 'clock');
    this.turn(Date.now());
    this.preload('clock', { CLOCK_FILE: this.clock });
  }

  /** Makes it `time` (what Date takes) for the programs. */
  turn(time) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(new Date(time).getTime() - Date.now()));
    writeFileSync(this.clock, bytes);
  }

  /** `twitter-manager` with these arguments; its output, or throws. */
  tool(...args) {
    return execFileSync(join(build, 'bin', 'twitter-manager'), args,
      { env: this.settings, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** The causes in the error log that match. */
  causes(pattern) {
    const folder = join(this.instanceDir, 'logs');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.filter((name) => name.startsWith('error-')).sort()
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter(Boolean).map((line) => JSON.parse(line).cause)
      .filter((cause) => pattern.test(cause));
  }

  remove() { removeFolder(this.dir); }
}
