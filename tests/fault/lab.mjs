// A place to break publishing runs in: instances that cost next to nothing to
// make, a clock that can be turned, runs that are killed at a given step, and
// the judgement of what became of every tweet.
//
//   const lab = await Lab.make([{ tweets: 2 }, { tweets: 1, named: false }]);
//   const one = await lab.open({ lag: 5000 });
//   await one.publish({ step: 17 });       // dies there
//   const marked = await one.marked();     // tweets with a mark and no result
//   await one.settle();                    // normal runs until all is settled
//   one.judge(await one.tweets(), marked); // throws where a promise is broken
//   await one.close();

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { cgiEnv, runCgi } from '../support/cgi.mjs';
import { startFakeX } from '../support/fake-x/index.mjs';
import { USUAL_SCOPE } from '../support/fake-x/state.mjs';
import { seal } from '../support/fernet.mjs';
import { db, quote } from '../support/instance.mjs';
import { build } from '../support/paths.mjs';
import { removeFolder, settingsFor } from '../support/settings.mjs';

export const TWEETS = Object.freeze({ method: 'POST', path: '/2/tweets' });
export const TOKENS = Object.freeze({ method: 'POST', path: '/2/oauth2/token' });
export const KILLED = 128 + 9;

const RUNS_MOST = 60;
const CLOCK_SOURCE = fileURLToPath(new URL('preload/clock.c', import.meta.url));
const DATABASE = 'twitter_manager.db';

// What survives a power cut is not asked here, only what survives SIGKILL, and
// that is the same in memory.
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folder = (where = base) => mkdtempSync(join(where, 'twitter-manager-fault-'));

const sqlTime = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

function makeClock(dir) {
  const library = join(dir, 'clock.so');
  execFileSync(process.env.CC || 'cc', ['-std=c17', '-D_DEFAULT_SOURCE', '-O1', '-shared',
    '-fPIC', '-o', library, CLOCK_SOURCE]);
  return library;
}

export class Lab {
  /**
   * A lab whose instances begin with these accounts. Each: `tweets` (how many
   * wait; 1), `named` (X's id of it is known; true), `expires` (seconds until
   * its token is known to end; null: not known), `expired` (X no longer takes
   * the token).
   */
  static async make(accounts) {
    const lab = new Lab(folder());
    await lab.fill(accounts);
    return lab;
  }

  constructor(dir) {
    this.dir = dir;
    this.clock = makeClock(dir);
    this.settings = settingsFor(dir, { mock: false });
    this.template = join(this.settings.INSTANCE_DIR, DATABASE);
  }

  async fill(accounts) {
    await runCgi('stats', { env: cgiEnv(this.settings, { path: '/api/v1/stats' }) });
    this.people = accounts.map((how, i) => ({
      named: true, expires: null, expired: false, tweets: 1, ...how,
      account: i + 1,
      user: { id: String(1000 + i), username: `person${i + 1}` },
      access: `access-${i + 1}`,
      refresh: `refresh-${i + 1}`,
    }));
    const lines = ['BEGIN'];
    this.people.forEach((person) => lines.push(this.accountRow(person)));
    const most = Math.max(...this.people.map(({ tweets }) => tweets));
    for (let n = 1; n <= most; n += 1) {
      for (const { account, tweets } of this.people) {
        if (n > tweets) continue;
        lines.push(`INSERT INTO tweet (twitter_account_id, content) VALUES (${account}, ${
          quote(`tweet ${n} of account ${account}`)})`);
      }
    }
    await db(this.template, [...lines, 'COMMIT', 'PRAGMA wal_checkpoint(TRUNCATE)'].join(';\n'));
  }

  accountRow({ account, user, access, refresh, named, expires }) {
    const key = this.settings.ENCRYPTION_KEY;
    const until = expires === null ? null : sqlTime(Date.now() + expires * 1000);
    return `INSERT INTO twitter_account (id, username, access_token, refresh_token,
      x_user_id, expires_at) VALUES (${[account, user.username, seal(key, access),
      seal(key, refresh), named ? user.id : null, until].map(quote).join(', ')})`;
  }

