// What goes to X, while something fails under it: a whole reply or none; then
// normal runs follow, and no tweet has gone out twice or was lost, and no pair
// of tokens that was stored is.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { after, before, test } from 'node:test';

import {
  consent, Lab, mend, relink, sealedPair, TWEETS,
} from '../fault/lab.mjs';
import { preloading } from '../support/preload.mjs';
import { removeFolder } from '../support/settings.mjs';
import { FAULTS, Plan } from './plan.mjs';
import { everywhere, isQuick } from './points.mjs';
import { isWhole } from './whole.mjs';

const KEYED = { headers: { 'Idempotency-Key': 'a-key' } };
const post = (one, path, order, how) =>
  one.cgi('publish', { path, body: order && JSON.stringify(order), ...how });
const create = (one) => one.cgi('tweets',
  { path: '/api/v1/tweet', body: JSON.stringify({ account_id: 1, text: 'a new one' }), ...KEYED });
const callback = (one) =>
  one.cgi('auth', { path: '/api/v1/auth/callback', method: 'GET', query: one.back });
const ready = [{ tweets: 2 }, { tweets: 1, named: false }];

// A row: what is done, with which accounts (as for Lab.make), what comes before
// it, what X does wrong meanwhile, and the request under which things fail.
const SENDS = [
  { name: 'one tweet', accounts: [{ tweets: 1 }], run: (one) => one.post(1), quick: true },
  { name: 'one tweet with a key', accounts: [{ tweets: 1 }], run: (one) => one.post(1, KEYED), again: (one) => one.post(1, KEYED) },
  { name: 'a new tweet with a key', accounts: [{ tweets: 0 }], run: create, end: createdOnce, quick: true },
  { name: 'all that is pending', accounts: ready, run: (one) => one.publish(), quick: true },
  { name: 'several at a word', accounts: ready, run: (one) => post(one, '/api/v1/tweets/bulk', { ids: [1, 2, 3], action: 'post' }) },
  { name: 'a tick', accounts: ready, prepare: (one) => one.holdBack(), run: (one) => post(one, '/api/v1/tick') },
  { name: 'a token that is known to end', accounts: [{ tweets: 1, expires: 100 }], run: (one) => one.publish(), quick: true },
  { name: 'a token that X no longer takes', accounts: [{ tweets: 1, expired: true }], run: (one) => one.publish() },
  { name: 'a tweet whose answer was cut', accounts: [{ tweets: 1 }], fault: { cut: 'after-processing' }, run: (one) => one.post(1) },
  { name: 'looking for a lost tweet', accounts: [{ tweets: 1 }], prepare: lose, run: (one) => one.publish(), quick: true },
  { name: 'a link that renews a grant', accounts: [{ tweets: 1 }], prepare: begin, run: callback, end: linked, quick: true },
];

/** X has the tweet and its answer was cut; its timeline may be looked at now. */
async function lose(one) {
  one.x.fault({ match: TWEETS, cut: 'after-processing' });
  await one.publish();
  one.later(5000);
}

/** Who sends it again has it, and has it once. */
async function createdOnce(one, first) {
  const again = await create(one);
  assert.equal(again.status, 201, again.raw);
  if (first.status === 201) assert.equal(again.headers['idempotent-replayed'], 'true');
  assert.equal((await one.tweets()).length, 1);
}

async function begin(one) {
  one.before = await sealedPair(one);
  one.back = await consent(one);
}

/**
 * Whoever was told of success has the new pair; else another try works. X may
 * not have said whose it is: then it has a row of its own until X does.
 */
async function linked(one, reply) {
  if (reply.status === 200 && reply.json.account_id === 1) {
    assert.notEqual(await sealedPair(one), one.before);
  } else {
    await relink(one);
  }
}

let dir;
let library;

before(() => {
  dir = mkdtempSync('/tmp/twitter-manager-torture-');
  library = preloading('torture', dir, {}).LD_PRELOAD;
});
after(() => removeFolder(dir));

/** An instance on which all is prepared, with its plan. */
async function open(lab, { prepare, fault }) {
  const one = await lab.open();
  const plan = new Plan(one.dir, lab.clock, library);
  Object.assign(one.settings, plan.env);
  await prepare?.(one);
  if (fault) one.x.fault({ match: TWEETS, ...fault });
  return { one, plan };
}

async function close({ one, plan }) {
  plan.close();
  await one.close();
}

async function strike(lab, send, fault, n, sum) {
  const trial = await open(lab, send);
  const { one, plan } = trial;
  try {
    const pair = await sealedPair(one);
    plan.arm(fault, n);
    const reply = await send.run(one).finally(() => plan.disarm());
    if (!isWhole(reply)) sum.silent += 1;
    one.x.clearFaults();
    await send.end?.(one, reply);
    await send.again?.(one);
    if (await mend(one, pair)) sum.lost += 1;
    return plan.count >= n;
  } catch (error) {
    error.message = `call ${n}: ${error.message}\n${one.answers.join('\n')}`;
    throw error;
  } finally {
    await close(trial);
  }
}

async function counted(lab, send, fault) {
  const trial = await open(lab, send);
  trial.plan.watch(fault);
  await send.run(trial.one);
  const { count } = trial.plan;
  await close(trial);
  return count;
}

for (const send of SENDS.filter(({ quick }) => quick || !isQuick)) {
  test(send.name, async (t) => {
    const lab = await Lab.make(send.accounts);
    for (const fault of FAULTS) {
      await t.test(`${send.name}: ${fault.name}`, async () => {
        const sum = { silent: 0, lost: 0 };
        const points = await everywhere(
          (n) => strike(lab, send, fault, n, sum), () => counted(lab, send, fault));
        t.diagnostic(`${send.name}, ${fault.name}: ${points} points, ${sum.silent} without a`
          + ` reply, ${sum.lost} lost a pair that X had just renewed`);
      });
    }
    lab.close();
  });
}
