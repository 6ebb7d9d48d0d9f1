// X's refresh tokens work once: one refresh an account whatever many processes
// find, and a pair that was lost is seen, named, and mended by one click.

import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { test } from 'node:test';

import { KILLED, Lab, pool, TOKENS } from './lab.mjs';

const AT_ONCE = cpus().length + 1;
const PROCESSES = 32;
const OLD = Object.freeze([
  { what: 'that is known to end', expires: 100 },
  { what: 'that X no longer takes', expired: true },
]);

async function withLab(accounts, work) {
  const lab = await Lab.make(accounts);
  try {
    await work(lab);
  } finally {
    lab.close();
  }
}

async function withTrial(lab, about, work) {
  const one = await lab.open();
  try {
    await work(one);
  } catch (error) {
    error.message = `${about}: ${error.message}\n${one.answers.join('\n')}`;
    throw error;
  } finally {
    await one.close();
  }
}

/** Sends a tweet, again and again while another process has the account. */
async function insist(one, id) {
  for (;;) {
    const reply = await one.post(id, { timeout: 60_000 });
    if (reply.status === 200) return;
    assert.equal(reply.status, 409, reply.raw);
    assert.deepEqual([reply.json.code, reply.json.retryable], ['account_busy', true], reply.raw);
  }
}

for (const { what, ...how } of OLD) {
  test(`${PROCESSES} processes find a token ${what}: one refresh, all go out`, () =>
    withLab([{ tweets: PROCESSES, ...how }], (lab) => withTrial(lab, what, async (one) => {
      await Promise.all((await one.tweets()).map(({ id }) => insist(one, id)));
      assert.equal(one.x.count(TOKENS), 1);
      one.judge(await one.tweets(), new Set());
    })));

  test(`8 runs find a token ${what} on each of 4 accounts`, () =>
    withLab([1, 2, 3, 4].map(() => ({ tweets: 2, ...how })), (lab) =>
      withTrial(lab, what, async (one) => {
        await Promise.all(Array.from({ length: 8 }, () => one.publish()));
        await one.settle();
        assert.equal(one.x.count(TOKENS), 4);
        one.judge(await one.tweets(), new Set());
      })));
}

const sealedPair = async (one) =>
  (await one.peek('SELECT refresh_token FROM twitter_account WHERE id = 1'))[0].refresh_token;

/** A person follows the link and consents. */
async function relink(one) {
  one.x.registerRedirect(`http://localhost:${one.settings.PORT}/auth/callback`);
  const start = await one.cgi('auth', {
    path: '/api/v1/auth/twitter', method: 'GET', query: 'account_id=1',
  });
  assert.equal(start.status, 200, start.raw);
  const back = new URL(await one.x.consent(start.json.auth_url, 'person1'));
  const done = await one.cgi('auth', {
    path: '/api/v1/auth/callback', method: 'GET', query: back.search.slice(1),
  });
  assert.equal(done.status, 200, done.raw);
}

/**
 * After the trouble: settles, and whatever holds must hold. `before` is the
 * pair as it was sealed at first. Gives whether X renewed it and nobody has it.
 */
async function mend(one, before) {
  const doubtful = await one.marked();
  await one.settle();
  const rows = await one.tweets();
  const [mine, others] = [1, 2].map((id) => rows.filter(({ account }) => account === id));
  one.judge(others, doubtful);
  const renewed = one.x.find(TOKENS).some(({ status }) => status === 200);
  if (!renewed || await sealedPair(one) !== before) {
    one.judge(mine, doubtful);
    return false;
  }
  for (const tweet of mine) {
    assert.deepEqual([tweet.account_status, tweet.account_code], ['failed', 'needs_reauth']);
    assert.deepEqual([tweet.status, one.arrivals(tweet.text)], ['pending', 0]);
  }
  const run = await one.publish();
  assert.deepEqual(run.json.blocked, [{ account_id: 1, code: 'needs_reauth' }]);
  await relink(one);
  await one.settle();
  one.judge(await one.tweets(), doubtful);
  return true;
}

for (const { what, ...how } of OLD) {
  test(`killed at every step while it refreshes a token ${what}`, (t) =>
    withLab([{ tweets: 2, ...how }, { tweets: 1 }], async (lab) => {
      let count;
      await withTrial(lab, 'undisturbed', async (one) => { count = (await one.steps()).length; });
      let [kills, lost] = [0, 0];
      const steps = Array.from({ length: count }, (_, i) => i + 1);
      await pool(steps, AT_ONCE, (step) => withTrial(lab, `killed at ${step}`, async (one) => {
        const before = await sealedPair(one);
        if ((await one.publish({ step })).exitCode === KILLED) kills += 1;
        if (await mend(one, before)) lost += 1;
      }));
      t.diagnostic(`${count} steps, ${kills} kills, ${lost} lost a pair`);
      assert.ok(lost > 0, 'no kill fell between X\'s answer and the store');
      assert.ok(lost < kills / 4, 'the window is wide');
    }));
}

/** From the N-th write to the database on, the disk is full. */
const fullFrom = (one, n) => (list) => ['strace', '-qq', '-o', '/dev/null',
  '-P', one.database, '-P', `${one.database}-wal`, '-e', 'trace=pwrite64',
  '-e', `inject=pwrite64:error=ENOSPC:when=${n}+`, ...list];

/** How many writes an undisturbed run makes, and how many before X is asked. */
async function writesOf(lab) {
  let steps;
  await withTrial(lab, 'undisturbed', async (one) => { steps = await one.steps(); });
  const isWrite = (step) => /^enter pwrite64 .*\.db(-wal)?$/.test(step);
  const first = steps.findIndex((step) => /^enter sendto socket/.test(step));
  return { all: steps.filter(isWrite).length, early: steps.slice(0, first).filter(isWrite).length };
}

test('the disk is full from any write on: no refresh begins that cannot be stored', (t) =>
  withLab([{ tweets: 2, expires: 100 }, { tweets: 1 }], async (lab) => {
    const { all, early } = await writesOf(lab);
    let lost = 0;
    assert.ok(early > 0 && all > early);
    const points = Array.from({ length: all }, (_, i) => i + 1);
    await pool(points, AT_ONCE, (n) => withTrial(lab, `full from write ${n}`, async (one) => {
      const before = await sealedPair(one);
      const reply = await one.publish({ command: fullFrom(one, n) });
      assert.ok([200, 500, 503, 507].includes(reply.status), reply.raw);
      if (n <= early) assert.equal(one.x.requests.length, 0, 'X was called');
      if (await mend(one, before)) lost += 1;
    }));
    t.diagnostic(`${all} writes, ${early} of them before X is asked, ${lost} lost a pair`);
  }));
