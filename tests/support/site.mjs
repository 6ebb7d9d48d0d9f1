// An installation with no keys yet, as bare CGI: its setup page, and the person
// who walks it with one browser.
//
//   const site = new Site();
//   const page = await site.open();       // keeps the cookie
//   site.upload();                        // the file that the page names
//   const made = await site.make();       // its `key` is what the page shows

import {
  existsSync, readdirSync, readFileSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { cgiEnv, runCgi } from './cgi.mjs';
import { newFolder, removeFolder, settingsFor } from './settings.mjs';

const PATH = '/api/v1/setup';
const FORM = 'application/x-www-form-urlencoded';
const NONE = { API_KEY: null, ENCRYPTION_KEY: null };

const unescaped = (html) => html.replaceAll('&#39;', "'").replaceAll('&quot;', '"')
  .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** The text of the element with this id; undefined: there is none. */
export const textOf = (html, id) => {
  const found = new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(html);
  return found ? unescaped(found[1]) : undefined;
};

export class Site {
  constructor({ env } = {}) {
    this.dir = newFolder();
    this.settings = settingsFor(this.dir, { env: { ...NONE, ...env } });
    this.instanceDir = this.settings.INSTANCE_DIR ?? join(this.dir, 'instance');
    this.dbPath = join(this.instanceDir, 'twitter_manager.db');
    this.envFile = join(this.dir, '.env');
    this.cookie = null;
  }

  /** Another browser of the same site. */
  visitor() {
    return Object.assign(Object.create(Site.prototype), this, { cookie: null, page: null });
  }

  async request(method, { headers = {}, program = 'setup', path = PATH, ...how } = {}) {
    const { body, query, type = FORM, env, ...rest } = how;
    const cookie = this.cookie ? { Cookie: this.cookie } : {};
    const reply = await runCgi(program, {
      env: cgiEnv(this.settings, {
        method, path, query, body, type, env, headers: { ...cookie, ...headers },
      }),
      body, ...rest,
    });
    const [given] = (reply.headers['set-cookie'] ?? '').split(';');
    if (given) this.cookie = given.endsWith('=') ? null : given;
    return { ...reply, text: reply.body };
  }

  /** The page; what it says of the file is kept. */
  async open(how) {
    const reply = await this.request('GET', how);
    this.proof = textOf(reply.text, 'proof');
    this.folder = textOf(reply.text, 'folder');
    return reply;
  }

  get proofFile() { return join(this.folder, this.proof); }

  upload() { writeFileSync(this.proofFile, ''); }

  /** Sends the form. */
  async make(fields = {}, how = {}) {
    const body = new URLSearchParams({ checked: 'yes', ...fields }).toString();
    const reply = await this.request('POST', { body, ...how });
    return { ...reply, key: textOf(reply.text, 'key') };
  }

  /** The settings in the .env; null: there is none. */
  get saved() {
    if (!existsSync(this.envFile)) return null;
    return Object.fromEntries(readFileSync(this.envFile, 'utf8').split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  }

  /** Whether a program takes the key. */
  async takes(key) {
    const reply = await runCgi('health', {
      env: cgiEnv(this.settings, { path: '/api/v1/test', script: '/api', key }),
    });
    return reply.status === 200;
  }

  /** All that was logged. */
  get logs() {
    const folder = join(this.instanceDir, 'logs');
    if (!existsSync(folder)) return '';
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  }

  remove() { removeFolder(this.dir); }
}
