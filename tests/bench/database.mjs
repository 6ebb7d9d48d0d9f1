// A database of so many tweets and all that serves it: static programs and those
// of `make run`, bare and each under lighttpd, and a Flask.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { cgiEnv, parseCgi } from '../support/cgi.mjs';
import { db, startInstance } from '../support/instance.mjs';
import { root } from '../support/paths.mjs';
import {
  newApiKey, newFernetKey, newFolder, removeFolder,
} from '../support/settings.mjs';
import { example, exampleRows } from './examples.mjs';
import { fill } from './fill.mjs';
import { startFlask } from './flask.mjs';
import {
  counting, instructions, median, weighing, weight,
} from './measure.mjs';

/** The kinds of programs, as they are called in build/. */
export const KINDS = ['static', 'release'];

/** Runs FILE once: { us, stdout }. */
function timed(file, env, body) {
  const start = process.hrtime.bigint();
  const { stdout } = spawnSync(file, [], { env, input: body, stdio: ['pipe', 'pipe', 'ignore'] });
  return { us: Number(process.hrtime.bigint() - start) / 1000, stdout };
}

// What starting a program costs node itself, and with the floor: from the whole
// run of the bench, for each single time is uncertain.
const [nothing, floors] = [[], []];

/**
 * The medians of what RUNS, { name: () => microseconds }, take, in turns. Another
 * begins each round, for what else runs on the machine may have a beat, too.
 */
function medians(runs, floor, { rounds, seconds }) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  const turns = [
    () => nothing.push(timed('/nonexistent', {}).us),
    () => floors.push(timed(floor, {}).us),
    ...Object.entries(runs).map(([name, run]) => () => times[name].push(run())),
  ];
  const until = performance.now() + seconds * 1000;
  for (let round = 0; round < rounds && (round < 3 || performance.now() < until); round += 1) {
    turns.forEach((turn) => turn());
    turns.push(turns.shift());
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => {
    const beyond = median(all) - median(nothing);
    const us = beyond > 0 ? beyond : NaN; // it was lost in what else runs here
    return [name, { us, floors: us / (median(floors) - median(nothing)) }];
  }));
}

/**
 * What programs, { name: file }, take beyond what starting one costs node: {
 * us, floors }, the latter as parts of what FLOOR takes.
 */
export const bareTimes = (files, floor, how) => medians(Object.fromEntries(
  Object.entries(files).map(([name, file]) => [name, () => timed(file, {}).us])), floor, how);

/**
 * { millions, faults, kib } of a run of what next() gives, { file, env, body };
 * without `counts`, no instructions.
 */
export function cost(next, counts) {
  const run = (command) => {
    const { file, env, body } = next();
    const [program, ...args] = command([file]);
    return spawnSync(program, args, { env, input: body, encoding: 'utf8' }).stderr;
  };
  const weighed = weight(run(weighing));
  return counts ? { millions: instructions(run(counting)) / 1e6, ...weighed } : weighed;
}

export class Database {
  static async open(tweets) {
    const dir = newFolder();
    const keys = { API_KEY: newApiKey(), ENCRYPTION_KEY: newFernetKey() };
    const database = new Database(dir, tweets);
    try {
      for (const kind of KINDS) {
        database.servers[kind] = await startInstance(
          { dir, env: { ...keys, BUILD: join(root, 'build', kind) } });
      }
      await db(database.instance, fill(tweets));
      database.servers.flask = await startFlask(database.instance);
    } catch (fault) {
      await database.close();
      throw fault;
    }
    return database;
  }

  constructor(dir, tweets) {
    Object.assign(this, { dir, tweets, servers: {}, runs: new Map() });
    process.once('exit', () => removeFolder(dir)); // it is large
  }

  get instance() { return this.servers.static; }

  /** Adds what calls that write need, for so many runs of each. */
  async addRows(runs) {
    await db(this.instance, exampleRows(runs, this.instance.encryptionKey));
    this.bare('GET /api/v1/monitoring', 'static'); // opens the alerts that are due
  }

  /** The call of that name, on rows that no call had before. */
  next(name) {
    const run = this.runs.get(name) ?? 0;
    this.runs.set(name, run + 1);
    return example(name, run);
  }

  /** How the next call is run bare: { file, env, body }. */
  command(name, kind) {
    const { program, ...call } = this.next(name);
    const env = cgiEnv(this.servers[kind].settings, call);
    return { file: join(root, 'build', kind, 'cgi-bin', program), env, body: call.body };
  }

  /** One bare run; microseconds. */
  bare(name, kind) {
    const { file, env, body } = this.command(name, kind);
    const { us, stdout } = timed(file, env, body);
    const { status, body: said } = parseCgi(stdout);
    if (status !== 200 && status !== 201) throw new Error(`${name}: ${status} ${said}`);
    return us;
  }

  /** What a call costs bare, in each kind of programs: { us, floors, faults, kib, millions }. */
  bareCosts(name, floor, how) {
    const runs = KINDS.map((kind) => [kind, () => this.bare(name, kind)]);
    const times = medians(Object.fromEntries(runs), floor, how);
    return Object.fromEntries(KINDS.map((kind) => {
      const isCounted = !(times[kind].us >= how.countBelow);
      return [kind, { ...times[kind], ...cost(() => this.command(name, kind), isCounted) }];
    }));
  }

  async close() {
    for (const server of Object.values(this.servers)) await server.stop();
    removeFolder(this.dir);
  }
}
