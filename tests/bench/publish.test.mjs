// How near a publishing run comes to what X's own slowness allows, and what
// memory it takes.

import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';

import { Lab, TWEETS } from '../fault/lab.mjs';

const ACCOUNTS = 100;
const EACH = 10;
const ANSWER_MS = 200;
const CONCURRENCY = 128;
const FACTOR = 2.5; // a slow machine has two seconds of its own work to do
const PEAK_KIB = 32 * 1024;

const ideal = Math.max(ACCOUNTS * EACH / CONCURRENCY, EACH) * ANSWER_MS / 1000;

let lab;
let one;

before(async () => {
  lab = await Lab.make(Array.from({ length: ACCOUNTS }, () => ({ tweets: EACH })));
  one = await lab.open({}, tmpdir()); // on a disk, if there is one
  delete one.settings.LD_PRELOAD;
  one.x.fault({ match: TWEETS, delay: ANSWER_MS, times: Infinity });
});
after(async () => {
  await one?.close();
  lab?.close();
});

test(`${ACCOUNTS * EACH} tweets on ${ACCOUNTS} accounts, X answering after ${ANSWER_MS} ms`, async (t) => {
  const time = (list) => ['/usr/bin/time', '-f', 'peak %M', ...list];
  let [seconds, peak, remaining] = [0, 0, 1];
  while (remaining > 0) { // in as many calls as their budgets make it
    const reply = await one.publish({ command: time });
    assert.equal(reply.status, 200, reply.body);
    seconds += reply.ms / 1000;
    peak = Math.max(peak, Number(/peak (\d+)/.exec(reply.stderr)[1]));
    ({ remaining } = reply.json);
  }
  t.diagnostic(`${seconds.toFixed(2)} s, ideal ${ideal} s, ${FACTOR * ideal} allowed`);
  t.diagnostic(`peak memory ${(peak / 1024).toFixed(1)} MiB, ${PEAK_KIB / 1024} allowed`);
  assert.equal(one.judge(await one.tweets(), new Set()), 0);
  assert.ok(seconds <= FACTOR * ideal, `${seconds} s`);
  assert.ok(peak <= PEAK_KIB, `${peak} KiB`);
});

// Five at a time by either.
const FIVE = 5;
const SCARCE = {
  'few files may be open': [`--nofile=${32 + FIVE * 3}`],
  'memory is short': [`--as=${48 * 2 ** 20 + FIVE * 2 ** 18}`],
};

for (const [scarce, limits] of Object.entries(SCARCE)) {
  test(`where ${scarce}, fewer accounts are worked for at a time`, async () => {
    const delay = 20;
    const few = await lab.open({}, tmpdir());
    few.x.fault({ match: TWEETS, delay, times: Infinity });
    try {
      let [ms, remaining] = [0, 1];
      while (remaining > 0) {
        const reply = await few.publish({ command: (list) => ['prlimit', ...limits, ...list] });
        assert.equal(reply.status, 200, reply.body);
        assert.deepEqual(reply.json.details.filter(({ code }) => code), []);
        ms += reply.ms;
        ({ remaining } = reply.json);
      }
      assert.equal(few.judge(await few.tweets(), new Set()), 0);
      assert.ok(ms >= ACCOUNTS * EACH * delay / FIVE, `${ms} ms`);
    } finally {
      await few.close();
    }
  });
}
