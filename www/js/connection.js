// Whether the server can be reached: told once when it goes and once when it is
// back, which is looked for meanwhile.
import { CAREFUL, addressOf } from './base.js';
import { pause } from './dom.js';

/** Tells "gone" and "back". */
export const connection = new EventTarget();

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15_000;

let gone = false;

/** Whether it is gone, as far as is known. */
export const isGone = () => gone;

/** Whether anybody answers again, be it a login in front of us. */
async function isThere() {
  try {
    return (await fetch(addressOf('health'), CAREFUL)).status < 500;
  } catch {
    return false;
  }
}

async function lookOut() {
  let wait = FIRST_WAIT;
  do {
    await pause(wait);
    wait = Math.min(wait * 1.6, LONGEST_WAIT);
  } while (!await isThere());
  gone = false;
  connection.dispatchEvent(new Event('back'));
}

/** Says that a request did not reach the server. */
export function lost() {
  if (gone) return;
  gone = true;
  connection.dispatchEvent(new Event('gone'));
  lookOut();
}
