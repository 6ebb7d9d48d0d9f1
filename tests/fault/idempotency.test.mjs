// Callers that retry, and processes that die at any step: who repeats with the
// same Idempotency-Key until it is told an end has one post, and is told of it.

import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { after, before, test } from 'node:test';

import { KILLED, Lab, pool, TWEETS } from './lab.mjs';

const AT_ONCE = cpus().length + 1;
const SLACK = 12; // steps by which runs differ
const TRIES = 20;
const KEYED = Object.freeze({ headers: { 'Idempotency-Key': '"a-key"' } });

let lab;

before(async () => { lab = await Lab.make([{ tweets: 1 }]); });
after(() => lab?.close());

/** Repeats until told an end, while time passes; gives the last reply. */
async function insist(one, send) {
  for (let i = 0; i < TRIES; i += 1) {
    const reply = await send(one, KEYED);
    assert.notEqual(reply.status, null, reply.raw);
    if (!reply.json.retryable) return reply;
    one.later(5000 * (i + 1));
  }
  throw new Error('no end');
}

async function killed(step, { send, fault, check }, sum) {
  const one = await lab.open();
  try {
    if (fault) one.x.fault({ match: TWEETS, ...fault });
    const first = await send(one, { ...KEYED, step });
    if (first.exitCode === KILLED) sum.kills += 1;
    const marked = await one.marked();
    const reply = await insist(one, send);
    await check(one, reply, sum);
    const again = await send(one, KEYED);
    if (reply.status === 200) {
      assert.equal(again.headers['idempotent-replayed'], 'true');
      assert.equal(again.body, reply.body);
    }
    if (reply.headers['idempotent-replayed']) sum.replays += 1;
    await one.settle();
    const tweets = await one.tweets();
    sum.unknown += one.judge(tweets, new Set([...marked, ...one.cut(tweets)]));
  } catch (error) {
    error.message = `killed at ${step}: ${error.message}\n${one.answers.join('\n')}`;
    throw error;
  } finally {
    await one.close();
  }
}

async function atEveryStep(t, how) {
  const sum = { kills: 0, successes: 0, replays: 0, unknown: 0 };
  const one = await lab.open();
  if (how.fault) one.x.fault({ match: TWEETS, ...how.fault });
  const count = (await one.steps((log) => how.send(one, { ...KEYED, ...log }))).length;
  await one.close();
  const steps = Array.from({ length: count + SLACK }, (_, i) => i + 1);
  await pool(steps, AT_ONCE, (step) => killed(step, how, sum));
  t.diagnostic(`${count} steps, ${JSON.stringify(sum)}`);
  assert.ok(sum.kills >= count - SLACK, 'few kills struck');
  if (!how.fault) assert.ok(sum.replays > 0, 'no kill fell between answer and reply');
  return sum;
}

const postOne = {
  send: (one, how) => one.post(1, how),
  async check(one, reply, sum) {
    const [post] = one.x.posts;
    if (!post) {
      assert.equal(reply.json.code, 'outcome_unknown', reply.body);
      return;
    }
    assert.equal(reply.status, 200, reply.body);
    assert.deepEqual([reply.json.tweet_id, reply.json.twitter_id], [1, post.id]);
    sum.successes += 1;
  },
};

test('the sending of one tweet, killed at every step and repeated', (t) =>
  atEveryStep(t, postOne));

test('the same, X closing once it has the tweet', (t) =>
  atEveryStep(t, { ...postOne, fault: { cut: 'after-processing' } }));

test('a run over all, killed at every step and repeated', (t) => atEveryStep(t, {
  send: (one, how) => one.publish(how),
  check: (one, reply) => assert.equal(reply.status, 200, reply.body),
}));
