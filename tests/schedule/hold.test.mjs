// A month under LATE_POLICY=hold: what cron missed by more than an hour waits for
// a person, and what the person lets go is spread.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ACCOUNTS, FIRST, LAST, OUTAGES, timesOf } from './march.mjs';
import { Calendar, DAY, MINUTE } from './month.mjs';

let calendar;

before(async () => { calendar = await Calendar.open({ start: FIRST, accounts: ACCOUNTS }); });
after(() => calendar?.close());

test('the clock and what SQLite takes for now are the fake ones', async () => {
  await calendar.schedule(1, [FIRST + DAY + 30_000, null]);
  const rows = await calendar.sql('SELECT created_at, scheduled_at FROM tweet');
  for (const row of rows) assert.match(row.created_at, /^2026-03-01 00:0/);
  assert.equal(rows[0].scheduled_at, '2026-03-02 00:00:30');
});

test('each tweet goes out at the first tick after its time, or is held', async (t) => {
  for (let account = 1; account <= ACCOUNTS; account += 1) {
    await calendar.schedule(account, timesOf(account));
  }
  await calendar.cron(FIRST, LAST, { outages: OUTAGES });
  await calendar.judge();
  t.diagnostic(`${calendar.ticks} ticks, ${calendar.count('posted')} tweets posted, ${
    calendar.count('held')} held`);
  assert.ok(calendar.count('held') > 150, 'the two weeks were held');
  assert.ok(calendar.count('posted') > 200);
  assert.equal(calendar.count('scheduled'), ACCOUNTS, 'what is still to come');
  assert.equal(calendar.count('pending'), 1, 'what has no time');
});

test('held tweets that are let go are sent one a minute an account', async () => {
  const held = calendar.plan.filter(({ state }) => state === 'held');
  for (let i = 0; i < held.length; i += 500) {
    const json = await calendar.one.cgi('publish', {
      path: '/api/v1/tweets/bulk',
      body: JSON.stringify({ action: 'release', ids: held.slice(i, i + 500).map(({ id }) => id) }),
    });
    assert.equal(json.json.failed, 0, json.raw);
  }
  for (const tweet of held) Object.assign(tweet, { state: 'scheduled', released: true });
  const most = Math.max(...[1, 2, 3].map((account) =>
    held.filter((tweet) => tweet.account === account).length));
  const from = LAST + MINUTE;
  await calendar.cron(from, from + most * MINUTE, { every: MINUTE });
  assert.equal(calendar.count('held'), 0);
  await calendar.judge();
});
