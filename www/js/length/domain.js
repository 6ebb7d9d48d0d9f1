// Domains in a text, as X's expressions take them: as many labels as there are,
// then labels given back from the right until a top-level domain follows the
// last dot. The labels behind a position are the same for every position before
// them, so they are read once; only the first may be entered anywhere.
import { punyLength } from './puny.js';
import { tldEnd } from './tld.js';
import { UNIT, unitHas, unitSkip } from './unit.js';

const LABEL_MAX = 63;

const inLabel = (text, at) => text[at] === '-' || text[at] === '_'
  || unitHas(text, at, UNIT.DOMAIN);

/** What the label that has the unit `at` is, which may begin one. */
function readLabel(text, at) {
  let to = at;
  let bar = at; // behind its last underscore
  for (; to < text.length && inLabel(text, to); to++) {
    if (text[to] === '_') bar = to + 1;
  }
  const dotted = text[to] === '.' && unitHas(text, to - 1, UNIT.DOMAIN);
  return { from: at, to, bar, dotted, tld: dotted ? tldEnd(text, to + 1) : 0 };
}

/** Knows the labels last looked at; one for each search through a text. */
export class Domains {
  constructor(text) {
    this.text = text;
    this.label = { from: 0, to: 0 };
    this.chain = { from: 0, to: 0, best: 0, bestEnd: 0 };
  }

  /** Reads the whole labels from `from` on. */
  readChain(from) {
    const chain = { from, to: from, best: 0, bestEnd: 0 };
    while (unitHas(this.text, chain.to, UNIT.DOMAIN)) {
      const label = readLabel(this.text, chain.to);
      if (!label.dotted) break;
      if (label.tld && label.bar === chain.to) {
        chain.best = chain.to;
        chain.bestEnd = label.tld;
      }
      chain.to = label.to + 1;
    }
    this.chain = chain;
  }

  /** Where the longest domain that begins at `at` ends; 0 if none does. */
  end(at) {
    if (!unitHas(this.text, at, UNIT.DOMAIN)) return 0;
    if (at < this.label.from || at >= this.label.to) this.label = readLabel(this.text, at);
    if (!this.label.dotted) return 0;
    const next = this.label.to + 1;
    if (next < this.chain.from || next > this.chain.to) this.readChain(next);
    if (this.chain.bestEnd && this.chain.best >= next) return this.chain.bestEnd;
    return at >= this.label.bar ? this.label.tld : 0;
  }
}

/**
 * The domains of Latin letters within a domain, from left to right: only these
 * parts of a domain without a scheme are URLs. Gives [from, to] of each.
 */
export function* latinParts(domain) {
  let i = 0;
  while (i < domain.length) {
    const start = i;
    let end = 0;
    let stop = unitSkip(domain, i, UNIT.LATIN);
    while (stop > i && domain[stop] === '.') {
      end = tldEnd(domain, stop + 1) || end;
      i = stop + 1;
      stop = unitSkip(domain, i, UNIT.LATIN);
    }
    // Nothing that begins among these labels ends better.
    i = end > stop ? end : stop + 1;
    if (end) yield [start, end];
  }
}

/** Whether no label is longer than DNS takes, in its punycode form. */
export function domainFits(domain) {
  if (domain.startsWith('xn--') && latinParts(domain).next().done) return false;
  return domain.split('.').every((label) =>
    label !== '' && punyLength(label, LABEL_MAX) <= LABEL_MAX);
}
