// The night of 25 October 2026, in which Berlin has the hour from 2 to 3 twice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Calendar, HOUR, local, MINUTE } from './month.mjs';

const CHANGE = Date.UTC(2026, 9, 25, 1); // 3:00+02:00, which becomes 2:00+01:00
const FIRST = CHANGE - 3 * HOUR;

let calendar;

before(async () => { calendar = await Calendar.open({ start: FIRST, accounts: 1 }); });
after(() => calendar?.close());

test('the same time by the clock on the wall is two times, an hour apart', async () => {
  const times = [];
  for (let t = FIRST + 10 * MINUTE; t < CHANGE + 2 * HOUR; t += 10 * MINUTE) times.push(t);
  const shown = times.map((t) => local(t).slice(0, 19));
  assert.ok(new Set(shown).size < shown.length, 'some stand there twice');
  await calendar.schedule(1, times);
  await calendar.cron(FIRST, CHANGE + 3 * HOUR);
  assert.equal(calendar.count('posted'), times.length);
  await calendar.judge();
});

test('times of the hour that there is twice come in order, whatever their offset', async () => {
  const from = CHANGE + 4 * HOUR;
  const texts = ['2026-10-25T06:30:30+00:00', '2026-10-25T07:20:30+01:00',
    '2026-10-25T09:10:30+03:00'];
  for (const text of texts) {
    const { tweet_id: id } = await calendar.call('POST', '/api/v1/tweet',
      { account_id: 1, text: `1: ${text}`, scheduled_at: text });
    calendar.plan.push({
      id, account: 1, text: `1: ${text}`, at: Date.parse(text), state: 'scheduled',
    });
  }
  await calendar.cron(from, from + 3 * HOUR, { every: HOUR });
  const sent = calendar.x.posts.slice(-3).map((post) => post.sent.slice(3));
  assert.deepEqual(sent, [texts[2], texts[1], texts[0]]);
  await calendar.judge();
});
