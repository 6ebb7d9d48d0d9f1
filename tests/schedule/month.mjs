// Weeks of cron in seconds: ticks as bare processes under a clock of our own,
// against an X that lives by the same clock, and what has to come of each tick
// by the policy for late tweets, reckoned here in a few lines.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { Lab } from '../fault/lab.mjs';
import { runCgi } from '../support/cgi.mjs';
import { db } from '../support/instance.mjs';
import { build } from '../support/paths.mjs';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const LATE_LIMIT = HOUR;
const SPREAD = MINUTE;

export const ZONE = 'Europe/Berlin';
const berlin = new Intl.DateTimeFormat('sv-SE', {
  timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium',
});

/** By how much the zone is ahead of UTC at that moment. */
const offsetAt = (t) => Date.parse(`${berlin.format(t).replace(' ', 'T')}Z`) - t;

/** A moment as people in the zone write it: 2026-03-29T03:00:00+02:00. */
export function local(t) {
  const offset = offsetAt(t);
  const [hours, minutes] = [Math.floor(offset / HOUR), (offset % HOUR) / MINUTE];
  const two = (n) => String(n).padStart(2, '0');
  return `${new Date(t + offset).toISOString().slice(0, 19)}+${two(hours)}:${two(minutes)}`;
}

/** The moment at which the zone's clocks show that time of a day. */
export function atLocal(day, hour, minute = 0) {
  const shown = day + hour * HOUR + minute * MINUTE;
  return shown - offsetAt(shown - offsetAt(shown));
}

/** An instance under a clock that stands at `start`, with accounts to post. */
export class Calendar {
  static async open({ start, accounts, env = {} }) {
    const people = Array.from({ length: accounts }, () => ({ tweets: 0, expires: 3600 }));
    const lab = await Lab.make(people);
    const one = await lab.open();
    Object.assign(one.settings, { TZ: ZONE, ...env });
    const calendar = new Calendar(lab, one);
    calendar.set(start);
    await calendar.sql(`UPDATE twitter_account SET expires_at = datetime(${start / 1000 + 3600},
      'unixepoch')`);
    return calendar;
  }

  constructor(lab, one) {
    Object.assign(this, { lab, one, x: one.x, plan: [], lateAt: new Map(), seen: 0, ticks: 0 });
    this.post = one.settings.LATE_POLICY === 'post';
  }

  async close() {
    await this.one.close();
    this.lab.close();
  }

  sql(text) { return db(this.one.database, text); }

  /** The clock shows `t` and goes on from there. */
  set(t) { this.one.later(t - this.one.now()); }

  async call(method, path, body) {
    const reply = await this.one.cgi('tweets', {
      method, path, body: body && JSON.stringify(body),
    });
    assert.ok(reply.status < 300, `${path}: ${reply.raw}`);
    return reply.json;
  }

  /** A tweet for each moment of `times`; null is a tweet that has none. */
  async schedule(account, times) {
    for (const at of times) {
      const text = `${account}: ${at === null ? 'no time' : local(at)} (${this.plan.length})`;
      const { tweet_id: id } = await this.call('POST', '/api/v1/tweet', {
        account_id: account, text, scheduled_at: at === null ? null : local(at),
      });
      this.plan.push({ id, account, text, at, state: at === null ? 'pending' : 'scheduled' });
    }
  }

  /** One tick as cron starts it, or some at once; the answers. */
  async start(count = 1) {
    const program = join(build, 'bin', 'twitter-manager');
    const runs = await Promise.all(Array.from({ length: count }, () =>
      runCgi(program, { args: ['tick', '--json'], env: this.one.settings })));
    return runs.map(({ exitCode, raw, stderr }) => {
      assert.deepEqual([exitCode, stderr], [0, ''], raw);
      return JSON.parse(raw);
    });
  }

  /** What a tick at `t` has to send, by the policy; notes what it holds. */
  expected(t) {
    const due = this.plan.filter(({ state, at }) => state === 'scheduled' && at <= t)
      .sort((a, b) => a.at - b.at || a.id - b.id);
    return due.filter((tweet) => {
      const late = tweet.at < t - LATE_LIMIT;
      if (late && !this.post && !tweet.released) {
        tweet.state = 'held';
        return false;
      }
      if (late && t - (this.lateAt.get(tweet.account) ?? -Infinity) < SPREAD) return false;
      if (late) this.lateAt.set(tweet.account, t);
      tweet.state = 'posted';
      return true;
    });
  }

  /** The clock goes to `t` and cron ticks, `count` times at once. */
  async tick(t, count = 1) {
    this.set(t + 20);
    this.ticks += 1;
    const wanted = this.expected(t);
    const answers = await this.start(count);
    const sum = (name) => answers.reduce((n, answer) => n + answer[name], 0);
    const about = `the tick at ${local(t)}`;
    const sent = this.x.posts.slice(this.seen).map((post) => post.sent);
    this.seen += sent.length;
    for (const account of new Set(this.plan.map((tweet) => tweet.account))) {
      const of = (texts) => texts.filter((text) => text.startsWith(`${account}: `));
      assert.deepEqual(of(sent), of(wanted.map(({ text }) => text)), about);
    }
    assert.deepEqual([sum('posted'), sum('failed')], [wanted.length, 0], about);
    assert.equal(answers.filter((answer) => !answer.busy).length >= 1, true, about);
    return wanted;
  }

  /** Cron's ticks, every 15 minutes, but for outages [[from, to], …]. */
  async cron(from, to, { outages = [], every = 15 * MINUTE } = {}) {
    for (let t = from; t <= to; t += every) {
      if (outages.some(([begin, end]) => t >= begin && t < end)) continue;
      await this.tick(t, this.ticks % 7 === 3 ? 3 : 1);
    }
  }

  /** Nothing was sent twice, and every tweet is what it has to be. */
  async judge() {
    const sent = this.x.posts.map((post) => post.sent);
    assert.equal(new Set(sent).size, sent.length, 'a tweet went out twice');
    assert.equal(this.x.count({ method: 'POST', path: '/2/tweets' }), sent.length);
    assert.equal(this.x.requests.filter(({ status }) => status >= 400).length, 0);
    const late = new Map((await this.sql('SELECT id, status, late FROM tweet'))
      .map(({ id, status, late: word }) => [id, word === 'held' ? 'held' : status]));
    for (const { id, text, state } of this.plan) {
      assert.equal(late.get(id), state === 'scheduled' ? 'pending' : state, text);
    }
    const open = await this.sql('SELECT count(*) AS n FROM attempt WHERE ended_at IS NULL');
    assert.equal(open[0].n, 0);
  }

  count(state) { return this.plan.filter((tweet) => tweet.state === state).length; }
}
