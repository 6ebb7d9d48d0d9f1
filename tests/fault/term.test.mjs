// lighttpd sends SIGTERM as soon as a client is gone. A run then takes up
// nothing new, stores the answers that are in flight, and ends.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { until } from '../support/checks.mjs';
import { cgiEnv } from '../support/cgi.mjs';
import { build } from '../support/paths.mjs';
import { Lab, pool, TOKENS, TWEETS } from './lab.mjs';

const AT_ONCE = cpus().length + 1;
const TERM = 15;
const PROMPT = 1500; // ms a run may still take besides what X takes

async function withTrial(accounts, work) {
  const lab = await Lab.make(accounts);
  const one = await lab.open();
  try {
    await work(one);
  } finally {
    await one.close();
    lab.close();
  }
}

const unposted = async (one) => (await one.tweets()).filter(({ status }) => status !== 'posted');

/** Starts a run that this test can signal itself. */
function start(one, program, args, path) {
  const env = path ? cgiEnv(one.settings, { method: 'POST', path }) : one.settings;
  const child = spawn(join(build, program), args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.resume();
  child.ended = once(child, 'exit');
  return child;
}

for (const [what, ...how] of [
  ['a request', 'cgi-bin/publish', [], '/api/v1/tweets/post-pending'],
  ['the tool', 'bin/twitter-manager', ['tick']],
]) {
  test(`SIGTERM ends ${what} once what is in flight is stored`, () =>
    withTrial(Array.from({ length: 6 }, () => ({ tweets: 5 })), async (one) => {
      if (what === 'the tool') await one.holdBack();
      one.x.fault({ match: TWEETS, delay: 300, times: Infinity });
      const child = start(one, ...how);
      await until(() => one.x.count(TWEETS) >= 9, 'nine tweets at X');
      const begun = Date.now();
      child.kill('SIGTERM');
      const [code, signal] = await child.ended;
      assert.deepEqual([code, signal], [0, null]);
      assert.ok(Date.now() - begun < 300 + PROMPT, `${Date.now() - begun} ms`);
      assert.ok(one.x.count(TWEETS) <= 12, 'new ones were taken up');
      const rows = await one.tweets();
      assert.equal(rows.filter(({ status }) => status === 'posted').length, one.x.count(TWEETS));
      assert.deepEqual(rows.filter(({ open, lease }) => open || lease), []);
      one.x.clearFaults();
      await one.settle();
      assert.equal(one.judge(await one.tweets(), new Set()), 0);
    }));
}

test('SIGTERM at every step leaves nothing in doubt', async (t) => {
  const lab = await Lab.make([{ tweets: 2, expires: 100 }, { tweets: 1 }]);
  let count;
  const first = await lab.open();
  count = (await first.steps()).length;
  await first.close();
  let late = 0;
  await pool(Array.from({ length: count }, (_, i) => i + 1), AT_ONCE, async (step) => {
    const one = await lab.open();
    try {
      await one.publish({ step, signal: TERM });
      assert.deepEqual([...await one.marked()], [], 'in doubt');
      if ((await unposted(one)).length > 0) late += 1;
      await one.settle();
      assert.equal(one.judge(await one.tweets(), new Set()), 0);
      assert.equal(one.x.count(TOKENS), 1);
      assert.ok((await one.tweets()).every((row) => row.account_status === 'active'));
    } catch (error) {
      error.message = `SIGTERM at ${step}: ${error.message}\n${one.answers.join('\n')}`;
      throw error;
    } finally {
      await one.close();
    }
  });
  lab.close();
  t.diagnostic(`${count} steps; ${late} runs left tweets for the next`);
  assert.ok(late > 0);
});
