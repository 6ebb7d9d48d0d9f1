// A month under LATE_POLICY=post: what cron missed by more than an hour goes out
// one by one, and never at once.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ACCOUNTS, FIRST, LAST, OUTAGES, timesOf } from './march.mjs';
import { Calendar } from './month.mjs';

let calendar;

before(async () => {
  calendar = await Calendar.open({
    start: FIRST, accounts: ACCOUNTS, env: { LATE_POLICY: 'post' },
  });
});
after(() => calendar?.close());

test('each tweet goes out at the first tick after its time, late ones one a tick', async (t) => {
  for (let account = 1; account <= ACCOUNTS; account += 1) {
    await calendar.schedule(account, [...timesOf(account), null]);
  }
  await calendar.cron(FIRST, LAST, { outages: OUTAGES });
  await calendar.judge();
  t.diagnostic(`${calendar.ticks} ticks, ${calendar.count('posted')} tweets posted`);
  assert.equal(calendar.count('held'), 0);
  assert.equal(calendar.count('scheduled'), ACCOUNTS, 'what is still to come');
  assert.equal(calendar.count('pending'), ACCOUNTS, 'what has no time');
  assert.equal(calendar.x.posts.length, calendar.count('posted'));
});

test('no minute saw more than one late tweet of an account', () => {
  const planned = new Map(calendar.plan.map((tweet) => [tweet.text, tweet]));
  const last = new Map();
  for (const { sent, at } of calendar.x.posts) {
    const { account, at: wanted } = planned.get(sent);
    if (at - wanted < 3_660_000) continue;
    assert.ok(at - (last.get(account) ?? 0) >= 60_000 - 1000, sent);
    last.set(account, at);
  }
  assert.ok(last.size === ACCOUNTS);
});
