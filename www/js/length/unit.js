// UTF-16 units, and what each may be in a URL.
import { unitAscii, unitRanges, unitUsual } from './tables.js';

export { UNIT } from './tables.js';

const flags = new Uint8Array(0x10000).fill(unitUsual);
for (let i = 0; i < 128; i++) flags[i] = parseInt(unitAscii.slice(2 * i, 2 * i + 2), 16);
for (const range of unitRanges.split(' ')) {
  const [first, more, value] = range.split(',').map((n) => parseInt(n, 36));
  flags.fill(value, first, first + more + 1);
}

/** The flags of a unit. */
export const unitFlags = (unit) => flags[unit];

/** Whether there is a unit at `at` and it has one of the flags. */
export const unitHas = (text, at, wanted) => at < text.length
  && (flags[text.charCodeAt(at)] & wanted) !== 0;

/** Where the units from `at` on that have one of the flags end. */
export function unitSkip(text, at, wanted) {
  let end = at;
  while (unitHas(text, end, wanted)) end++;
  return end;
}

/** Whether the text has the word of lower-case ASCII at `at`, in any case. */
export function wordAt(text, at, word) {
  for (let i = 0; i < word.length; i++) {
    if (lower(text.charCodeAt(at + i)) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** The unit, an ASCII capital as its small letter. */
export const lower = (unit) => (unit >= 0x41 && unit <= 0x5a ? unit | 0x20 : unit);
