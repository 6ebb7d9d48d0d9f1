// At which calls a fault strikes: at every one until a run passes untouched, or
// at some that are spread over them.

import { cpus } from 'node:os';

import { pool } from '../fault/lab.mjs';

// TORTURE=quick: some calls, some points; TORTURE_POINTS: so many of each fault.
export const isQuick = process.env.TORTURE === 'quick';
export const AT_ONCE = cpus().length;

const SOME = Number(process.env.TORTURE_POINTS ?? (isQuick ? 5 : Infinity));

/** Numbers from 1 to `all`, SOME at the most, spread evenly. */
function spread(all) {
  const some = Math.min(SOME, all);
  return Array.from({ length: some }, (_, i) => 1 + Math.floor(((i + 0.5) * all) / some));
}

const workers = Array.from({ length: AT_ONCE }, (_, i) => i);

/**
 * Calls `strike(n, worker)` for n = 1, 2, … until one gives false: the fault
 * did not strike. If only some points are asked for, `count()` says among how
 * many. The worker is a number below AT_ONCE. Gives how many were tried.
 */
export async function everywhere(strike, count) {
  let [tried, over] = [0, false];
  const chosen = SOME < Infinity ? spread(await count()).values() : null;
  const next = () => (chosen ? chosen.next().value : tried + 1);
  await pool(workers, AT_ONCE, async (worker) => {
    for (let n = next(); n && !over; n = next()) {
      tried += 1;
      const struck = await strike(n, worker);
      over ||= !struck && !chosen;
    }
  });
  return tried;
}