  /** A fresh instance (in a new folder in `where`) and its own X, as `settings` say. */
  async open(settings = {}, where = undefined) {
    const one = new Trial(this, folder(where));
    one.x = await startFakeX({ ...settings, now: () => one.now() });
    for (const person of this.people) addPerson(one.x, person);
    Object.assign(one.settings, {
      TWITTER_API_URL: one.x.url,
      TWITTER_CLIENT_ID: one.x.clientId,
      TWITTER_CLIENT_SECRET: one.x.clientSecret,
    });
    return one;
  }

  close() { removeFolder(this.dir); }
}

function addPerson(x, { user, access, refresh, expired }) {
  x.addUser({ ...user });
  const grant = { userId: user.id, scope: USUAL_SCOPE, clientId: x.clientId, family: {} };
  x.state.access.set(access, { ...grant, expires: expired ? 0 : Infinity });
  x.state.refresh.set(refresh, { ...grant, spent: false });
}

/** One instance, its X, and a clock for both. */
class Trial {
  constructor(lab, dir) {
    this.lab = lab;
    this.dir = dir;
    this.shift = 0; // by which the time of this trial is ahead, in ms
    this.wrong = 0; // by which the instance's own clock is wrong besides
    this.answers = []; // of runs, for a look when something went wrong
    const instance = join(this.dir, 'instance');
    mkdirSync(instance, { mode: 0o700 });
    this.database = join(instance, DATABASE);
    copyFileSync(lab.template, this.database);
    const clockFile = join(this.dir, 'clock');
    this.settings = {
      ...lab.settings,
      INSTANCE_DIR: instance,
      TWITTER_MANAGER_ENV: join(this.dir, '.env'),
      LD_PRELOAD: lab.clock,
      CLOCK_FILE: clockFile,
    };
    this.setClock();
  }

  now() { return Date.now() + this.shift; }

