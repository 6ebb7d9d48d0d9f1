// X, played over HTTP for tests: OAuth 2.0 with PKCE, posts, timelines, rate
// limits, and faults on demand.
//
//   const x = await startFakeX({ clientId: 'app', clientSecret: 's' });
//   const alice = x.addUser({ username: 'alice' });
//   const { access_token } = x.grant(alice);
//   x.fault({ match: { path: '/2/tweets' }, cut: 'after-processing' });
//   … x.arrivals('hello'), x.posted('hello'), x.requests, x.posts …
//   await x.close();

import http from 'node:http';
import http2 from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

import { control } from './control.mjs';
import { addFault, replacement, spoil, strike } from './faults.mjs';
import { addPost } from './posts.mjs';
import { answer, dressed } from './routes.mjs';
import { State, USUAL_SCOPE } from './state.mjs';
import { cut, readBody, send, sendBadly } from './transport.mjs';

export { newProblems, problem, problemNames, problems } from './problems.mjs';
export { snowflakeAt, snowflakeTime } from './snowflake.mjs';
export { shown } from './text.mjs';

const FORM = 'application/x-www-form-urlencoded';

function recordOf(state, req) {
  const url = new URL(req.url, 'http://fake');
  return {
    n: state.requests.length,
    method: req.method,
    path: url.pathname,
    query: url.searchParams,
    headers: { ...req.headers },
    httpVersion: req.httpVersion,
    body: null,
    at: Date.now(),
    endedAt: null,
    status: null, // null: never answered
    outcome: 'open', // then answered, cut or silent
    ...ownerFields(state, { authorization: req.headers.authorization }),
  };
}

function ownerFields(state, clues) {
  const user = state.ownerOf(clues);
  return { user: user?.username ?? null, userId: user?.id ?? null };
}

function formOf(type, { body, json }) {
  if (type === FORM) return new URLSearchParams(body);
  const isObject = typeof json === 'object' && json !== null;
  return new URLSearchParams(isObject ? Object.entries(json).map(
    ([name, value]) => [name, String(value)]) : '');
}

function addBody(state, record, bytes) {
  record.body = bytes.toString('utf8');
  const type = (record.headers['content-type'] ?? '').split(';')[0].trim();
  try { record.json = JSON.parse(record.body); } catch { /* not JSON */ }
  record.form = formOf(type, record);
  const { form } = record;
  const { authorization } = record.headers;
  Object.assign(record, ownerFields(state, { authorization, form }));
}

function end(record, outcome, status = null) {
  record.outcome = outcome;
  record.status = status;
  record.endedAt = Date.now();
}

// The order of the steps is the order in which real faults strike.
async function struck(state, req, res, record, fault) {
  if (fault.cut === 'after-reading') return drop(req, res, record, fault);
  if (fault.delay) await sleep(fault.delay, undefined, { ref: false });
  await fault.released;
  const other = replacement(fault);
  const own = !other || fault.process ? processed(state, record) : null;
  if (fault.delayAnswer) await sleep(fault.delayAnswer, undefined, { ref: false });
  if (fault.cut === 'after-processing') return drop(req, res, record, fault);
  if (fault.silent) return end(record, 'silent');
  const given = spoil(other ? dressed(other) : own, fault);
  await sendBadly(req, res, given, fault);
  return end(record, 'answered', given.status);
}

const processed = (state, record) =>
  answer(state, { ...record, user: undefined });

function drop(req, res, record, fault) {
  end(record, 'cut');
  cut(req, res, fault.reset);
}

async function serve(x, req, res) {
  const { state } = x;
  const record = recordOf(state, req);
  if (record.path.startsWith('/_fake/')) {
    addBody(state, record, await readBody(req));
    return send(res, dressed(await control(x, record)));
  }
  state.requests.push(record);
  const early = strike(state, record, true);
  if (early) return drop(req, res, record, early);
  addBody(state, record, await readBody(req));
  const fault = strike(state, record, false);
  if (fault) return struck(state, req, res, record, fault);
  const given = processed(state, record);
  send(res, given);
  return end(record, 'answered', given.status);
}

