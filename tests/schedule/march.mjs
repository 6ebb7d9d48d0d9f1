// March 2026 in Berlin: three accounts' tweets, a cron that fails for an hour, a
// day and two weeks, and clocks that go forward on the 29th at 2 o'clock.

import { seeded } from '../fault/lab.mjs';
import { atLocal, DAY, HOUR, MINUTE } from './month.mjs';

export const FIRST = Date.UTC(2026, 2, 1);
export const LAST = Date.UTC(2026, 3, 1);
export const ACCOUNTS = 3;

const on = (day, hour = 0, minute = 0) => Date.UTC(2026, 2, day, hour, minute);

export const OUTAGES = Object.freeze([
  [on(3, 11, 10), on(3, 12, 10)],
  [on(5, 6), on(6, 6)],
  [on(8, 3), on(22, 3)],
]);

/** The times of an account: fixed ones each day, and some at random. */
export function timesOf(account) {
  const below = seeded(account);
  const times = [];
  for (let day = FIRST; day < LAST; day += DAY) {
    times.push(atLocal(day, 9), atLocal(day, 18, 30));
    for (let i = 0; i < 3; i += 1) {
      // never within ten seconds after a tick
      times.push(day + below(24 * 60) * MINUTE + (10 + below(40)) * 1000);
    }
  }
  const change = Date.UTC(2026, 2, 29, 1);
  times.push(change - 1000, change, change + 15 * MINUTE, change - 15 * MINUTE);
  // not at all: one that is to come after the month
  times.push(LAST + HOUR);
  return times.filter((t) => t > FIRST);
}
