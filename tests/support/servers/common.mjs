// What the servers have in common: the folder that they serve, its settings,
// configurations out of conf/, and processes that end when they should.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { build, root } from '../paths.mjs';

const STOPPING = 10_000;

// ---- the folder -------------------------------------------------------------

// What the runner of tests wants programs to have, and no setting of .env.
const NO_SETTING = /^(PATH|PASS_ENV|TWITTER_MANAGER_ENV|[A-Z]+SAN_OPTIONS)$/;

const quoted = (value) =>
  `"${value.replace(/["\\$]/g, '\\$&').replaceAll('\n', '\\n')}"`;

/** Writes settings as the .env of a folder, as a person would. */
function writeSettings(dir, settings) {
  const lines = Object.entries(settings).filter(([name]) => !NO_SETTING.test(name))
    .map(([name, value]) => `${name}=${quoted(String(value))}\n`);
  writeFileSync(join(dir, '.env'), lines.join(''), { mode: 0o600 });
}

/** What root's tests make is the servers' user's, as on a host. */
function own(path) {
  if (process.getuid() !== 0) return;
  const id = (flag) => Number(execFileSync('id', [flag, 'www-data'], { encoding: 'utf8' }));
  chownSync(path, id('-u'), id('-g'));
}

/** Lays out programs and pages in `site`, with the instance's settings. */
export function makeSite(instance, site = instance.dir) {
  execFileSync(join(root, 'conf', 'make-site'),
    [join(build, 'cgi-bin'), join(build, 'www'), site]);
  for (const folder of [instance.dir, site]) chmodSync(folder, 0o755);
  writeSettings(site, instance.settings);
  for (const mine of [site, join(site, '.env')]) own(mine);
}

/** A folder of an instance for what a server writes; nothing of it is served. */
export function runFolder(instance) {
  const folder = join(instance.dir, 'private', 'run');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Variables that the runner wants programs to have: { name: value }. */
export const passedOn = ({ PASS_ENV = '', ...settings }) => Object.fromEntries(
  PASS_ENV.split(' ').filter(Boolean).map((name) => [name, settings[name]]));

/**
 * A file of conf/ with other words in the place of its examples, which must be
 * in it: { '127.0.0.1:8080': '127.0.0.1:5000' }.
 */
export function configured(name, changes) {
  let text = readFileSync(join(root, 'conf', name), 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`conf/${name} has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** Runs the recipe of a file of conf/ in a folder: its comments indented by 4. */
export function followRecipe(name, dir) {
  const lines = readFileSync(join(root, 'conf', name), 'utf8').split('\n')
    .filter((line) => /^# {5}\S/.test(line)).map((line) => line.slice(6));
  const recipe = lines.filter((line) => /^(mkdir|ln) /.test(line));
  if (recipe.length === 0) throw new Error(`conf/${name} has no recipe`);
  if (!existsSync(join(dir, 'site'))) {
    execFileSync('/bin/sh', ['-ec', recipe.join('\n')], { cwd: dir });
  }
}

export function write(folder, name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

// ---- processes --------------------------------------------------------------

/*
 * Apache runs nothing as root. Where the tests are root's, servers are www-data
 * with the right to use files of others, so that all the tests make is theirs.
 */
const RIGHTS = '+dac_override,+dac_read_search,+fowner,+chown';
const unprivileged = process.getuid() === 0
  ? ['--reuid=www-data', '--regid=www-data', '--clear-groups',
    `--inh-caps=${RIGHTS}`, `--ambient-caps=${RIGHTS}`] : [];

const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`;

/** What a program says of its version, by the first group of a pattern. */
export function versionOf(command, args, pattern) {
  const { stdout, stderr } = spawnSync(command, args, { env: { PATH }, encoding: 'utf8' });
  const text = `${stdout}${stderr}`;
  return pattern.exec(text)?.[1] ?? text.trim();
}

function killGroup(pid, signal) {
  try { process.kill(-pid, signal); } catch { /* all are gone */ }
}

/** One process of a server, in a group of its own that ends with it. */
function launch([command, ...args], { log, env }) {
  const out = openSync(log, 'a');
  const child = spawn('setpriv', [...unprivileged, '--pdeathsig=TERM', command, ...args], {
    cwd: '/', env: { PATH, ...env }, stdio: ['ignore', out, out], detached: true,
  });
  closeSync(out);
  child.ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code));
    child.once('error', resolve);
  }).finally(() => child.pid && killGroup(child.pid, 'SIGKILL'));
  return child;
}

/**
 * Runs the commands of a server for an instance, as one: `ended` when one of
 * them has, `kill` for those in a hurry, `stop` for the others.
 */
export function launchAll(instance, commands) {
  const how = { log: join(instance.dir, 'server.log'), env: passedOn(instance.settings) };
  const children = commands.map((command) => launch(command, how));
  const kill = (signal) => children.forEach((child) => {
    if (child.pid) killGroup(child.pid, signal);
  });
  return {
    ended: Promise.race(children.map((child) => child.ended)).finally(() => kill('SIGTERM')),
    kill,
    async stop() {
      for (const child of children) child.kill('SIGTERM');
      const all = Promise.all(children.map((child) => child.ended));
      const late = sleep(STOPPING, 'late', { ref: false });
      if (await Promise.race([all, late]) === 'late') {
        kill('SIGKILL');
        await all;
        throw new Error('the server did not stop within 10 s of SIGTERM');
      }
    },
  };
}