function makeServer({ key, cert }, handler) {
  return key
    ? http2.createSecureServer({ key, cert, allowHTTP1: true }, handler)
    : http.createServer(handler);
}

// Silent faults leave sockets open, and close() must not wait for them.
function track(server) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  return sockets;
}

export async function startFakeX({
  port = 0, host = '127.0.0.1', key, cert, publicHost = host, now,
  clientId = 'test-client', clientSecret = 'test-secret', redirectUris = [],
  ...settings
} = {}) {
  const state = new State(settings, now);
  state.addClient({ id: clientId, secret: clientSecret, redirectUris });
  const x = new FakeX(state, { clientId, clientSecret });
  const server = makeServer({ key, cert }, (req, res) => {
    res.on('error', () => {});
    if (now) res.setHeader('date', new Date(now()).toUTCString());
    serve(x, req, res).catch((fault) => {
      if (!res.headersSent) send(res, dressed({ status: 500, body: `fake: ${fault.stack}` }));
    });
  });
  const sockets = track(server);
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  x.port = server.address().port;
  x.url = `${key ? 'https' : 'http'}://${publicHost}:${x.port}`;
  x.close = () => new Promise((resolve) => {
    server.close(resolve);
    for (const socket of sockets) socket.destroy();
  });
  return x;
}

export class FakeX {
  constructor(state, { clientId, clientSecret }) {
    Object.assign(this, { state, clientId, clientSecret });
  }

  get authorizeUrl() { return `${this.url}/i/oauth2/authorize`; }

  get requests() { return this.state.requests; }

  get posts() { return this.state.posts; }

  get settings() { return this.state.settings; }

  addClient(client) { return this.state.addClient(client); }

  registerRedirect(uri, clientId = this.clientId) {
    this.state.clients.get(clientId).redirectUris.add(uri);
  }

  addUser(user) { return this.state.addUser(user); }

  /** Tokens without the consent page. */
  grant(user, { scope = USUAL_SCOPE, expires_in, clientId = this.clientId } = {}) {
    return this.state.newGrant({
      user: this.state.user(user), scope, clientId, expiresIn: expires_in,
    });
  }

  /** The person's access tokens run out now; refreshing still works. */
  expire(user) { this.state.expire(this.state.user(user)); }

  /** The person takes the app's access away. */
  revoke(user) { this.state.revoke(this.state.user(user)); }

  fault(spec) { return addFault(this.state, spec); }

  clearFaults() { this.state.faults = []; }

  /** Forgets people, posts, requests and faults. */
  reset() { this.state.clear(); }

  /** A post the person made elsewhere. */
  postAs(user, text, more = {}) {
    return addPost(this.state, this.state.user(user), { text, ...more });
  }

  /** Requests that match { method, path, user }. */
  find({ method, path, user } = {}) {
    return this.requests.filter((r) => (!method || r.method === method)
      && (!path || (path instanceof RegExp ? path.test(r.path) : r.path === path))
      && (!user || r.user === (user.username ?? user)));
  }

  count(filter) { return this.find(filter).length; }

  /** How often a request to post this text came in whole, whatever became of it. */
  arrivals(text) {
    return this.find({ method: 'POST', path: '/2/tweets' })
      .filter((r) => r.json?.text === text).length;
  }

  /** The posts made of this text. */
  posted(text) { return this.posts.filter((post) => post.sent === text); }

  /** The consent page's buttons without a browser: where the person is sent. */
  async decide(authUrl, user, decision) {
    const form = new URLSearchParams(new URL(authUrl).search);
    if (user !== undefined) form.set('user', this.state.user(user).id);
    form.set('decision', decision);
    const reply = await answer(this.state, {
      method: 'POST',
      path: '/i/oauth2/authorize',
      query: new URLSearchParams(),
      headers: { 'content-type': FORM },
      form,
    });
    if (reply.status !== 302) throw new Error(`X shows: ${reply.body}`);
    return reply.headers.location;
  }

  consent(authUrl, user) { return this.decide(authUrl, user, 'allow'); }

  deny(authUrl) { return this.decide(authUrl, undefined, 'deny'); }
}
