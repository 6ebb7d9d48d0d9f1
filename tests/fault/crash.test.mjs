// A run is killed at every system call that touches the network or the
// database. Whatever the step: no text arrives at X twice, none is lost, and
// what X has ends posted with X's id.

import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { after, before, test } from 'node:test';

import { KILLED, Lab, pool, seeded, TWEETS } from './lab.mjs';

const AT_ONCE = cpus().length + 1;
const SLACK = 12; // steps by which runs differ: what arrives in one piece or two
const SEED = Number(process.env.FAULT_SEED ?? 20240607);
const POINTS = Number(process.env.FAULT_POINTS ?? 300);

let small;
let large;

before(async () => {
  small = await Lab.make([{ tweets: 2 }, { tweets: 1, named: false }]);
  large = await Lab.make(Array.from({ length: 20 }, () => ({ tweets: 10 })));
});
after(() => {
  small?.close();
  large?.close();
});

const range = (from, to, step = 1) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

/**
 * Kills runs (as many at once as `steps` has entries) and lets normal ones
 * follow until all is settled.
 */
async function crash(lab, steps, how, sum) {
  const { x = {}, fault, settling = 1, prepare, run = (one, step) => one.publish({ step }) } = how;
  const one = await lab.open(x);
  try {
    if (fault) one.x.fault({ match: TWEETS, times: Infinity, ...fault });
    await prepare?.(one);
    const replies = await Promise.all(steps.map((step) => run(one, step)));
    const marked = await one.marked();
    if (!fault?.cut) {
      one.x.clearFaults();
      await one.sendsTheRestAtOnce(settling);
    }
    await one.settle(settling);
    const tweets = await one.tweets();
    const doubtful = new Set([...marked, ...one.cut(tweets)]);
    sum.runs += one.answers.length;
    sum.kills += replies.filter(({ exitCode }) => exitCode === KILLED).length;
    sum.marked += marked.size;
    sum.cut += one.cut(tweets).length;
    sum.unknown += one.judge(tweets, doubtful);
  } catch (error) {
    error.message = `killed at ${steps}: ${error.message}\n${one.answers.slice(0, 12).join('\n')}`;
    throw error;
  } finally {
    await one.close();
  }
}

async function stepsOf(lab, { x, fault, prepare, measure = (one) => one.steps() }) {
  const one = await lab.open(x);
  if (fault) one.x.fault({ match: TWEETS, times: Infinity, ...fault });
  await prepare?.(one);
  const steps = await measure(one);
  await one.close();
  return steps;
}

/** How many steps undisturbed runs take: fewest and most. */
async function countSteps(lab, how) {
  const counts = [];
  for (let i = 0; i < 4; i += 1) counts.push((await stepsOf(lab, how)).length);
  return [Math.min(...counts), Math.max(...counts)];
}

/** Crashes at all these points and says what came of them. */
async function crashes(t, lab, points, how) {
  const sum = { points: points.length, kills: 0, marked: 0, cut: 0, unknown: 0, runs: 0 };
  await pool(points, AT_ONCE, (steps) => crash(lab, steps, how, sum));
  t.diagnostic(`${sum.points} points, ${sum.kills} kills, ${sum.marked} between mark and`
    + ` result, ${sum.cut} cut by X, ${sum.unknown} outcome_unknown, ${sum.runs} runs`);
  return sum;
}

/*
 * Steps come in pairs, the entry into a call and the return from it, and what
 * is outside the process is the same at a return and at the next entry. So it
 * is enough that the first test takes both; `stride` 2 takes the returns.
 */
async function atEveryStep(t, how, stride = 2) {
  const [fewest, most] = await countSteps(small, how);
  const points = range(stride, most + SLACK, stride).map((step) => [step]);
  const sum = await crashes(t, small, points, how);
  assert.ok(sum.kills >= 0.8 * fewest / stride, `only ${sum.kills} kills struck`);
  assert.ok(sum.marked > 0, 'no kill fell between mark and result');
  assert.ok(sum.unknown <= sum.marked + sum.cut);
}

test('killed at every step', (t) => atEveryStep(t, {}, 1));

test('killed at every step, X answering after that', (t) =>
  atEveryStep(t, { fault: { delay: 40 } }));

test('killed at every step, X closing once it has read the tweet', (t) =>
  atEveryStep(t, { fault: { cut: 'after-reading', times: 2 } }));

test('killed at every step, X closing once it has the tweet', (t) =>
  atEveryStep(t, { fault: { cut: 'after-processing' } }));

test('killed at every step, a timeline that lags 5 s', (t) =>
  atEveryStep(t, { x: { lag: 5000 } }));

test('a run that looks for lost tweets, killed at every step', (t) => atEveryStep(t, {
  fault: { cut: 'after-processing' },
  prepare: async (one) => {
    await one.publish();
    one.later(5000);
  },
}));

test('the sending of one tweet, killed at every step', (t) => atEveryStep(t, {
  measure: (one) => one.steps((how) => one.post(1, how)),
  run: (one, step) => one.post(1, { step }),
}));

test('whatever is written is synced before anything is sent', async () => {
  const steps = await stepsOf(small, {});
  let unsynced = 0;
  let sent = 0;
  for (const step of steps) {
    if (/^leave pwrite64 .*-wal$/.test(step)) unsynced += 1;
    if (/^leave fdatasync .*-wal$/.test(step)) unsynced = 0;
    if (/^enter (sendto|sendmsg|write|writev) socket$/.test(step)) {
      assert.equal(unsynced, 0, `after ${sent} were sent`);
      sent += 1;
    }
  }
  assert.ok(sent >= 3);
});

test('8 runs at once, killed at every step between them', async (t) => {
  const [, most] = await countSteps(small, {});
  const points = range(1, most + SLACK, 4).map((step) => range(step, step + 8));
  const sum = await crashes(t, small, points, { settling: 8 });
  assert.ok(sum.kills > points.length, 'few kills struck');
});

test('killed at seeded points of a run over 200 tweets on 20 accounts', async (t) => {
  const [count] = await countSteps(large, {});
  const below = seeded(SEED);
  t.diagnostic(`seed ${SEED}, a run has ${count} steps`);
  const points = Array.from({ length: POINTS }, () => [1 + below(count)]);
  const sum = await crashes(t, large, points, {});
  assert.ok(sum.kills >= POINTS * 0.9, 'few kills struck');
});
