// URLs in a text, as X finds them: what npm twitter-text does with one large
// expression, by hand. Where that package does what its authors can hardly have
// meant, so does this: the aim is its count, since X's own is kept equal to it.
import { domainFits, Domains, latinParts } from './domain.js';
import { UNIT, unitFlags, unitHas, unitSkip, wordAt } from './unit.js';

const URL_MAX = 4096;
const SLUG_MAX = 40; // of t.co
const IMPLIED_SCHEME = 'https://'.length;

function schemeLength(text, at) {
  if (wordAt(text, at, 'http://')) return 7;
  return wordAt(text, at, 'https://') ? 8 : 0;
}

function portEnd(text, at) {
  if (text[at] !== ':') return at;
  let end = at + 1;
  while (text[end] >= '0' && text[end] <= '9') end++;
  return end > at + 1 ? end : at;
}

/**
 * Where the parenthesis that opens at `at` closes, if what it holds may stand
 * in a path: one more pair at most, and nothing empty. 0 if not.
 */
function balancedEnd(text, at) {
  let first = at + 1;
  let end = unitSkip(text, first, UNIT.PATH);
  if (text[end] === '(') {
    first = end + 1;
    end = unitSkip(text, first, UNIT.PATH);
    if (end === first || text[end] !== ')') return 0;
    end = unitSkip(text, end + 1, UNIT.PATH);
  }
  return end > first && text[end] === ')' ? end + 1 : 0;
}

/**
 * Where the path whose slash is before `from` ends: behind the last unit that
 * may end one, or behind a balanced pair that follows such an end.
 */
function pathEnd(text, from) {
  let end = from;
  let at = from;
  while (at < text.length) {
    const flags = unitFlags(text.charCodeAt(at));
    if (flags & UNIT.PATH) {
      at++;
      if (flags & UNIT.PATH_END) end = at;
      continue;
    }
    const closed = text[at] === '(' ? balancedEnd(text, at) : 0;
    if (!closed) break;
    if (at === end) end = closed;
    at = closed;
  }
  return end;
}

function queryEnd(text, at, limit = text.length) {
  let end = at;
  if (at >= limit || text[at] !== '?') return at;
  for (let i = at + 1; i < limit && unitHas(text, i, UNIT.QUERY); i++) {
    if (unitHas(text, i, UNIT.QUERY_END)) end = i + 1;
  }
  return end;
}

/** The URL, with or without scheme, that begins at `at`; null if none does. */
function matchAt(domains, text, at) {
  const from = at + schemeLength(text, at);
  const to = domains.end(from);
  if (!to) return null;
  let end = portEnd(text, to);
  const path = text[end] === '/';
  if (path) end = pathEnd(text, end + 1);
  return { start: at, from, to, path, end: queryEnd(text, end) };
}

function nextMatch(domains, text, at) {
  for (let i = at; i < text.length; i++) {
    if (unitHas(text, i, UNIT.BEFORE)) {
      const match = matchAt(domains, text, i + 1);
      if (match) return { ...match, before: text[i] };
    }
    if (i === 0) {
      const match = matchAt(domains, text, 0);
      if (match) return { ...match, before: '' };
    }
  }
  return null;
}

function fits(text, { start, from, to, end }) {
  const scheme = from - start || IMPLIED_SCHEME;
  return domainFits(text.slice(from, to)) && end - start + scheme <= URL_MAX;
}

/**
 * Where a link with a scheme ends: one of t.co behind its slug and query,
 * whatever follows. 0 for too long a slug, which makes it none.
 */
function linkEnd(text, { from, to, end }) {
  if (to - from !== 4 || !wordAt(text, from, 't.co/')) return end;
  const slug = to + 1;
  let stop = slug;
  while (stop < end && text.charCodeAt(stop) < 0x80 && text[stop] !== '-'
    && unitHas(text, stop, UNIT.LATIN)) stop++;
  if (stop === slug) return end;
  return stop - slug > SLUG_MAX ? 0 : queryEnd(text, stop, end);
}

/** The Latin parts of a domain without a scheme; the last takes the path. */
function* partsOf(text, match) {
  const domain = text.slice(match.from, match.to);
  const parts = [...latinParts(domain)];
  let given = 0;
  for (const [i, [from, to]] of parts.entries()) {
    // The package looks each part up anew, and may find it earlier.
    const start = domain.indexOf(domain.slice(from, to), given);
    given = start + to - from;
    const tail = i === parts.length - 1 && match.path ? match.end - match.to : 0;
    yield [match.from + start, match.from + given + tail];
  }
}

/** [from, to] of each URL of the text, in units, from left to right. */
export function* urlsOf(text) {
  if (!text.includes('.')) return;
  const domains = new Domains(text);
  let at = 0;
  for (let match = nextMatch(domains, text, at); match; match = nextMatch(domains, text, at)) {
    at = match.end;
    if (!fits(text, match)) continue;
    if (match.from === match.start) {
      if (match.before === '' || !'-_./'.includes(match.before)) yield* partsOf(text, match);
    } else {
      const end = linkEnd(text, match);
      if (end) yield [match.start, end];
    }
  }
}
