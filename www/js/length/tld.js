// Top-level domains at the end of a domain.
import { tldFolds, tldNames, tldWideNames } from './tables.js';
import { lower, UNIT, unitHas, wordAt } from './unit.js';

const names = new Set(tldNames.split(' '));
const wideNames = new Set(tldWideNames.split(' '));
const longest = (set) => Math.max(...[...set].map((name) => name.length));
const nameMax = longest(names);
const wideMax = longest(wideNames);
const folds = new Map(tldFolds.split(' ').map((pair) =>
  pair.split(',').map((n) => parseInt(n, 36))));

function isLetter(unit) {
  const small = lower(unit);
  return small >= 0x61 && small <= 0x7a;
}

/** Units of the longest wide name at `at`, of which the first `ascii` are ASCII. */
function wideAt(text, at, ascii) {
  let name = '';
  while (name.length < wideMax && at + name.length < text.length) {
    const unit = text.charCodeAt(at + name.length);
    if (unit < 0x80 && !isLetter(unit)) break;
    name += String.fromCharCode(folds.get(unit) ?? lower(unit));
  }
  for (let n = name.length; n > ascii; n--) {
    if (!unitHas(text, at + n, UNIT.GLUE) && wideNames.has(name.slice(0, n))) return n;
  }
  return 0;
}

function punycodeEnd(text, at) {
  if (!wordAt(text, at, 'xn--')) return 0;
  let end = at + 4;
  while (text.charCodeAt(end) < 0x80 && unitHas(text, end, UNIT.LATIN)) end++;
  return end > at + 4 ? end : 0;
}

/**
 * Where the top-level domain that begins at `at` ends: a listed one that
 * nothing is glued to, or a punycode form. 0 if there is none.
 */
export function tldEnd(text, at) {
  let n = 0;
  while (n <= nameMax && isLetter(text.charCodeAt(at + n))) n++;
  if (n && !unitHas(text, at + n, UNIT.GLUE)
    && names.has(text.slice(at, at + n).toLowerCase())) return at + n;
  const mayBeWide = n < wideMax && text.charCodeAt(at + n) >= 0x80;
  const wide = mayBeWide ? wideAt(text, at, n) : 0;
  return wide ? at + wide : punycodeEnd(text, at);
}
