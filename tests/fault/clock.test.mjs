// The instance's clock jumps, an hour back or a day forward, while X's goes on.
// That may make tweets wait; it must not change what is posted. (To a run that
// comes after a jump forward an attempt seems old: what its timeline does not
// show by then is given up at once. So X is given the moment it needs.)

import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { after, before, test } from 'node:test';

import { KILLED, Lab, pool, seeded, TWEETS } from './lab.mjs';
import { until } from '../support/checks.mjs';

const AT_ONCE = cpus().length + 1;
const HOUR = 3600 * 1000;
const JUMPS = Object.freeze([
  { name: 'an hour back', ms: -HOUR },
  { name: 'a day forward', ms: 24 * HOUR },
]);
const STRIDE = 7;

let lab;

before(async () => {
  lab = await Lab.make([{ tweets: 2 }, { tweets: 2, named: false }]);
});
after(() => lab?.close());

async function trial(about, settings, work) {
  const one = await lab.open(settings);
  try {
    await work(one);
  } catch (error) {
    error.message = `${about}: ${error.message}\n${one.answers.slice(0, 12).join('\n')}`;
    throw error;
  } finally {
    await one.close();
  }
}

async function points(offset = 0) {
  let count;
  await trial('undisturbed', {}, async (one) => { count = (await one.steps()).length; });
  return Array.from({ length: Math.floor((count - offset) / STRIDE) },
    (_, i) => 1 + offset + i * STRIDE);
}

const finish = async (one, doubtful) => {
  await one.quiet();
  await one.settle();
  return one.judge(await one.tweets(), doubtful);
};

for (const { name, ms } of JUMPS) {
  test(`${name} between a run that is killed and the next`, async () => {
    await pool(await points(), AT_ONCE, (step) => trial(step, {}, async (one) => {
      await one.publish({ step });
      const marked = await one.marked();
      one.jump(ms);
      await finish(one, marked);
    }));
  });

  test(`${name} and right again, with killed runs between`, async () => {
    await pool(await points(3), AT_ONCE, (step) => trial(step, {}, async (one) => {
      const marked = new Set();
      for (const wrong of [ms, 0]) {
        one.jump(wrong);
        await one.publish({ step });
        for (const id of await one.marked()) marked.add(id);
        await one.quiet();
      }
      await finish(one, marked);
    }));
  });

  test(`${name} for good, with a run that is killed`, async () => {
    await pool(await points(5), AT_ONCE, (step) => trial(step, {}, async (one) => {
      one.jump(ms);
      await one.publish({ step });
      await finish(one, await one.marked());
    }));
  });

  test(`${name} while a run waits for X`, () => trial(name, {}, async (one) => {
    one.x.fault({ match: TWEETS, delay: 100, times: Infinity });
    const run = one.publish();
    await until(() => one.x.count(TWEETS) > 0, 'a tweet');
    one.jump(ms);
    const { json } = await run;
    assert.deepEqual([json.posted, json.failed], [4, 0]);
    assert.equal(await finish(one, new Set()), 0);
  }));

  test(`${name} while a run waits for X, and then it is killed`, async () => {
    const below = seeded(7);
    await pool([...Array(24).keys()], AT_ONCE, (i) => trial(i, {}, async (one) => {
      one.x.fault({ match: TWEETS, delay: 40, times: Infinity });
      let ended = false;
      const run = one.publish({ step: 150 + below(200) }).finally(() => { ended = true; });
      await until(() => ended || one.x.count(TWEETS) > 0, 'a tweet');
      one.jump(ms);
      assert.equal((await run).exitCode, KILLED);
      const marked = await one.marked();
      one.jump(i % 2 ? ms : 0);
      await finish(one, marked);
    }));
  });

  test(`${name}: what X cut is found all the same`, () => trial(name, { lag: 1000 }, async (one) => {
    one.x.fault({ match: TWEETS, cut: 'after-processing', times: 2 });
    await one.publish();
    one.later(1000);
    one.jump(ms);
    assert.equal(await finish(one, await one.marked()), 0);
  }));
}
