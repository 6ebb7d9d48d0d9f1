// Calls of the REST API, relative to the page's folder.
import { CAREFUL, addressOf, here, otherwise, settle } from './base.js';
import { lost } from './connection.js';
import { getKey } from './key.js';
import { words } from './words.js';

const PATIENCE = 60_000;
const LOGIN = 'front_login';

/** Tells "refused" when the server does not take the key, "changed" after each change. */
export const gate = new EventTarget();

/** What went wrong, in the server's words where it has any. */
export class ApiError extends Error {
  constructor(message, more = {}) {
    super(message);
    this.name = 'ApiError';
    Object.assign(this, {
      status: 0, code: '', hint: '', reason: '', requestId: '', retryable: false, errors: [],
    }, more);
  }

  /** A login that is not ours is in the way: the page, loaded again, leads to it. */
  get isLogin() { return this.code === LOGIN; }

  /** Nobody answered: whether the request arrived is not known. */
  get isOffline() { return this.code === 'offline'; }
}

/** A key for a request that creates or publishes, to send again with it. */
export function newIdempotencyKey() {
  // crypto.randomUUID is missing where a page comes over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function withQuery(url, query) {
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== '' && value !== null && value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

/** An error that a program of ours made. */
const isOurs = (json) => typeof json?.error === 'string' && typeof json.code === 'string';

/** What a login gives that somebody has put in front: 401, 403, a way to a form, or the form. */
const isLogin = ({ status, type, ok, headers }) => status === 401 || status === 403
  || type === 'opaqueredirect' || (ok && /^text\/html\b/.test(headers.get('Content-Type') ?? ''));

function errorFrom(response, json) {
  const { status } = response;
  const requestId = response.headers.get('X-Request-Id') ?? '';
  if (!isOurs(json)) {
    if (isLogin(response)) {
      return new ApiError(words.api.login, {
        status, code: LOGIN, hint: words.api.loginHint + (status === 403 ? words.api.filter : ''),
      });
    }
    return new ApiError(words.api.noReason(status), {
      status, requestId, retryable: status >= 500, hint: words.api.noReasonHint,
    });
  }
  const { error, code, hint, reason, errors, request_id: id, retryable, retry_at: retryAt } = json;
  return new ApiError(error, {
    status, code, hint: hint ?? '', reason: reason ?? '', requestId: id ?? requestId,
    retryable: retryable === true, errors: errors ?? [], retryAt: retryAt ?? '', body: json,
  });
}

async function reach(url, options, signal) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  const end = () => limit.abort();
  signal?.addEventListener('abort', end, { once: true });
  try {
    const response = await fetch(url, { ...options, signal: limit.signal });
    return { response, text: await response.text() };
  } catch (cause) {
    if (signal?.aborted) throw new DOMException('left', 'AbortError');
    lost();
    throw new ApiError(words.offline, {
      code: 'offline', retryable: true, cause,
      hint: options.method === 'GET' ? words.api.offlineReading : words.api.offlineChanging,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Asks at one base: { response, json }, with `ours` where a program of ours answered. */
async function ask(base, path, { query, signal, ...options }) {
  const { response, text } = await reach(withQuery(addressOf(path, base), query), options, signal);
  const json = parsed(text);
  const ours = response.status === 304
    || (json !== null && typeof json === 'object' && (response.ok || isOurs(json)));
  if (ours) settle(base);
  return { response, text, json, ours };
}

/** The reply. Where the programs are is found out once, by something to be read. */
async function replyTo(path, options) {
  const first = await ask(here(), path, options);
  const other = !first.ours && options.method === 'GET' && otherwise();
  if (!other) return first;
  const second = await ask(other, path, options).catch(() => first);
  return second.ours ? second : first;
}

/** The setup page's address; whether it is needed, by an error or as health says. */
export const setupAddress = () => addressOf('setup').href;
export const needsSetup = (error) => error?.code === 'config_missing';
export async function isUnset() {
  const { response, ours } = await replyTo('health', { method: 'GET', ...CAREFUL });
  return ours && response.headers.get('X-Setup') === 'required';
}

// Answers as they were seen last, by their address: what is the same again is the
// same object, so that nothing need be drawn anew. Nobody changes what is in them.
const SEEN_MOST = 40;
const seen = new Map(); // { key, tag, text, json }

function keep(name, { response, text, json }) {
  const before = seen.get(name);
  const key = getKey();
  const same = before?.text === text && before.key === key;
  seen.delete(name);
  seen.set(name, { key, text, tag: response.headers.get('ETag'), json: same ? before.json : json });
  if (seen.size > SEEN_MOST) seen.delete(seen.keys().next().value);
  return seen.get(name).json;
}

/** Whether it was our key that was refused, and not by a login of the web server's. */
export const isRefused = ({ status, code }) => status === 401 && code !== LOGIN;

/** The headers of a call; `before` is the answer that is known. */
function headersOf({ key, once, body, before }) {
  const headers = { Accept: 'application/json' };
  if (key) headers['X-API-Key'] = key;
  if (once) headers['Idempotency-Key'] = once;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (before?.tag && before.key === key) headers['If-None-Match'] = before.tag;
  return headers;
}

/**
 * One call; gives the reply's JSON, throws an ApiError, or an AbortError when
 * `signal` ends it. `once` is an idempotency key, `key` another key than ours;
 * with `keepalive` it goes on when the page is left.
 */
export async function call(method, path, options = {}) {
  const { body, query, signal, once, keepalive, key = getKey() } = options;
  const name = method === 'GET' && key === getKey() ? withQuery(addressOf(path), query).href : '';
  const before = seen.get(name);
  const reply = await replyTo(path, {
    method, query, signal, headers: headersOf({ key, once, body, before }), keepalive, ...CAREFUL,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const { response, json } = reply;
  if (response.status === 304 && before) return before.json;
  if (response.ok && json !== null) {
    if (method !== 'GET' && !query?.dry_run) gate.dispatchEvent(new Event('changed'));
    return name ? keep(name, reply) : json;
  }
  const error = errorFrom(response, json);
  if (isRefused(error) && key === getKey()) {
    gate.dispatchEvent(new CustomEvent('refused', { detail: error }));
  }
  throw error;
}

/** GET, with a query. */
export const get = (path, query, signal) => call('GET', path, { query, signal });

/** POST, with an idempotency key unless `once` is null. */
export const post = (path, body, { once = newIdempotencyKey(), ...more } = {}) =>
  call('POST', path, { body: body ?? {}, once, ...more });

/** PATCH. */
export const patch = (path, body) => call('PATCH', path, { body });

/** DELETE. */
export const remove = (path) => call('DELETE', path);

/** Whether a call was only given up because the person went elsewhere. */
export const isLeft = (error) => error?.name === 'AbortError';
