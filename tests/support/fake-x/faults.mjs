// Scripted faults: which request one strikes, and what it does to it.
//
// A fault is { match, times, after, ...what }. `match` holds any of method,
// path (text, or a regular expression), user, text (of the post); what is not
// given matches all. `times` (default 1) requests are struck, the first `after`
// (default 0) matching ones let through. What can be combined:
//
//   delay: ms              wait before processing
//   held: true             wait for the handle's release() before processing
//   status, body, headers  answer this instead of processing
//   problem: "duplicate"   the same, a body of X's by name (generation: "new")
//   html: true | text      answer a page of HTML (status 200 unless given)
//   redirect: url          answer 302 to there
//   huge: true | bytes     answer a body of 100 MB, or of that size
//   process: true          process first, then answer the above all the same
//   delayAnswer: ms        process, then wait before answering
//   cut: "before-reading" | "after-reading" | "after-processing" | "mid-answer"
//   silent: true           process if `process`, then never answer
//   truncated: true        half of the answer's text, correctly framed
//   contentLength: n       this Content-Length whatever the body
//   slow: ms               a byte at a time, this far apart
//   headers: {name: null}  null takes a header away
//   encode: "gzip"         compress the answer (deflate, br, …), asked or not
//   noRateHeaders: true    without x-rate-limit-* and the 24-hour ones

import { HTML_PAGE, problem } from './problems.mjs';

export const HUGE = 100 * 1024 * 1024;
const CUTS = ['before-reading', 'after-reading', 'after-processing', 'mid-answer'];
const KNOWN = new Set(['match', 'times', 'after', 'delay', 'held', 'status', 'body',
  'headers', 'problem', 'generation', 'html', 'redirect', 'huge', 'process',
  'delayAnswer', 'cut', 'silent', 'truncated', 'contentLength', 'slow',
  'noRateHeaders', 'reset', 'encode']);
const MATCHES = new Set(['method', 'path', 'user', 'text']);

function refuseUnknown(object, known) {
  for (const key of Object.keys(object)) {
    if (!known.has(key)) throw new Error(`a fault knows no "${key}"`);
  }
}

/** Adds a fault; the handle tells `hits`, can `remove()` and `release()` it. */
export function addFault(state, spec) {
  refuseUnknown(spec, KNOWN);
  refuseUnknown(spec.match ?? {}, MATCHES);
  if (spec.cut && !CUTS.includes(spec.cut)) throw new Error(`cut: ${CUTS}`);
  if (spec.problem) problem(spec.problem, spec.generation);
  const user = spec.match?.user === undefined ? null : state.user(spec.match.user);
  const fault = {
    ...spec, user, left: spec.times ?? 1, skip: spec.after ?? 0, hits: 0,
  };
  if (spec.held) fault.released = new Promise((resolve) => { fault.release = resolve; });
  fault.remove = () => {
    state.faults = state.faults.filter((other) => other !== fault);
  };
  state.faults.push(fault);
  return fault;
}

const fits = (wanted, given) => wanted === undefined
  || (wanted instanceof RegExp ? wanted.test(given ?? '') : wanted === given);

function matches(fault, record) {
  const { method, path, text } = fault.match ?? {};
  return fits(method, record.method) && fits(path, record.path)
    && fits(text, record.json?.text)
    && (fault.user === null || record.userId === fault.user.id);
}

// What strikes before the body is read can only be chosen by the head.
const isEarly = (fault) => fault.cut === 'before-reading';

/** The fault that strikes this request now, if any; counts it. */
export function strike(state, record, early) {
  for (const fault of state.faults) {
    if (isEarly(fault) !== early || fault.left <= 0) continue;
    if (!matches(fault, record)) continue;
    if (fault.skip > 0) {
      fault.skip -= 1;
      continue;
    }
    fault.left -= 1;
    fault.hits += 1;
    return fault;
  }
  return null;
}

/** The answer given instead of X's own, or null to process. */
export function replacement(fault) {
  const given = instead(fault);
  if (!given) return null;
  return {
    status: fault.status ?? given.status,
    body: fault.body ?? given.body,
    headers: { ...given.headers },
  };
}

function instead(fault) {
  if (fault.problem) return problem(fault.problem, fault.generation);
  if (fault.html) {
    const body = fault.html === true ? HTML_PAGE : fault.html;
    return { status: 200, body, headers: { 'content-type': 'text/html' } };
  }
  if (fault.redirect) {
    return { status: 302, body: '', headers: { location: fault.redirect } };
  }
  if (fault.huge) return { status: 200, body: '' };
  if (fault.status || fault.body !== undefined) return { status: 200, body: '' };
  return null;
}

/** Changes an answer's headers and text as the fault says. */
export function spoil(answer, fault) {
  const headers = { ...answer.headers };
  for (const [name, value] of Object.entries(fault.headers ?? {})) {
    if (value === null) delete headers[name.toLowerCase()];
    else headers[name.toLowerCase()] = String(value);
  }
  if (fault.noRateHeaders) {
    for (const name of Object.keys(headers)) {
      if (/-limit-|24hour/.test(name)) delete headers[name];
    }
  }
  const half = answer.body.slice(0, Math.floor(answer.body.length / 2));
  return { ...answer, headers, body: fault.truncated ? half : answer.body };
}