  setClock() {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(this.shift + this.wrong));
    // written in place: running programs have it mapped
    writeFileSync(this.settings.CLOCK_FILE, bytes, {
      flag: existsSync(this.settings.CLOCK_FILE) ? 'r+' : 'w',
    });
  }

  /** Time passes, for X too. */
  later(ms) {
    this.shift += ms;
    this.setClock();
  }

  /** The instance's clock alone is wrong by so much from now on. */
  jump(ms) {
    this.wrong = ms;
    this.setClock();
  }

  /**
   * A request to a program. `step`: it gets `signal` there (KILL); `log`: its
   * steps are written to that file; `command` as for runCgi.
   */
  async cgi(program, { path, method = 'POST', body, query, headers, step, signal = 9, log, command,
    timeout } = {}) {
    const env = cgiEnv(this.settings, { method, path, body, query, headers });
    const tracer = [join(build, 'tests', 'kill_at'), '-s', String(signal),
      ...(log ? ['-o', log] : []), this.settings.INSTANCE_DIR, String(step ?? 0)];
    const traced = step !== undefined || log !== undefined;
    const reply = await runCgi(program, {
      env, body, timeout, command: command ?? ((list) => (traced ? [...tracer, ...list] : list)),
    });
    this.answers.push(`${path} ${step ?? ''} -> ${reply.exitCode} ${reply.signal ?? ''} ${
      reply.raw.replace(/^[\s\S]*?\r\n\r\n/, '')}${reply.stderr}`);
    return reply;
  }

  publish({ order = {}, ...how } = {}) {
    return this.cgi('publish', {
      path: '/api/v1/tweets/post-pending', body: JSON.stringify(order), ...how,
    });
  }

  /** Sends one tweet. */
  post(id, how) { return this.cgi('publish', { path: `/api/v1/tweet/post/${id}`, ...how }); }

  /** The steps of an undisturbed run: ["enter pwrite64 …", …]. */
  async steps(run = (how) => this.publish(how)) {
    const log = join(this.dir, 'steps');
    await run({ log });
    return readFileSync(log, 'utf8').split('\n').filter(Boolean);
  }

  /**
   * Rows as a killed process left them, from a copy: nothing but our own
   * programs is to meet the database before all is settled.
   */
  async peek(sql) {
    const copy = join(this.dir, 'copy.db');
    for (const end of ['', '-wal']) {
      if (existsSync(this.database + end)) copyFileSync(this.database + end, copy + end);
      else writeFileSync(copy + end, '');
    }
    return db(copy, sql);
  }

  /** The ids of tweets with a send mark and no result. */
  async marked() {
    const rows = await this.peek('SELECT tweet_id AS id FROM attempt WHERE ended_at IS NULL');
    return new Set(rows.map(({ id }) => id));
  }

  tweets() {
    return this.peek(`SELECT t.id, t.content AS text, t.status, t.twitter_id, t.code,
      a.id AS account, a.status AS account_status, a.code AS account_code, a.lease_holder AS lease,
      (SELECT count(*) FROM attempt WHERE tweet_id = t.id AND ended_at IS NULL) AS open
      FROM tweet t JOIN twitter_account a ON a.id = t.twitter_account_id ORDER BY t.id`);
  }

  /**
   * Normal runs, `together` at a time, until nothing waits any more; time
   * passes as their answers say it must. Gives the last answer.
   */
  async settle(together = 1) {
    for (let i = 0; i < RUNS_MOST; i += 1) {
      const replies = await Promise.all(
        Array.from({ length: together }, () => this.publish()));
      for (const { status, body } of replies) assert.equal(status, 200, body);
      const { json } = replies.at(-1);
      if (json.remaining === 0 && json.held_back.length === 0) return json;
      const until = json.held_back.map((held) => Date.parse(held.until)).filter(Boolean);
      const wait = Math.min(...until) - (this.now() + this.wrong) + 5;
      if (json.remaining === 0 && until.length > 0 && wait > 0) this.later(wait);
    }
    throw new Error(`it does not settle:\n${this.answers.slice(-3).join('\n')}`);
  }

  /** All that is pending was held back before and may go now: what tick sends. */
  async holdBack() {
    await db(this.database, `UPDATE tweet SET retry_at = ${quote(sqlTime(this.now() - 1000))};
      PRAGMA wal_checkpoint(TRUNCATE)`);
  }

  /** X has done what dead processes asked of it. */
  async quiet() {
    do await sleep(50); while (this.x.requests.some(({ outcome }) => outcome === 'open'));
  }

  /** How often X was sent this text by somebody whom it knew. */
  arrivals(text) {
    return this.x.find(TWEETS).filter((r) => r.json?.text === text && r.status !== 401).length;
  }

  /** What has no send mark goes out in the very next run, leases or not. */
  async sendsTheRestAtOnce(together = 1) {
    await Promise.all(Array.from({ length: together }, () => this.publish()));
    const late = (await this.tweets()).filter((t) => t.status === 'pending' && !t.open);
    assert.deepEqual(late, [], 'not sent at once');
  }

  /**
   * What must hold once all is settled, whatever happened before. `doubtful`
   * are the ids of tweets that had a mark and no result when a process died or
   * X cut the connection. Gives how many ended unknown.
   */
  judge(tweets, doubtful) {
    let unknown = 0;
    for (const tweet of tweets) {
      const about = `${JSON.stringify(tweet)}${doubtful.has(tweet.id) ? ', in doubt' : ''}`;
      const posts = this.x.posted(tweet.text);
      const arrivals = this.arrivals(tweet.text);
      assert.ok(arrivals <= 1 && posts.length <= 1, `sent ${arrivals} times: ${about}`);
      assert.equal(tweet.open, 0, `still open: ${about}`);
      assert.equal(tweet.lease, null, `a lease is left: ${about}`);
      if (posts.length === 1) {
        assert.equal(tweet.status, 'posted', `X has it: ${about}`);
        assert.equal(tweet.twitter_id, posts[0].id, `another id: ${about}`);
      } else {
        assert.ok(doubtful.has(tweet.id), `lost: ${about}`);
        assert.deepEqual([tweet.status, tweet.code], ['failed', 'outcome_unknown'], about);
        unknown += 1;
      }
    }
    assert.ok(unknown <= doubtful.size);
    return unknown;
  }

  /** Ids of tweets whose connection X cut. */
  cut(tweets) {
    const texts = new Set(this.x.find(TWEETS).filter((r) => r.outcome === 'cut')
      .map((r) => r.json?.text));
    return tweets.filter(({ text }) => texts.has(text)).map(({ id }) => id);
  }

  async close() {
    await this.x?.close();
    removeFolder(this.dir);
  }
}

/** Runs `work` on each item, `most` at a time. */
export async function pool(items, most, work) {
  const waiting = [...items];
  const worker = async () => {
    while (waiting.length > 0) await work(waiting.shift());
  };
  await Promise.all(Array.from({ length: most }, worker));
}

/** A source of numbers below `n` that gives the same for the same seed. */
export function seeded(seed) {
  let state = seed >>> 0;
  return (n) => { // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}
