// Which call is which, who may make it, and what stands around its answer.

import { randomBytes } from 'node:crypto';

import {
  authorizeDecision, authorizePage, revokeEndpoint, tokenEndpoint,
} from './oauth.mjs';
import {
  createPost, deletePost, lookUpPost, lookUpPosts, timeline, usersMe,
} from './posts.mjs';
import { problem } from './problems.mjs';
import { countCall } from './rate.mjs';

const READ = ['tweet.read', 'users.read'];
const WRITE = ['tweet.read', 'tweet.write', 'users.read'];
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

// [method, path, handler, scopes (none: no bearer token), type of its body]
const ROUTES = [
  ['GET', '/i/oauth2/authorize', authorizePage, null, null],
  ['POST', '/i/oauth2/authorize', authorizeDecision, null, FORM],
  ['POST', '/2/oauth2/token', tokenEndpoint, null, FORM],
  ['POST', '/2/oauth2/revoke', revokeEndpoint, null, FORM],
  ['GET', '/2/users/me', usersMe, READ, null],
  ['GET', '/2/users/:id/tweets', timeline, READ, null],
  ['POST', '/2/tweets', createPost, WRITE, JSON_TYPE],
  ['GET', '/2/tweets', lookUpPosts, READ, null],
  ['GET', '/2/tweets/:id', lookUpPost, READ, null],
  ['DELETE', '/2/tweets/:id', deletePost, WRITE, null],
].map(([method, path, handler, scopes, type]) => ({
  name: `${method} ${path}`, method, pattern: patternOf(path), handler, scopes, type,
}));

function patternOf(path) {
  return new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

function routeOf(request) {
  for (const route of ROUTES) {
    const found = route.pattern.exec(request.path);
    if (found && route.method === request.method) {
      return { route, params: { ...found.groups } };
    }
  }
  return null;
}

const blank = (status, title) =>
  ({ status, body: { title, detail: title, type: 'about:blank', status } });

function bodyFault(route, request) {
  if (route.type === null) return null;
  const given = (request.headers['content-type'] ?? '').split(';')[0].trim();
  // The docs ask for a form, but X's token endpoint takes JSON from clients too.
  const alsoTaken = route.handler === authorizeDecision ? FORM : JSON_TYPE;
  if (![route.type, alsoTaken].includes(given.toLowerCase())) return blank(415, 'Unsupported Media Type');
  if (route.type === JSON_TYPE && request.json === undefined) {
    return problem('invalidRequest');
  }
  return null;
}

/** The answer, and its rate headers, as X would give it. */
function handle(state, request) {
  const found = routeOf(request);
  if (!found) {
    return blank(404, 'Not Found');
  }
  const { route, params } = found;
  request.params = params;
  if (route.scopes === null) {
    return bodyFault(route, request) ?? route.handler(state, request);
  }
  const bearer = state.bearer(request.headers.authorization);
  if (!bearer) return problem('unauthorized');
  const rate = countCall(state, route.name, bearer.user);
  const answer = authorized(state, request, route, { ...bearer, rate });
  if (!state.settings.rateHeaders) return answer;
  return { ...answer, headers: { ...rate.headers, ...answer.headers } };
}

function authorized(state, request, route, { user, scopes, rate }) {
  const { generation } = state.settings;
  if (rate.over) return problem('tooManyRequests', generation);
  if (!route.scopes.every((scope) => scopes.has(scope))) {
    return problem('forbidden', generation);
  }
  request.user = user;
  return bodyFault(route, request) ?? route.handler(state, request);
}

/** Plays X for one request: { status, headers, body } with body as text. */
export function answer(state, request) {
  return dressed(handle(state, request));
}

/** Adds what every answer of X carries and turns objects into text. */
export function dressed({ status, body = '', headers = {} }) {
  const isText = typeof body === 'string';
  return {
    status,
    body: isText ? body : JSON.stringify(body),
    headers: {
      'content-type': isText && !/^[{[]/.test(body)
        ? 'text/plain' : 'application/json; charset=utf-8',
      'x-transaction-id': randomBytes(8).toString('hex'),
      'api-version': '2.164',
      'x-access-level': 'read-write',
      ...headers,
    },
  };
}
